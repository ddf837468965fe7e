"""C30: the texts of one message must not say different numbers or places; saying less is no difference."""

from dataclasses import replace
from typing import Any

import pytest

from comms.rules.checking import check_agreement, checks, gate
from comms.rules.checking.draft import Draft, Known
from comms.rules.checking.recorded import Recorded
from mim_portal.lib.findings import WARNING, Finding
from tests.comms.rules import kit

SITES = ("Dublin", "Edinburgh", "London", "Leeds")
RECORD = Recorded(who="store staff", count="about 1,200", where="Ireland and Scotland", not_affected="England")
CORE = "About 1,200 staff in Dublin and Edinburgh cannot submit timesheets. London is not affected."


def texts(core: str, own: str, *, record: Recorded | None = RECORD, **change: Any) -> dict[str, Draft]:
    subject = "staff cannot submit timesheets"
    said = kit.draft(subject=subject, known=Known(sites=SITES), recorded=record, **change)
    return {
        "": replace(said, body=core, audiences=("end_users", "public")),
        "executives": replace(said, body=own, audiences=("executives",)),
    }


def found(core: str, own: str, **change: Any) -> list[Finding]:
    return list(check_agreement.between(texts(core, own, **change)))


@pytest.mark.parametrize(
    ("core", "own"),
    [
        (CORE, CORE),
        (CORE, "Staff cannot submit timesheets."),
        (CORE, "About 1,200 staff cannot submit timesheets."),
        (CORE, "Twelve hundred staff cannot submit timesheets."),
        (CORE, "1,187 store staff cannot submit timesheets in Dublin."),
        (CORE, "Staff in Edinburgh cannot submit timesheets."),
        (CORE, "About 300 staff in Dublin cannot submit timesheets."),  # a part of the places, a part of the people
        ("About 300 staff in Dublin cannot submit timesheets.", CORE),
        ("About 300 staff in Dublin cannot submit; all 1,200 are told.", "About 300 staff cannot submit timesheets."),
        ("Staff in Dublin cannot submit timesheets.", "Staff in Ireland cannot submit timesheets."),
        ("Staff in Dublin cannot submit timesheets.", "Staff in Ireland and Scotland cannot submit timesheets."),
        ("London is not affected.", "Leeds is not affected."),
        ("It was 900 staff, now it is 1,200 staff.", "1,200 staff cannot submit timesheets."),
        ("64 stores cannot submit timesheets.", "1,200 staff cannot submit timesheets."),
        ("900 claims a day cannot be filed.", "400 claims an hour cannot be filed."),
        ("Next update in 30 minutes. Two teams are on it.", "Next update in 60 minutes. Five teams are on it."),
        ("Since 09:10 (UTC+0) staff cannot submit.", "Since 09:15 (UTC+0) staff cannot submit."),
        ("Update 2. Call +353 1 555 0100.", "Update 3. Call +353 1 555 0199."),
        ("40% of stores cannot submit.", "60% of orders are late."),
        ("We said that Leeds is affected. That was wrong.", "Leeds is not affected."),
        (
            "Staff in Dublin cannot submit it, Leeds is not affected.",
            "Staff in Leeds cannot submit timesheets.",
        ),
        ("Dublin works again.", "London has lunch."),
    ],
)
def test_texts_that_agree(core: str, own: str) -> None:
    assert found(core, own) == []


