"""Importing another tool's history: with its times, once, and with every problem named."""

import csv
import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from comms.models import UpdateDeadline
from incidents.choices import CandidateState, EntryKind, EntrySource, IncidentState
from incidents.models import Candidate, CommandTenure, Incident, TimelineDispatch, TimelineEntry
from teams.models import Person

SHARED = Path(os.environ.get("MIM_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
REAL_LOG = SHARED / "itsm" / "servicenow_event_log_2000_rows.csv"
HEADER = [
    "number",
    "incident_state",
    "opened_at",
    "sys_updated_at",
    "contact_type",
    "location",
    "category",
    "subcategory",
    "u_symptom",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "resolved_at",
    "closed_at",
]

pytestmark = pytest.mark.django_db


def row(number: str = "INC1", state: str = "New", at: str = "29/2/2016 01:23", **changes: str) -> dict[str, str]:
    return {
        "number": number,
        "incident_state": state,
        "opened_at": "29/2/2016 01:16",
        "sys_updated_at": at,
        "contact_type": "Phone",
        "location": "Location 143",
        "category": "Category 55",
        "subcategory": "Subcategory 170",
        "u_symptom": "Symptom 72",
        "impact": "1 - High",
        "urgency": "1 - High",
        "priority": "1 - Critical",
        "assignment_group": "Group 56",
        "resolved_at": "29/2/2016 11:29",
        "closed_at": "5/3/2016 12:00",
        **changes,
    }


def whole() -> list[dict[str, str]]:
    """One major incident from new to closed, with one reassignment."""
    return [
        row(),
        row(state="Active", at="29/2/2016 02:00"),
        row(state="Active", at="29/2/2016 03:00", assignment_group="Group 70"),
        row(state="Resolved", at="29/2/2016 11:29", assignment_group="Group 70"),
        row(state="Closed", at="5/3/2016 12:00", assignment_group="Group 70"),
    ]


def write(folder: Path, rows: list[dict[str, str]], *, header: list[str] = HEADER) -> Path:
    path = folder / "events.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, header, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def run(path: Path, **options: object) -> str:
    out = io.StringIO()
    call_command("import_events", str(path), stdout=out, **options)
    return out.getvalue()


def test_a_major_ticket_becomes_an_incident_with_its_own_times(tmp_path: Path) -> None:
    run(write(tmp_path, whole()))
    incident = Incident.objects.get()
    assert incident.reference == "MI-2016-0001"
    assert incident.external_ref == "INC1"
    assert incident.priority == "P1"
    assert incident.state == IncidentState.CLOSED
    assert incident.source == EntrySource.IMPORT
    assert incident.declared_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert incident.resolved_at == datetime(2016, 2, 29, 11, 29, tzinfo=UTC)
    assert incident.closed_at == datetime(2016, 3, 5, 12, 0, tzinfo=UTC)


def test_the_timeline_tells_transitions_and_reassignments_in_order(tmp_path: Path) -> None:
    run(write(tmp_path, whole()))
    kinds = list(TimelineEntry.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        EntryKind.DECLARED,
        EntryKind.STATE_CHANGED,
        EntryKind.REASSIGNED,
        EntryKind.STATE_CHANGED,
        EntryKind.STATE_CHANGED,
    ]
    times = list(TimelineEntry.objects.order_by("seq").values_list("at", flat=True))
    assert times == sorted(times)


def test_imported_history_starts_no_clock_and_tells_nobody(tmp_path: Path) -> None:
    run(write(tmp_path, [row(state="Active")]))
    assert Incident.objects.get().state == IncidentState.INVESTIGATING
    assert not UpdateDeadline.objects.exists()
    assert not TimelineDispatch.objects.exists()


def test_somebody_who_cannot_sign_in_was_accountable(tmp_path: Path) -> None:
    run(write(tmp_path, whole()))
    tenure = CommandTenure.objects.get()
    incident = Incident.objects.get()
    assert tenure.manager == Person.objects.get(username="imported")
    assert not tenure.manager.is_active
    assert (tenure.started_at, tenure.ended_at) == (incident.declared_at, incident.closed_at)


@pytest.mark.parametrize("priority", ["3 - Moderate", "4 - Low"])
def test_below_major_it_was_never_proposed(tmp_path: Path, priority: str) -> None:
    run(write(tmp_path, [row(priority=priority)]))
    candidate = Candidate.objects.get()
    assert candidate.state == CandidateState.NOT_PROPOSED
    assert candidate.intake_score is None
    assert not Incident.objects.exists()


def test_the_last_row_decides_the_priority(tmp_path: Path) -> None:
    run(write(tmp_path, [row(priority="3 - Moderate"), row(state="Active", at="29/2/2016 02:00", priority="2 - High")]))
    assert Incident.objects.get().priority == "P2"


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, whole())
    run(path)
    entries = TimelineEntry.objects.count()
    assert "0 created, 0 continued, 1 unchanged" in run(path)
    assert TimelineEntry.objects.count() == entries
    assert Incident.objects.count() == 1


def test_a_longer_file_continues_what_is_there(tmp_path: Path) -> None:
    run(write(tmp_path, whole()[:2]))
    assert Incident.objects.get().state == IncidentState.INVESTIGATING
    assert "0 created, 1 continued" in run(write(tmp_path, whole()))
    incident = Incident.objects.get()
    assert incident.state == IncidentState.CLOSED
    assert CommandTenure.objects.get().ended_at == incident.closed_at
    assert TimelineEntry.objects.filter(kind=EntryKind.DECLARED).count() == 1
    assert TimelineEntry.objects.filter(kind=EntryKind.REASSIGNED).count() == 1


def test_a_ticket_that_became_major_later_is_promoted(tmp_path: Path) -> None:
    rows = [row(priority="3 - Moderate"), row(state="Active", at="29/2/2016 02:00")]
    run(write(tmp_path, rows[:1]))
    run(write(tmp_path, rows))
    assert Candidate.objects.get().incident == Incident.objects.get()


def test_what_cannot_be_read_is_reported_by_row_and_field(tmp_path: Path) -> None:
    rows = [row(u_symptom="?"), row(number="INC2", state="-100"), row(number="INC3", opened_at="31/2/2016 01:00")]
    report = tmp_path / "report.csv"
    said = run(write(tmp_path, rows), report=report)
    problems = list(csv.DictReader(report.read_text(encoding="utf-8").splitlines()))
    assert {(one["line"], one["field"]) for one in problems} >= {("2", "u_symptom"), ("4", "opened_at")}
    assert any(one["line"] == "3" and one["field"] == "incident_state" for one in problems)
    assert "u_symptom: unknown" in said


def test_the_summary_adds_up(tmp_path: Path) -> None:
    rows = [*whole(), row(number="INC2", priority="4 - Low"), row(number="INC3", opened_at="never")]
    said = run(write(tmp_path, rows))
    assert "7 rows: 6 used, 1 left out" in said
    assert "2 tickets: 1 major incidents, 1 not proposed." in said
    assert "2 tickets: 2 created, 0 continued, 0 unchanged." in said


def test_a_report_cell_is_never_a_formula(tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    run(write(tmp_path, [row(incident_state="=1+1")]), report=report)
    assert [one["value"] for one in csv.DictReader(report.read_text(encoding="utf-8").splitlines())] == ["'=1+1"]


def test_a_file_with_other_columns_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="lacks the columns priority"):
        run(write(tmp_path, whole(), header=[name for name in HEADER if name != "priority"]))
    assert not Candidate.objects.exists()


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(tmp_path / "missing.csv")


def test_an_unknown_zone_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no time zone Mars/Base"):
        run(write(tmp_path, whole()), time_zone="Mars/Base")


def test_times_are_read_in_the_zone_of_the_log(tmp_path: Path) -> None:
    run(write(tmp_path, whole()), time_zone="Asia/Kolkata")
    assert Incident.objects.get().declared_at == datetime(2016, 2, 28, 19, 46, tzinfo=UTC)


@pytest.mark.skipif(not REAL_LOG.is_file(), reason="the shared event log is not on this machine")
def test_the_real_log_is_read_whole_and_twice_the_same() -> None:
    said = run(REAL_LOG)
    assert "2000 rows: 2000 used, 0 left out" in said
    assert "296 tickets: 15 major incidents, 281 not proposed." in said
    assert "0 created, 0 continued, 296 unchanged" in run(REAL_LOG)
    assert Incident.objects.count() == 15
    assert Candidate.objects.filter(state=CandidateState.NOT_PROPOSED).count() == 281
