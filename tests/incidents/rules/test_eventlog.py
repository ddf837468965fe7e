import csv
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from incidents.choices import IncidentState, Priority
from incidents.rules import eventlog, history
from incidents.rules.eventlog import Reading

SHARED = Path(os.environ.get("MIM_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
LOG = SHARED / "itsm" / "servicenow_event_log_2000_rows.csv"

ROW = {
    "number": "INC0000045",
    "incident_state": "New",
    "opened_at": "29/2/2016 01:16",
    "sys_updated_at": "29/2/2016 01:23",
    "resolved_at": "29/2/2016 11:29",
    "closed_at": "5/3/2016 12:00",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "contact_type": "Phone",
    "location": "Location 143",
    "category": "Category 55",
    "subcategory": "Subcategory 170",
    "u_symptom": "Symptom 72",
    "assignment_group": "Group 56",
}


def read(change: dict[str, str | None] | None = None, *, line: int = 2) -> Reading:
    return eventlog.read({**ROW, **(change or {})}, line=line)


def problems(reading: Reading) -> list[tuple[str, str, bool]]:
    return [(problem.field, problem.code, problem.fatal) for problem in reading.problems]


def test_a_row_that_can_be_read() -> None:
    reading = read()
    assert reading.problems == ()
    row = reading.row
    assert row is not None
    assert (row.number, row.state, row.state_word) == ("INC0000045", IncidentState.DECLARED, "New")
    assert row.opened_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert row.closed_at == datetime(2016, 3, 5, 12, 0, tzinfo=UTC)
    assert (row.impact, row.urgency, row.priority) == (2, 2, Priority.P3)
    assert row.texts["assignment_group"] == "Group 56"


def test_times_are_in_the_zone_of_the_log() -> None:
    reading = eventlog.read(ROW, line=2, tz=ZoneInfo("Asia/Kolkata"))
    assert reading.row is not None
    assert reading.row.opened_at == datetime(2016, 2, 28, 19, 46, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("New", "declared"),
        ("Active", "investigating"),
        ("Awaiting User Info", "investigating"),
        ("Awaiting Vendor", "investigating"),
        ("Awaiting Evidence", "investigating"),
        ("Awaiting Problem", "identified"),
        ("Resolved", "resolved"),
        ("Closed", "closed"),
    ],
)
def test_states_in_our_words(word: str, state: str) -> None:
    reading = read({"incident_state": word})
    assert reading.row is not None
    assert reading.row.state == state


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"incident_state": "-100"}, [("incident_state", "outside_model", True)]),
        ({"incident_state": "?"}, [("incident_state", "unknown", True)]),
        ({"number": ""}, [("number", "unknown", True)]),
        ({"number": None}, [("number", "unknown", True)]),
        ({"priority": "9 - Odd"}, [("priority", "outside_model", True)]),
        ({"opened_at": "31/2/2016 01:16"}, [("opened_at", "impossible_date", True)]),
        ({"opened_at": "?"}, [("opened_at", "unknown", True)]),
        ({"sys_updated_at": "2016-02-29 01:23"}, [("sys_updated_at", "impossible_date", True)]),
    ],
)
def test_rows_that_cannot_be_used(change: dict[str, str | None], expected: list[tuple[str, str, bool]]) -> None:
    reading = read(change)
    assert reading.row is None
    assert problems(reading) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"resolved_at": "?"}, [("resolved_at", "unknown", False)]),
        ({"closed_at": "32/1/2016 10:00"}, [("closed_at", "impossible_date", False)]),
        ({"resolved_at": "28/2/2016 10:00"}, [("resolved_at", "impossible_date", False)]),
        ({"closed_at": "29/2/2016 11:28"}, [("closed_at", "impossible_date", False)]),
        ({"sys_updated_at": "29/2/2016 01:15"}, [("sys_updated_at", "impossible_date", False)]),
        ({"impact": "4 - None"}, [("impact", "outside_model", False)]),
        ({"urgency": "?"}, [("urgency", "unknown", False)]),
        (
            {"assignment_group": "?", "category": ""},
            [("category", "unknown", False), ("assignment_group", "unknown", False)],
        ),
    ],
)
def test_fields_that_cannot_be_read_leave_the_row(
    change: dict[str, str | None],
    expected: list[tuple[str, str, bool]],
) -> None:
    reading = read(change)
    assert reading.row is not None
    assert problems(reading) == expected


def test_what_cannot_be_read_is_read_as_nothing() -> None:
    row = read(
        {"resolved_at": "28/2/2016 10:00", "sys_updated_at": "28/2/2016 10:00", "impact": "?", "location": "?"},
    ).row
    assert row is not None
    assert row.resolved_at is None
    assert row.updated_at == row.opened_at
    assert row.impact is None
    assert row.texts["location"] == ""


def test_a_problem_says_where_and_what() -> None:
    [problem] = read({"resolved_at": "28/2/2016 10:00"}, line=17).problems
    assert problem.message == "line 17: resolved_at is “28/2/2016 10:00”: before opened_at, so it is not used"
    [problem] = read({"incident_state": "-100"}, line=18).problems
    assert problem.message == (
        "line 18: incident_state is “-100”: not a value of the model, and the row cannot be used without it"
    )


def test_a_file_without_its_columns_is_seen_before_its_rows() -> None:
    assert eventlog.missing_columns(list(ROW)) == ()
    assert eventlog.missing_columns(["number", "priority"])[:2] == ("incident_state", "impact")


@pytest.mark.skipif(not LOG.exists(), reason="the shared ITSM event log is not on this machine")
def test_the_real_log_adds_up() -> None:
    with LOG.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        assert eventlog.missing_columns(list(rows.fieldnames or ())) == ()
        readings = [eventlog.read(row, line=rows.line_num) for row in rows]
    tickets = history.tickets(readings)
    summary = history.summarise(readings, tickets)
    assert summary.adds_up
    assert (summary.rows, summary.rows_rejected, summary.tickets, summary.majors) == (2000, 0, 296, 15)
    found = [problem for reading in readings for problem in reading.problems]
    assert {problem.field for problem in found if problem.code == "impossible_date"} == {"sys_updated_at"}
    assert sum(problem.field == "resolved_at" for problem in found) == 22
    # Row by row the priority of INC0000517 falls from critical to moderate, and the last row decides.
    by_number = {ticket.number: ticket for ticket in tickets}
    assert not by_number["INC0000517"].is_major
    assert by_number["INC0000388"].priority == Priority.P1
    assert by_number["INC0000607"].state == IncidentState.DECLARED
    assert sum(ticket.reopen_count > 0 for ticket in tickets) == 4
    for ticket in tickets:
        moments = [step.at for step in ticket.steps]
        assert moments == sorted(moments)
        assert moments[0] >= ticket.opened_at