@pytest.mark.parametrize(
    ("core", "own", "marked", "words"),
    [
        (
            "About 300 staff cannot submit timesheets.",
            "Some 1,200 staff cannot submit timesheets.",
            ["Some 1,200"],
            "The text for Executives says Some 1,200, the one for everybody else says About 300. Make them agree,",
        ),
        (CORE, "It stops 64 shops; 2,400 of them are staff.", ["2,400"], "says 2,400, the one for everybody else"),
        (CORE, "Affected: 400 staff in Dublin and Edinburgh.", ["400"], "says 400"),
        ("64 stores cannot open.", "46 stores cannot open.", ["46"], "says 46, the one for everybody else says 64."),
        ("140 flights are late.", "190 flights are late.", ["190"], "says 190"),
        ("It costs EUR 180,000.", "It costs EUR 810,000.", ["810,000"], "says 810,000"),
        ("40% of stores cannot open.", "60% of our stores cannot open.", ["60%"], "says 60%"),
        ("40% cannot submit.", "60% cannot submit.", ["60%"], "says 60%"),
        (
            "Staff in Dublin cannot submit timesheets.",
            "Staff in Leeds cannot submit timesheets.",
            ["Leeds"],
            "The text for Executives says Leeds, the one for everybody else says Dublin.",
        ),
        (
            "Staff in Dublin and Edinburgh cannot submit timesheets.",
            "Staff in Dublin and Leeds cannot submit timesheets.",
            ["Leeds"],
            "says Leeds, the one for everybody else says Edinburgh.",
        ),
        ("Staff in Ireland cannot submit.", "Staff in Scotland cannot submit.", ["Scotland"], "says Scotland"),
        (CORE, "Staff in London cannot submit.", ["London"], "says that London is affected, the one for everybody else"
         " that is not. Say the same in both."),
        (CORE, "Dublin is not affected.", ["Dublin"], "says that Dublin is not affected, the one for everybody else"
         " that it is."),
    ],
)  # fmt: skip
def test_texts_that_differ(core: str, own: str, marked: list[str], words: str) -> None:
    said = found(core, own)
    assert [each.text.strip() for each in said] == marked
    assert words in said[0].message
    for each in said:
        assert own[each.start : each.end] == each.text
        assert (each.code, each.rule, each.severity) == ("C30", "inconsistent_between_audiences", WARNING)
        assert (each.field, each.audience) == ("body", "executives")


def test_the_other_texts_words_are_offered_as_they_fit() -> None:
    (said,) = found("Nearly all: about 300 staff.", "About 1,200 staff cannot submit.")
    assert said.suggestions == ("About 300",)
    (said,) = found("Staff in Dublin cannot submit.", "Staff in Leeds cannot submit.")
    assert said.suggestions == ("Dublin",)


def test_each_text_is_held_against_the_first_that_speaks_of_it() -> None:
    made = texts("It is being mended.", "1,200 staff cannot submit timesheets.")
    made["store_leads"] = replace(made[""], body="300 staff cannot submit timesheets.", audiences=("store_leads",))
    (said,) = check_agreement.between(made)
    assert said.audience == "store_leads"
    assert said.message.startswith("The text for Store leads says 300, the one for Executives says 1,200.")


def test_the_core_text_is_called_by_its_only_readers() -> None:
    made = texts("300 staff cannot submit.", "1,200 staff cannot submit.")
    made[""] = replace(made[""], audiences=("end_users",))
    (said,) = check_agreement.between(made)
    assert "the one for End users says 300." in said.message


def test_a_subject_of_its_own_counts_and_a_shared_one_does_not() -> None:
    made = texts("It is being mended.", "It is being mended.")
    made[""] = replace(made[""], subject="300 staff cannot submit timesheets")
    made["executives"] = replace(made["executives"], subject="1,200 staff cannot submit timesheets")
    (said,) = check_agreement.between(made)
    assert (said.field, said.start, said.text) == ("subject", 0, "1,200")
    same = {code: replace(each, subject="300 staff cannot submit") for code, each in made.items()}
    assert list(check_agreement.between(same)) == []


def test_without_a_record_and_without_a_second_text() -> None:
    assert [each.text for each in found("300 staff wait.", "900 staff wait.", record=None)] == ["900"]
    assert list(check_agreement.between({"": texts(CORE, CORE)[""]})) == []


def test_it_joins_the_checks_and_stops_nothing() -> None:
    made = texts(CORE, "About 2,400 staff cannot submit timesheets.", record=None)
    said = [each for each in checks.check_all(made[""], made, now=kit.NOW) if each.code == "C30"]
    assert len(said) == 1
    assert gate.blocking(said, kind="update", send_now=False) == ()
