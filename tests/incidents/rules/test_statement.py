"""What people type becomes an impact statement."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from incidents.rules import statement

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cannot_do", "who", "activity"),
    [
        ("Store staff cannot submit timesheets", "store staff", "cannot submit timesheets"),
        ("Tills in Cork cannot take cards", "tills in Cork", "cannot take cards"),
        ("Dublin office cannot print", "Dublin office", "cannot print"),
        ("Agents can't log in", "agents", "can't log in"),
        ("all of sales are unable to\nplace orders", "all of sales", "are unable to place orders"),
        ("submit timesheets", "", "submit timesheets"),
        ("cannot log in", "", "cannot log in"),
    ],
)
def test_who_and_activity_are_told_apart(cannot_do: str, who: str, activity: str) -> None:
    made = statement.from_desk({"cannot_do": cannot_do})
    assert (made["who"], made["activity"]) == (who, activity)


def test_each_answer_of_the_desk_has_its_place() -> None:
    made = statement.from_desk(
        {
            "cannot_do": "staff cannot pay",
            "affected_count": "about 1,200",
            "basis": "31 tickets",
            "where": "Ireland and Scotland; not affected: England, web shop",
            "since_when": "09:10 (UTC+0), first call",
            "workaround": "paper form works",
            "business_consequence": "wages are late.",
            "critical_time": "closes 12:00",
        }
    )
    assert made == {
        "who": "staff",
        "activity": "cannot pay",
        "count": "about 1,200",
        "count_basis": "31 tickets",
        "where": "Ireland and Scotland",
        "not_affected": "England, web shop",
        "since": "09:10 (UTC+0), first call",
        "workaround": "paper form works",
        "consequence": "wages are late.",
        "critical_time": "closes 12:00",
        "confidence": "estimated",
        "sources": {name: "service desk" for name in statement.TEXTS if name != "until"},
    }


@pytest.mark.parametrize(
    ("business", "critical", "expected"),
    [
        ("", "by 12:00", "by 12:00"),
        ("late by 12:00", "12:00", "late by 12:00"),
        ("late", "", "late"),
        ("", "", ""),
    ],
)
def test_the_critical_time_is_said_once(business: str, critical: str, expected: str) -> None:
    made = statement.from_desk({"business_consequence": business, "critical_time": critical})
    assert made["consequence"] == expected


def test_a_number_without_basis_is_not_an_estimate() -> None:
    assert statement.from_desk({"affected_count": "1200"})["confidence"] == "unknown"


def test_a_place_that_only_says_where_it_works_stays_whole() -> None:
    assert statement.from_desk({"where": "not affected: England"})["where"] == "not affected: England"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:10 (UTC+0), first call", datetime(2026, 11, 23, 9, 10, tzinfo=UTC)),
        ("23:50", datetime(2026, 11, 22, 23, 50, tzinfo=UTC)),
        ("9.10 UTC", datetime(2026, 11, 23, 9, 10, tzinfo=UTC)),
        ("14:40 (UTC+5:30)", datetime(2026, 11, 23, 9, 10, tzinfo=UTC)),
        ("06:10 GMT-3", datetime(2026, 11, 23, 9, 10, tzinfo=UTC)),
        ("2026-11-23T10:10:00+01:00", datetime(2026, 11, 23, 9, 10, tzinfo=UTC)),
        ("2026-11-23T09:10", datetime(2026, 11, 23, 9, 10, tzinfo=UTC)),
        ("this morning", None),
        ("", None),
    ],
)
def test_a_start_is_read_where_it_can_be(text: str, expected: datetime | None) -> None:
    since = statement.read_since(text, now=NOON)
    assert since.at == expected
    assert since.text == text


def test_a_time_without_a_zone_is_in_the_writers_zone() -> None:
    since = statement.read_since("10:10", now=NOON, tz=ZoneInfo("Europe/Berlin"))
    assert since.at == datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert not since.exact


@pytest.mark.parametrize(("text", "exact"), [("2026-11-23T09:10:00Z", True), ("2026-11-23", False)])
def test_only_an_instant_is_exact(text: str, exact: bool) -> None:
    assert statement.read_since(text, now=NOON).exact is exact


@pytest.mark.parametrize("given", ["estimated", {"count": "confirmed", "where": "unknown"}])
def test_confidence_comes_back_as_it_was_given(given: str | dict[str, str]) -> None:
    assert statement.unpack_confidence(statement.pack_confidence(given)) == given


def test_no_confidence_is_unknown() -> None:
    assert statement.unpack_confidence({}) == "unknown"


@pytest.mark.parametrize(
    ("given", "is_wrong"),
    [
        ("confirmed", False),
        ({"count": "estimated"}, False),
        ("sure", True),
        ({"count": "sure"}, True),
        ({"weather": "confirmed"}, True),
    ],
)
def test_confidence_has_three_words(given: object, is_wrong: bool) -> None:
    assert bool(statement.bad_confidence(given)) is is_wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21 09:10 (UTC+0)", "2026-11-21T09:10:00+00:00"),
        ("2026-11-21 09:10 (UTC+5:30), first seen", "2026-11-21T03:40:00+00:00"),
        ("2026-02-30 09:10 (UTC+0)", None),
    ],
)
def test_a_time_with_its_date_stays_on_that_day(text: str, expected: str | None) -> None:
    at = statement.read_since(text, now=NOON).at
    assert (at.isoformat() if at else None) == expected


def test_confidence_by_field_and_back() -> None:
    texts = {"who": "staff", "count": "9", "where": ""}
    assert statement.confidence_by_field("confirmed", texts) == {"who": "confirmed", "count": "confirmed"}
    assert statement.confidence_by_field("", texts) == {"who": "unknown", "count": "unknown"}
    by_field = statement.confidence_by_field({"count": "estimated"}, texts)
    assert by_field == {"who": "unknown", "count": "estimated"}
    assert statement.one_or_by_field(by_field) == by_field
    assert statement.one_or_by_field({"who": "confirmed", "count": "confirmed"}) == "confirmed"
    assert statement.one_or_by_field({}) == "unknown"


@pytest.mark.parametrize(
    ("given", "is_bad"),
    [
        ({"count": "headcount", "all": "desk"}, False),
        ("desk", False),
        ({}, False),
        ({"colour": "red"}, True),
        ({"count": 3}, True),
        ({"count": "x" * 201}, True),
        (["desk"], True),
    ],
)
def test_sources_are_texts_by_field(given: object, is_bad: bool) -> None:
    assert bool(statement.bad_sources(given)) is is_bad


def test_empty_sources_are_not_kept() -> None:
    assert statement.pack_sources({"count": " headcount ", "who": " "}) == {"count": "headcount"}
    assert statement.pack_sources("desk") == {"all": "desk"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23 10:10 (UTC+15)", None),  # further than any place on earth
        ("0001-01-01T00:00:00+14:00", None),  # before the first day there is
        ("9999-12-31T23:59:59-12:00", None),
    ],
)
def test_a_time_that_cannot_be_has_no_instant(text: str, expected: datetime | None) -> None:
    since = statement.read_since(text, now=NOON)
    assert (since.text, since.at) == (text, expected)
