"""What a message of each kind must say (C28) and what its readers do (C19): domain.md 4.1, cell by cell."""

from dataclasses import replace
from typing import Any

import pytest

from comms.choices import FAST_KINDS, UpdateKind
from comms.rules.checking.wording import check_content, check_registers
from comms.rules.checking.wording.check_content import TABLE, Asked, Element
from tests.comms.rules.kit import BODIES, BODY, OVER, draft

# A text that says nothing of any element.
BARE = "Payroll: timesheets."
SAYS = {
    Element.DOING: "Our engineers are moving the load.",
    Element.WATCHING: "We are watching it.",
    Element.ACTION: "Use the paper form.",
    Element.HELP: "Call the service desk.",
    Element.DURATION: "It lasted 40 minutes.",
    Element.DATA: "We have found no data loss so far.",
    Element.APOLOGY: "We are sorry.",
    Element.CAUSE: "The review is out on Friday.",
    Element.CONTACT: "Mia Torres takes over.",
    Element.WRONG: "We said that all stores are affected.",
}
MUST = [(kind, element) for kind, row in TABLE.items() for element, asked in row.items() if asked is Asked.MUST]


def rules(**change: Any) -> list[str]:
    return [finding.rule for finding in check_content.content(draft(**change))]


def test_every_kind_has_its_row() -> None:
    assert set(TABLE) == set(UpdateKind)


@pytest.mark.parametrize(("kind", "element"), MUST)
def test_what_is_missing_is_said_once_and_what_is_there_is_not(kind: str, element: Element) -> None:
    assert rules(kind=kind, body=BARE).count(element.value) == 1
    assert element.value not in rules(kind=kind, body=f"{SAYS[element]} {BARE}")


@pytest.mark.parametrize("kind", ["holding", "update", "workaround", "handover", "downgrade"])
def test_an_apology_waits_for_the_end(kind: str) -> None:
    [found] = [
        each for each in check_content.content(draft(kind=kind, body=BODY + " We are sorry.")) if "no_" in each.rule
    ]
    assert (found.rule, found.text, found.severity) == ("no_apology", "sorry", "advice")


@pytest.mark.parametrize("kind", UpdateKind.values)
def test_only_a_correction_without_its_wrong_stops(kind: str) -> None:
    found = list(check_content.content(draft(kind=kind, body=BARE)))
    assert [each.rule for each in found if each.severity == "error"] == (["wrong"] if kind == "correction" else [])
    rest = {each.severity for each in found if each.rule != "wrong"}
    assert rest == ({"advice"} if kind in {"initial", "holding"} else {"warning"})


@pytest.mark.parametrize(
    "line",
    [
        "At 10:05 (UTC+0) we said Cork; right is Dublin.",
        "Our last message was wrong: the stores in Cork can pay.",
        "It is Dublin, not Cork, but only the tills.",
        "Dublin should have read Cork.",
        "Read Cork instead of Dublin.",
        "Dublin → Cork",
        "It is Dublin, not Cork.",
    ],
)
def test_what_was_wrong_can_be_said_in_many_ways(line: str) -> None:
    assert "wrong" not in rules(kind="correction", body=f"{line} {BARE}")


def test_a_correction_that_owns_up_without_saying_what_was_wrong_only_warns() -> None:
    found = check_content.content(draft(kind="correction", body="It is the other shop. We are sorry."))
    assert [each.severity for each in found if each.rule == "wrong"] == ["warning"]


def test_a_correction_begins_with_it() -> None:
    assert "wrong_first" not in rules(kind="correction", body=BODIES["correction"])
    [found] = [
        each
        for each in check_content.content(draft(kind="correction", body=BODY + "\n\nWe said Cork; right is Dublin."))
        if each.rule == "wrong_first"
    ]
    assert (found.code, found.severity) == ("C28", "warning")


@pytest.mark.parametrize(
    ("audiences", "kind", "body", "absent"),
    [
        (("technical",), "update", BARE, {"reader_action", "help"}),
        (("technical",), "restored", BARE, {"reader_action", "help", "apology", "duration", "data"}),
        (("service_desk",), "restored", BARE, {"reader_action", "help", "apology"}),
        (("executives",), "update", BARE, {"reader_action", "help"}),
        (("our_own",), "restored", BARE, {element.value for element in Element}),
    ],
)
def test_each_reader_is_spared_what_they_do_not_need(
    audiences: tuple[str, ...], kind: str, body: str, absent: set[str]
) -> None:
    assert not absent & set(rules(audiences=audiences, kind=kind, body=body))


@pytest.mark.parametrize(
    "sentence",
    [
        "Use the paper form.",
        "Please keep your hours on paper.",
        "You do not need to do anything.",
        "No action is needed.",
        "Until then, write the hours on paper.",
        "If a till fails, restart it.",
        "- Restart the till",
        "Do not restart the till.",
        "You can carry on.",
    ],
)
def test_what_tells_the_reader_what_to_do(sentence: str) -> None:
    assert "reader_action" not in rules(body=f"Tills in Cork do not open. {sentence}")


