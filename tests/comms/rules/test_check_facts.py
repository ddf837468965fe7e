"""C08, C11, C15 and C25: what a message says of the impact, against the record."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comms.rules.checking import check_impact, gate
from comms.rules.checking.draft import Draft, Known
from comms.rules.checking.numbers import check_numbers
from comms.rules.checking.places import check_places
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.services import check_identity, check_service
from comms.rules.checking.times import check_since
from mim_portal.lib.findings import Finding
from tests.comms.rules import kit

RECORD = Recorded(
    service="Payroll",
    who="store staff",
    activity="cannot submit timesheets",
    count="about 1,200",
    where="Ireland and Scotland",
    not_affected="England",
    workaround="The paper form works.",
    other_texts=(
        "headcount of both sites, 64 stores",
        "payroll closes 12:00 (UTC+0)",
        "Staff cannot submit timesheets",
    ),
    since=datetime(2026, 11, 23, 9, 10, tzinfo=UTC),
    priority="P1",
    former_priorities=frozenset({"P2"}),
    reference="MI-2026-0042",
    linked_references=frozenset({"MI-2026-0041"}),
    as_of=kit.NOW - timedelta(minutes=5),
    interval=timedelta(minutes=30),
)
BERLIN = ZoneInfo("Europe/Berlin")


def draft(text: str = kit.BODY, *, record: dict[str, Any] | None = None, **change: Any) -> Draft:
    facts = {name: getattr(RECORD, name) for name in RECORD.__slots__} | (record or {})
    return kit.draft(body=text, recorded=Recorded(**facts), **change)


def brief(found: Any) -> list[tuple[str, str, str]]:
    return [(each.severity, each.rule, each.text.strip()) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (kit.BODY, []),
        ("Twelve hundred store staff cannot submit timesheets.", []),
        ("1,187 staff are affected.", []),
        ("Staff affected: 900.", [("error", "count", "900")]),
        ("Affected: 900.", [("error", "count", "900")]),
        ("Sites affected: 64.", []),
        ("Some 9,000 travellers cannot submit.", [("error", "count", "Some 9,000")]),
        ("Some 600 people cannot submit timesheets.", [("error", "count", "Some 600")]),
        ("About 12,000 store staff cannot submit.", [("error", "count", "About 12,000")]),
        ("About two thousand employees are affected.", [("error", "count", "About two thousand")]),
        ("Now about 1,200 staff are affected, down from 2,000 staff.", []),
        ("Earlier we said 2,000 staff.", [("error", "count", "2,000")]),
        ("64 stores are affected.", []),
        ("70 stores are affected.", [("error", "count", "70")]),  # the record knows of 64
        ("12 stores are open again.", [("warning", "unknown_number", "12")]),
        ("The number is now 2,000.", [("error", "count", "2,000")]),
        ("About 300 of them are in Ireland.", [("error", "count", "About 300")]),
        ("40 % of forms fail.", [("warning", "unknown_number", "40 %")]),
        ("The rollback is 80 % complete.", []),
        ("We look again in 15 minutes, at 10:30 (UTC+0).", []),
        ("Call +353 1 555 0199 or use version 4.2, step 3.", []),
        ("1. Open the form.\n2. Send it.", []),
        ("On 24 November 2026 the review follows.", []),
        ("Two engineers work on it.", []),
        ("The desk confirmed it with three of them.", []),
        ("Three people tried it.", []),
        ("Some 600 people have tried it.", [("error", "count", "Some 600")]),
        ("Still affected: 900 store staff.", [("error", "count", "900")]),
        ("900 of you were affected.", [("error", "count", "900")]),
        ("Between 400 and 1,300 staff are affected.", [("error", "count", "Between 400 and 1,300")]),
        ("Between 1,000 and 1,500 staff are affected.", []),
        ("About 900 staff an hour sign in elsewhere.", [("warning", "unknown_number", "About 900")]),
    ],
)
def test_c11_numbers(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert brief(check_numbers.numbers(draft(text), text)) == expected


def test_c11_a_number_in_a_correction_may_be_what_was_wrong() -> None:
    text = "We said that 2,000 staff are affected. Right is about 1,200 staff."
    assert not list(check_numbers.numbers(draft(text, kind="correction"), text))
    wrong = "We said that 2,000 staff are affected."
    assert len(list(check_numbers.numbers(draft(wrong, kind="correction"), wrong))) == 1


@pytest.mark.parametrize(
    ("count", "text", "expected"),
    [
        ("30 % of users", "30 % of users cannot sign in.", []),
        ("30 % of users", "60 % of users cannot sign in.", [("error", "count", "60 %")]),
        ("30 % of users", "Some 60 tills fail.", [("warning", "unknown_number", "Some 60")]),
        ("12 tills", "14 tills are offline.", [("error", "count", "14")]),
        ("12 tills", "14 staff are idle.", [("warning", "unknown_number", "14")]),
        ("", "14 staff are idle.", [("warning", "unknown_number", "14")]),
        ("", "About 30 store staff wait.", [("warning", "unknown_number", "About 30")]),
    ],
)
def test_c11_what_the_record_counts_is_compared(count: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert brief(check_numbers.numbers(draft(text, record={"count": count}), text)) == expected


def test_c11_the_right_number_is_offered_as_it_would_stand() -> None:
    first, inside = "600 staff cannot submit.", "Today some 600 staff cannot submit."
    assert next(iter(check_numbers.numbers(draft(first), first))).suggestions == ("about 1,200",)
    assert next(iter(check_numbers.numbers(draft(inside), inside))).suggestions == ("about 1,200",)
    capital = "Some 600 staff cannot submit."
    assert next(iter(check_numbers.numbers(draft(capital), capital))).suggestions == ("About 1,200",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (kit.BODY, []),
        ("Staff in Wales cannot submit timesheets.", [("error", "place", "Wales")]),
        ("Staff in Ireland and Wales cannot submit timesheets.", [("error", "place", "Wales")]),
        ("Dublin cannot submit timesheets.", [("error", "place", "Dublin")]),
        ("Staff in England cannot submit timesheets.", [("error", "unaffected_place", "England")]),
        ("Scotland is not affected.", [("error", "affected_place", "Scotland")]),
        ("England is not affected.", []),
        ("Staff in Ireland cannot submit, but England is not affected.", []),
        ("Staff in Ireland cannot submit; Scotland is not affected.", [("error", "affected_place", "Scotland")]),
        ("England is not affected and Ireland cannot submit.", []),
        ("Staff cannot submit in MyHR or in Payroll.", []),
        ("Staff cannot submit on Monday or in November.", []),
        ("Our team in Wales works on it.", []),
        ("Most store staff in Wales use the paper form.", [("error", "place", "Wales")]),
        ("Earlier we wrote that England is affected.", []),
        ("Staff in UTC cannot submit.", []),
        ("There are problems with timesheets in Wales.", [("error", "place", "Wales")]),
        ("There are no problems in England.", []),
        ("Our engineers in Wales are working on the problem.", []),
        ("Staff in Europe and Britain (Ireland and Scotland) cannot submit.", []),
        ("The form times out in Wales.", [("error", "place", "Wales")]),
        ("The form returns 503 in Wales.", [("error", "place", "Wales")]),
        ("Calls are not reaching staff in Wales.", [("error", "place", "Wales")]),
    ],
)
def test_c11_places(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert brief(check_places.places(draft(text), text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bag Drop in Terminal 1 is not working.", []),
        ("Bag Drop in Terminal 3 is not working.", [("error", "unaffected_place", "Terminal 3")]),
        ("The machines in Terminal 3 are still out; please queue.", [("error", "unaffected_place", "Terminal 3")]),
        ("Handing in bags in Terminal 2 is not possible.", [("error", "unaffected_place", "Terminal 2")]),
        ("Belts in Terminal 2 stand still.", [("error", "unaffected_place", "Terminal 2")]),
        ("No belts for 12 travellers in Terminal 2 today.", [("error", "unaffected_place", "Terminal 2")]),
        ("Terminal 1 is not affected.", [("error", "affected_place", "Terminal 1")]),
        ("Travellers in Terminal 4 wait long for bags.", [("error", "place", "Terminal 4")]),
        ("Flights leave from Terminal 2.", []),
    ],
)
def test_c11_places_with_a_number(text: str, expected: list[tuple[str, str, str]]) -> None:
    record = {
        "who": "travellers",
        "where": "Terminal 1",
        "not_affected": "Terminal 2 and Terminal 3",
        "activity": "wait long for bags",
    }
    assert brief(check_places.places(draft(text, record=record), text)) == expected


@pytest.mark.parametrize(
    ("count", "text", "expected"),
    [
        ("two of five lines", "Three of five paint lines stand still.", [("error", "count", "Three")]),
        ("two of five lines", "Two out of the five lines stand still.", []),
        ("two of five lines", "Three of nine stores are closed.", []),
        ("more than 7,500", "More than 75,000 staff of all 38 schools wait.", [("error", "count", "More than 75,000")]),
        ("about 1,200", "Three more people help 1,200 staff tonight.", []),
    ],
)
def test_c11_parts_of_a_whole_and_what_is_added(count: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    found = brief(check_numbers.numbers(draft(text, record={"count": count}), text))
    assert [each for each in found if each[0] == "error"] == expected


@pytest.mark.parametrize(
    ("where", "text", "offered"),
    [
        ("Ireland and Scotland", "Staff in England cannot submit.", ("Ireland and Scotland",)),
        ("Ireland and Scotland", "Staff in Ireland and England cannot submit.", ("Scotland",)),
        ("Ireland, Scotland and Wales", "Staff in Ireland and England cannot submit.", ("Scotland and Wales",)),
        ("Ireland and Scotland", "Staff in Ireland, Scotland and England cannot submit.", ()),
        ("Cork, Galway, Ireland and Wales", "Staff in Cork and England cannot submit.", ()),
    ],
)
def test_c11_for_a_place_that_is_well_stand_those_that_the_sentence_lacks(
    where: str, text: str, offered: tuple[str, ...]
) -> None:
    [finding] = check_places.places(draft(text, record={"where": where}), text)
    assert finding.suggestions == offered


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"where": "all stores"}, []),
        ({"where": "", "not_affected": ""}, []),
        ({"where": "the tills at the back"}, [("warning", "place", "Wales")]),
        ({"where": "Ireland", "not_affected": "", "other_texts": ("most of them in Wales",)}, []),
    ],
)
def test_c11_a_place_counts_against_places(record: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    text = "Staff in Wales cannot submit timesheets."
    assert brief(check_places.places(draft(text, record=record), text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Uploads fail in eu-west-1.", [("error", "place", "eu-west-1")]),
        ("Uploads fail in us-east-1.", []),
        ("1,200 staff (us-east-1, eu-west-1) wait for a minute.", [("error", "place", "eu-west-1")]),
        ("Staff in us-east-1 can ask eu-west-1 for a copy.", []),
    ],
)
def test_c11_sites_are_places_however_they_are_written(text: str, expected: list[tuple[str, str, str]]) -> None:
    known = Known(sites=("us-east-1", "eu-west-1"))
    written = draft(text, record={"where": "us-east-1", "not_affected": ""}, known=known)
    assert brief(check_places.places(written, text)) == expected


def test_c11_a_restored_message_says_for_whom() -> None:
    text = "Timesheets can be submitted again in Wales."
    assert brief(check_places.places(draft(text, kind="restored"), text)) == [("error", "place", "Wales")]
    assert brief(check_places.places(draft(text), text)) == []


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        (kit.BODY, {}, []),
        ("", {}, [("error", "empty", "")]),
        ("We work on it.", {}, [("error", "no_impact", "")]),
        ("We work on it.", {"kind": "holding"}, [("warning", rule, "") for rule in ("who", "activity", "since")]),
        ("We work on it.", {"audiences": ("technical",)}, [("warning", r, "") for r in ("who", "activity", "since")]),
        (
            "We work on it.",
            {"audiences": ("service_desk",)},
            [("warning", r, "") for r in ("who", "activity", "since")],
        ),
        ("Store staff cannot submit timesheets.", {}, [("warning", "since", "")]),
        ("Timesheets fail since 09:10 (UTC+0).", {}, [("warning", "who", "")]),
        ("It goes on for staff since 09:10 (UTC+0).", {}, [("warning", "activity", "")]),
        ("We work on it.", {"kind": "closure"}, []),
        ("We work on it.", {"kind": "correction"}, []),
        ("We work on it.", {"record": {"who": "", "activity": "", "since": None}}, []),
    ],
)
def test_c08_who_what_and_since_when(text: str, change: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    change = {"subject": "an update", **change}
    assert brief(check_impact.present(draft(text, **change))) == expected


def test_c08_says_what_the_record_has_where_somebody_is_left_out() -> None:
    text = "We work on it."
    [found] = check_impact.present(draft(text, subject="", record={"who": "", "activity": "submit", "since": None}))
    assert found.severity == "warning"
    [found] = check_impact.present(draft(text, subject=""))
    assert "store staff cannot submit timesheets" in found.message


def test_c08_the_record_answers_all_questions_from_the_second_message_on() -> None:
    lacking = {"lacking": ("Who is affected?",)}
    assert not list(check_impact.recorded_enough(draft(record=lacking)))
    [found] = check_impact.recorded_enough(draft(record=lacking, previous_body="Before."))
    assert (found.severity, found.rule) == ("warning", "record")
    assert "Who is affected?" in found.message
    assert not list(check_impact.recorded_enough(draft(record=lacking, previous_body="Before.", kind="closure")))


@pytest.mark.parametrize(
    ("kind", "severity"), [("update", "error"), ("workaround", "error"), ("holding", "warning"), ("initial", "warning")]
)
def test_c08_a_required_fact_stops_later_updates_alone(kind: str, severity: str) -> None:
    required = {"required": ("Who is affected?",)}
    assert not list(check_impact.recorded_enough(draft(record=required, kind=kind)))
    [found] = check_impact.recorded_enough(draft(record=required, previous_body="Before.", kind=kind))
    assert (found.code, found.severity, found.rule) == ("C08", severity, "required")
    assert bool(gate.blocking([found], kind=kind, send_now=False)) is (severity == "error")
    assert not gate.blocking([found], kind=kind, send_now=False, overrides={"C08": "The desk counts until ten."})


@pytest.mark.parametrize(
    ("text", "change", "is_asked"),
    [
        (kit.BODY, {}, False),
        ("Staff cannot submit.", {}, True),
        ("Staff cannot submit. The paper form works.", {}, False),
        ("Staff cannot submit. There is no workaround yet.", {}, False),
        ("Staff cannot submit.", {"kind": "initial"}, False),
        ("Staff cannot submit.", {"kind": "restored"}, False),
        ("", {}, False),
    ],
)
def test_c15_what_people_can_do_meanwhile(text: str, change: dict[str, Any], is_asked: bool) -> None:
    found = list(check_impact.workaround(draft(text, **change)))
    assert bool(found) is is_asked
    assert all(each.severity == "warning" and "The paper form works." in each.message for each in found)


def test_c15_says_so_where_there_is_none() -> None:
    [found] = check_impact.workaround(draft("Staff cannot submit.", record={"workaround": ""}))
    assert "There is no workaround yet." in found.message


@pytest.mark.parametrize(
    ("minutes", "change", "is_stale"),
    [
        (30, {}, False),
        (31, {}, True),
        (31, {"kind": "restored"}, False),
        (31, {"record": {"interval": None}}, False),
    ],
)
def test_c25_the_impact_was_looked_at_within_an_interval(minutes: int, change: dict[str, Any], is_stale: bool) -> None:
    record = {"as_of": kit.NOW - timedelta(minutes=minutes), **change.pop("record", {})}
    found = list(check_impact.fresh(draft(record=record, **change), now=kit.NOW))
    assert bool(found) is is_stale
    assert all(each.severity == "warning" for each in found)


def everything(made: Draft, text: str) -> list[Finding]:
    return [
        *check_numbers.numbers(made, text),
        *check_places.places(made, text),
        *check_since.since(made, text),
        *check_identity.priority(made, text),
        *check_identity.reference(made, text),
        *check_service.service(made, text),
        *check_impact.present(made),
        *check_impact.recorded_enough(made),
        *check_impact.workaround(made),
        *check_impact.fresh(made, now=kit.NOW),
    ]


def test_without_a_record_nothing_is_compared() -> None:
    text = "600 people in Wales cannot submit since 08:10, P3, MI-2026-0099, MyHR is down."
    assert not everything(kit.draft(body=text, recorded=None), text)


WORDS = st.sampled_from(
    [
        *("about", "600", "1,200", "twelve hundred", "%", "people", "staff", "in", "Wales", "and", "Ireland", "cannot"),
        *("since", "08:10", "(UTC+0)", "not affected", "P3", ".", ",", "\n", "MI-2026-0099", "MyHR", "down", "but"),
        *("now", "was", "—", "🙂", "\u200f", "٣", "½", "9999999999999999999", "10:30", "2.", "-", "(", "“", "É"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS | st.text(max_size=6), max_size=40).map(" ".join))
def test_no_rule_raises_and_every_span_lies_in_the_text(text: str) -> None:
    for found in everything(draft(text, previous_body="Before."), text):
        assert 0 <= found.start <= found.end <= len(text)
        assert not found.text or text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "about " * 3300,
        "12 " * 6600,
        "a hundred and " * 1400,
        "In Ireland and " * 1300,
        "1,200 staff " * 1600,
        "." * 20000,
    ],
)
def test_twenty_thousand_characters_take_no_time_that_a_writer_notices(text: str) -> None:
    started = time.process_time()
    everything(draft(text), text)
    assert time.process_time() - started < 5  # seconds; it takes a tenth of one, a pattern that runs away takes hours
