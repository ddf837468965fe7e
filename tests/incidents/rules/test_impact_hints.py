"""How an impact is captured wrong, where a machine can notice it: what each hint finds, and what it leaves alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.rules import impact_hints
from incidents.rules.impact_hints import Around, Older

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AROUND = Around(now=NOW)
SOUND = {
    "activity": "cannot submit timesheets in Payroll",
    "who": "store staff",
    "count": "about 1,200",
    "count_basis": "headcount of both sites",
    "where": "Ireland and Scotland",
    "not_affected": "England",
    "since": "09:10 (UTC+0)",
    "until": "",
    "workaround": "the paper form works",
    "consequence": "wages for 1,200 people are paid late",
    "critical_time": "payroll closes 14:00 (UTC+0)",
    "data_state": "delayed",
}


def codes(around: Around = AROUND, **changes: str) -> list[str]:
    return [hint.code for hint in impact_hints.hints({**SOUND, **changes}, as_of=None, around=around)]


def test_a_sound_statement_is_left_alone() -> None:
    assert codes() == []
    assert impact_hints.hints({}, as_of=None, around=AROUND) == ()


@pytest.mark.parametrize(
    ("field", "text", "marked"),
    [
        ("activity", "the payment database is down", "the payment database is down"),
        ("activity", "log in, since srv-app-02 restarts", "srv-app-02"),
        ("activity", "reach 10.2.0.17", "10.2.0.17"),
        ("where", "pay.internal and the web shop", "pay.internal"),
        ("who", "users of web01", "web01"),
        ("activity", "The API gateway went offline", "The API gateway went offline"),
        ("activity", "load balancer has failed", "load balancer has failed"),
    ],
)
def test_a_component_is_no_impact(field: str, text: str, marked: str) -> None:
    hints = [one for one in impact_hints.hints({field: text}, as_of=None, around=AROUND) if one.field == field]
    assert [(one.code, one.text) for one in hints] == [("component_as_impact", marked)]
    assert text[hints[0].start : hints[0].end] == marked


@pytest.mark.parametrize(
    "text",
    [
        "cannot print payslips on the network printer",
        "cannot reach the server room by lift",
        "cannot file form W2 in the portal",
        "cannot open the job list",
        "wait 4 minutes for a payslip",
    ],
)
def test_what_people_do_may_name_things(text: str) -> None:
    assert codes(activity=text) == []


@pytest.mark.parametrize("text", ["many", "several", "a lot of", "Hundreds", "a number of"])
def test_vague_quantities(text: str) -> None:
    hint = next(iter(impact_hints.hints({**SOUND, "count": f"{text} users"}, as_of=None, around=AROUND)))
    assert (hint.code, hint.field, hint.text) == ("vague_quantity", "count", text)
    assert hint.suggestions == ("not yet known, being checked, by 12:15 (UTC+0)",)


def test_a_vague_group_matters_only_without_a_number() -> None:
    assert codes(who="some users", count="") == ["vague_quantity"]
    assert codes(who="some users") == []


@pytest.mark.parametrize(
    "text", ["about 1,200", "all", "hundreds, 312 counted", "several of ten", "not yet known, being checked, some day"]
)
def test_numbers_and_honest_gaps_are_not_vague(text: str) -> None:
    assert codes(count=text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("09:10 (UTC+0), first call to the desk", "first call"),
        ("it was reported at 09:10 (UTC+0)", "was reported"),
        ("09:10 (UTC+0) ticket opened", "ticket opened"),
    ],
)
def test_the_time_of_a_report_is_no_start(text: str, found: str) -> None:
    hints = impact_hints.hints({**SOUND, "since": text}, as_of=None, around=AROUND)
    assert [(one.code, one.text) for one in hints] == [("start_time_is_report_time", found)]


def test_the_minute_of_a_report_is_no_start() -> None:
    reported = Around(now=NOW, report_times={"reported": datetime(2026, 11, 23, 9, 10, 40, tzinfo=UTC)})
    hints = impact_hints.hints(SOUND, as_of=None, around=reported)
    assert [(one.code, one.text) for one in hints] == [("start_time_is_report_time", "09:10 (UTC+0)")]
    assert "the minute in which it was reported" in hints[0].message
    assert codes(reported, since="09:12 (UTC+0)") == []


@pytest.mark.parametrize(
    ("field", "text", "suggested"),
    [
        ("since", "09:10", "09:10 (UTC+5:30)"),
        ("critical_time", "payroll closes 12:00", "12:00 (UTC+5:30)"),
        ("consequence", "the run of 3 pm fails", "3 pm (UTC+5:30)"),
        ("until", "11:40", "11:40 (UTC+5:30)"),
    ],
)
def test_times_without_a_zone(field: str, text: str, suggested: str) -> None:
    here = Around(now=NOW, tz=ZoneInfo("Asia/Kolkata"))
    hints = impact_hints.hints({**SOUND, field: text}, as_of=None, around=here)
    assert [(one.code, one.field, one.suggestions) for one in hints] == [("tz_missing", field, (suggested,))]


@pytest.mark.parametrize(
    "text", ["09:10 UTC+1", "09:10 GMT", "2026-11-23T09:10:00Z", "09:10 +01:00", "10:10 CET", "this morning"]
)
def test_times_with_a_zone_are_left_alone(text: str) -> None:
    assert codes(since=text) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("submit timesheets due to a failed disk", "due to a failed disk"),
        ("submit timesheets, because of the release", "because of the release"),
        ("submit timesheets after the 08:45 payroll release", "after the 08:45 payroll release"),
        ("submit timesheets (root cause unknown)", "root cause unknown)"),
    ],
)
def test_a_cause_is_no_impact(text: str, marked: str) -> None:
    found = impact_hints.hints({**SOUND, "activity": text}, as_of=None, around=AROUND)
    assert [one.code for one in found if one.code == "cause_as_impact"] == ["cause_as_impact"]
    assert found[0].text.strip(" ,(") == marked
    assert text.replace(found[0].text, found[0].suggestions[0]) == "submit timesheets"


@pytest.mark.parametrize("text", ["submit claims that are due today", "log in after lunch", "pay invoices due by noon"])
def test_words_that_only_look_like_a_cause(text: str) -> None:
    assert codes(activity=text) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"count": "130 %"}, "130 %"),
        ({"count": "31 tickets"}, "tickets"),
        ({"count": "12 sites"}, "sites"),
        ({"count": "1.200"}, "1.200"),
        ({"count": "1,2"}, "1,2"),
        ({"count": "1.2k"}, "1.2k"),
        ({"count": "500 to 200"}, "500 to 200"),
    ],
)
def test_units_that_cannot_be_right(changes: dict[str, str], found: str) -> None:
    hints = impact_hints.hints({**SOUND, **changes}, as_of=None, around=AROUND)
    assert [(one.code, one.text) for one in hints] == [("unit_error", found)]


def test_a_range_that_runs_backwards_can_be_turned() -> None:
    (hint,) = impact_hints.hints({**SOUND, "count": "500–200"}, as_of=None, around=AROUND)
    assert hint.suggestions == ("200–500",)


@pytest.mark.parametrize(
    "changes",
    [
        {"count": "80 %"},
        {"count": "800–1,200"},
        {"count": "12 stores", "who": "stores in Scotland"},
        {"count": "340 orders", "who": "orders of today"},
        {"count": "not yet known, being checked: 31 tickets"},
        {"count": "1,200"},
    ],
)
def test_units_that_can_be_right(changes: dict[str, str]) -> None:
    assert codes(AROUND, **changes) == []


def test_a_copied_statement_is_noticed() -> None:
    text = impact_hints.comparable(SOUND)
    older = (
        Older(reference="MI-2026-0003", text="something else entirely"),
        Older(reference="MI-2026-0004", text=text),
    )
    (hint,) = impact_hints.hints(SOUND, as_of=None, around=Around(now=NOW, older=older))
    assert (hint.code, hint.field) == ("copied_from_previous", "")
    assert "MI-2026-0004 (100 %)" in hint.message
    assert codes(Around(now=NOW, older=older[:1])) == []


def test_short_statements_are_alike_by_nature() -> None:
    short = {"activity": "log in", "who": "staff"}
    older = (Older(reference="MI-2026-0004", text=impact_hints.comparable(short)),)
    assert impact_hints.hints(short, as_of=None, around=Around(now=NOW, older=older)) == ()


@pytest.mark.parametrize(
    ("minutes", "reports", "interval", "found"),
    [
        (31, 2, 30, "2 reports of the desk came in since 11:29 (UTC+0), and the impact is 31 min old."),
        (31, 1, 30, "1 report of the desk came in"),
        (30, 2, 30, ""),
        (31, 0, 30, ""),
        (31, 2, None, ""),
    ],
)
def test_reports_overtake_a_statement(minutes: int, reports: int, interval: int | None, found: str) -> None:
    around = Around(now=NOW, reports_since=reports, interval=None if interval is None else timedelta(minutes=interval))
    hints = impact_hints.stale(NOW - timedelta(minutes=minutes), around=around)
    assert [one.code for one in hints] == (["stale_impact"] if found else [])
    assert all(one.message.startswith(found) for one in hints)
    assert impact_hints.hints(SOUND, as_of=NOW - timedelta(minutes=minutes), around=around) == hints


def test_hints_stand_in_the_order_of_the_form() -> None:
    mixed = {**SOUND, "critical_time": "12:00", "count": "many", "activity": "the database is down"}
    hints = impact_hints.hints(mixed, as_of=None, around=AROUND)
    assert [one.field for one in hints] == ["activity", "count", "critical_time"]