@pytest.mark.parametrize(
    "sentence", ["Use of the tills is slow.", "Staff report it.", "Work continues.", "The tills are watched."]
)
def test_what_does_not(sentence: str) -> None:
    assert "reader_action" in rules(body=f"Tills in Cork do not open. {sentence}")


def test_sentences_to_insert_stand_at_the_end_and_say_what_was_missing() -> None:
    for kind, _element in MUST:
        body = BARE + " \n"
        for found in check_content.content(draft(kind=kind, body=body)):
            if found.suggestions:
                assert found.start == found.end == len(BARE)
                mended = body[: found.start] + found.suggestions[0] + body[found.start :]
                assert found.rule not in rules(kind=kind, body=mended), mended


def test_sentences_take_what_the_record_knows() -> None:
    restored = {each.rule: each for each in check_content.content(draft(kind="restored", body=BARE))}
    assert restored["watching"].suggestions == (" We are watching it until 10:30 (UTC+0).",)
    final = check_content.content(draft(kind="restored", body=BARE, next_update_at=None))
    assert [each.suggestions for each in final if each.rule == "watching"] == [(" We are watching it.",)]
    handover = {each.rule: each for each in check_content.content(draft(kind="handover", body=BARE))}
    assert handover["contact"].suggestions == (" Mia Torres manages this incident now: +353 1 555 0100.",)


def test_an_unknown_manager_is_not_made_up() -> None:
    known = draft().known
    found = check_content.content(draft(kind="handover", body=BARE, known=type(known)()))
    assert [each.suggestions for each in found if each.rule == "contact"] == [()]


@pytest.mark.parametrize("change", [{"body": "  \n"}, {"body": "Die Kassen sind aus.", "language": "de-DE"}])
def test_nothing_is_said_of_nothing_nor_of_another_language(change: dict[str, Any]) -> None:
    assert rules(**change) == []
    assert list(check_registers.register(draft(audiences=("executives",), **change))) == []


def test_good_messages_of_each_kind_say_all() -> None:
    assert rules() == rules(kind="restored", body=OVER) == rules(kind="closure", body=OVER) == []


@pytest.mark.parametrize(
    ("audience", "body", "expected"),
    [
        ("technical", BARE, ["conditions", "needs"]),
        ("technical", "Latency 4 s on the gateway. Network: please look at the firewall by 10:30 (UTC+0).", []),
        ("service_desk", BARE, ["desk_script"]),
        ("service_desk", "Tell callers to use the paper form.", []),
        ("service_owners", BARE, ["decision"]),
        ("service_owners", "No decision needed.", []),
        ("executives", BARE, ["size", "decision"]),
        ("executives", "1,200 staff. No decision needed.", []),
        ("end_users", BARE, []),
        ("our_own", BARE, []),
    ],
)
def test_each_audience_hears_what_it_looks_for_first(audience: str, body: str, expected: list[str]) -> None:
    found = list(check_registers.register(draft(audiences=(audience,), body=body)))
    assert [each.rule for each in found] == expected
    assert {(each.code, each.severity) for each in found} <= {("C29", "advice")}


def test_a_text_for_several_or_about_the_end_has_no_one_register() -> None:
    assert list(check_registers.register(draft(audiences=("executives", "technical"), body=BARE))) == []
    assert list(check_registers.register(draft(audiences=("executives",), kind="closure", body=BARE))) == []


ADDED = [(kind, element) for kind in UpdateKind.values for element in check_content.may_require(kind)]


@pytest.mark.parametrize(("kind", "element"), ADDED)
def test_what_the_organisation_adds_to_a_kind_advises(kind: str, element: Element) -> None:
    asked = replace(draft().known, required_parts=frozenset({(kind, element.value)}))
    before = rules(kind=kind, body=BARE)
    assert element.value not in before
    (found,) = [
        one for one in check_content.content(draft(kind=kind, body=BARE, known=asked)) if one.rule not in before
    ]
    assert (found.rule, found.severity) == (element.value, "advice" if kind in FAST_KINDS else "warning")
    assert element.value not in rules(kind=kind, body=f"{SAYS[element]} {BARE}", known=asked)
    other = next(one for one in UpdateKind.values if one != kind)
    assert rules(kind=other, body=BARE, known=asked) == rules(kind=other, body=BARE)


def test_what_cannot_be_added() -> None:
    """What is asked for already, an apology before the end, a cause that nobody confirmed, and what is no kind."""
    for kind, row in TABLE.items():
        assert not set(row) & set(check_content.may_require(kind))
        assert not {Element.APOLOGY, Element.CAUSE, Element.WRONG} & set(check_content.may_require(kind))
    assert check_content.may_require("poem") == ()
    asked = replace(draft().known, required_parts=frozenset({("update", "apology"), ("update", "rhyme")}))
    assert rules(kind="update", body=BARE, known=asked) == rules(kind="update", body=BARE)
