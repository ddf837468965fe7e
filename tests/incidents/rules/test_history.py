from datetime import UTC, datetime

import pytest

from incidents.choices import IncidentState
from incidents.rules import eventlog, history
from incidents.rules.eventlog import Reading
from incidents.rules.history import Ticket

BASE = {
    "number": "INC1",
    "incident_state": "New",
    "opened_at": "1/3/2016 09:00",
    "sys_updated_at": "1/3/2016 09:00",
    "resolved_at": "1/3/2016 11:00",
    "closed_at": "6/3/2016 11:00",
    "impact": "1 - High",
    "urgency": "1 - High",
    "priority": "1 - Critical",
    "contact_type": "Phone",
    "location": "Location 1",
    "category": "Category 1",
    "subcategory": "Subcategory 1",
    "u_symptom": "Symptom 1",
    "assignment_group": "Group 1",
}


def rows(*changes: dict[str, str]) -> list[Reading]:
    return [eventlog.read({**BASE, **change}, line=line) for line, change in enumerate(changes, start=2)]


def ticket(*changes: dict[str, str]) -> Ticket:
    [only] = history.tickets(rows(*changes))
    return only


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2016, 3, day, hour, minute, tzinfo=UTC)


def test_states_that_follow_each_other_become_steps() -> None:
    result = ticket(
        {},
        {"sys_updated_at": "1/3/2016 09:05"},
        {"incident_state": "Active", "sys_updated_at": "1/3/2016 09:10"},
        {"incident_state": "Resolved", "sys_updated_at": "1/3/2016 11:00"},
        {"incident_state": "Closed", "sys_updated_at": "6/3/2016 11:00"},
    )
    assert [(step.state, step.at) for step in result.steps] == [
        ("declared", at(9)),
        ("investigating", at(9, 10)),
        ("resolved", at(11)),
        ("closed", at(11, day=6)),
    ]
    assert [step.word for step in result.steps] == ["New", "Active", "Resolved", "Closed"]
    assert result.lines == (2, 3, 4, 5, 6)
    assert (result.resolved_at, result.closed_at, result.state) == (at(11), at(11, day=6), IncidentState.CLOSED)
    assert result.reopen_count == 0


def test_a_step_back_to_work_is_a_reopening() -> None:
    result = ticket(
        {"incident_state": "Resolved", "sys_updated_at": "1/3/2016 10:00"},
        {"incident_state": "Active", "sys_updated_at": "1/3/2016 10:30"},
    )
    assert result.reopen_count == 1
    assert result.steps[1].reopened


def test_a_step_never_lies_before_the_one_it_follows() -> None:
    result = ticket(
        {"incident_state": "Active", "sys_updated_at": "1/3/2016 10:00"},
        {"incident_state": "Resolved", "sys_updated_at": "1/3/2016 09:30"},
    )
    assert [step.at for step in result.steps] == [at(10), at(10)]


@pytest.mark.parametrize(
    ("state", "recorded", "resolved_at", "closed_at"),
    [
        ("Active", "1/3/2016 11:00", None, None),
        ("Resolved", "1/3/2016 11:00", at(11), None),
        ("Resolved", "?", at(10), None),
    ],
)
def test_only_a_ticket_that_reached_the_end_has_its_time(
    state: str,
    recorded: str,
    resolved_at: datetime | None,
    closed_at: datetime | None,
) -> None:
    result = ticket({"incident_state": state, "sys_updated_at": "1/3/2016 10:00", "resolved_at": recorded})
    assert (result.resolved_at, result.closed_at) == (resolved_at, closed_at)


def test_the_last_row_decides_priority() -> None:
    lowered = ticket({}, {"priority": "3 - Moderate", "impact": "2 - Medium", "urgency": "?"})
    assert (lowered.priority, lowered.impact, lowered.urgency, lowered.is_major) == ("P3", 2, None, False)
    assert ticket({"priority": "4 - Low"}, {"priority": "2 - High"}).is_major


def test_reassignments_pass_over_rows_without_a_group() -> None:
    result = ticket(
        {"assignment_group": "?"},
        {"sys_updated_at": "1/3/2016 09:10"},
        {"sys_updated_at": "1/3/2016 09:20", "assignment_group": "?"},
        {"sys_updated_at": "1/3/2016 09:30", "assignment_group": "Group 2"},
        {"sys_updated_at": "1/3/2016 09:40", "assignment_group": "Group 2"},
    )
    [move] = result.reassignments
    assert (move.before, move.after, move.at, move.line) == ("Group 1", "Group 2", at(9, 30), 5)
    assert result.group == "Group 2"


def test_the_last_recorded_text_stands() -> None:
    assert ticket({"u_symptom": "Symptom 9"}, {"u_symptom": "?"}).symptom == "Symptom 9"
    assert ticket({"u_symptom": "?"}).symptom == ""


def test_tickets_come_in_the_order_of_their_first_row() -> None:
    readings = rows({"number": "B"}, {"number": "A"}, {"number": "B"})
    assert [(found.number, found.lines) for found in history.tickets(readings)] == [("B", (2, 4)), ("A", (3,))]


def test_the_summary_adds_up() -> None:
    readings = rows({}, {"incident_state": "-100"}, {"number": "INC2", "priority": "4 - Low", "location": "?"})
    summary = history.summarise(readings, history.tickets(readings))
    assert summary.adds_up
    assert (summary.rows, summary.rows_used, summary.rows_rejected) == (3, 2, 1)
    assert (summary.rows_with_problems, summary.problems) == (2, 2)
    assert (summary.tickets, summary.majors, summary.not_proposed) == (2, 1, 1)


def test_a_summary_that_does_not_add_up_is_seen() -> None:
    readings = rows({})
    summary = history.summarise(readings, history.tickets(readings))
    assert not history.Summary(**{**_as_dict(summary), "rows_rejected": 1}).adds_up
    assert not history.Summary(**{**_as_dict(summary), "majors": 0}).adds_up


def _as_dict(summary: history.Summary) -> dict[str, int]:
    return {name: getattr(summary, name) for name in summary.__dataclass_fields__}
