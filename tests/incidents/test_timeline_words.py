"""Each kind of entry is one sentence, with today's names of the people behind the ids."""

from types import SimpleNamespace
from typing import Any

import pytest

from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from incidents.queries import timeline
from incidents.services import timeline as log
from incidents.services.record import notes
from incidents.services.timeline import Entry
from incidents.services.work import engagements
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def said(incident: Incident, kind: EntryKind, /, *, text: str = "", **data: Any) -> str:
    incident.refresh_from_db()
    row = log.append(incident=incident, entries=[Entry(kind=kind, at=NOON, text=text, data=data)])[0]
    return timeline.words(row)


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("declared", {"priority": "P1", "candidate": None}, "Declared as P1."),
        ("declared", {"priority": "P1", "candidate": "CA-2026-0001"}, "Declared as P1 from CA-2026-0001."),
        (
            "state_changed",
            {"from": "declared", "to": "identified", "reason": ""},
            "State changed from declared to identified.",
        ),
        (
            "state_changed",
            {"from": "mitigating", "to": "monitoring", "reason": "", "confirmed_by": "affected_user"},
            "Service restored, confirmed by: affected user.",
        ),
        (
            "reopened",
            {"from": "resolved", "to": "investigating", "reason": "It is back."},
            "Reopened: now investigating. It is back.",
        ),
        ("cancelled", {"from": "declared", "reason": "In error."}, "Cancelled. In error."),
        (
            "details_changed",
            {"changed": {"is_private": [False, True], "bridge_url": ["", "https://x"]}},
            "Changed: is private from “no” to “yes”; bridge url from “-” to “https://x”.",
        ),
        ("details_changed", {}, "Details changed."),
        ("priority_changed", {"from": "P1", "to": "P2", "reason": "Holds."}, "Priority changed from P1 to P2. Holds."),
        ("impact_stated", {"version": 1, "revision_reason": "initial"}, "Impact stated, version 1."),
        (
            "impact_revised",
            {"version": 2, "revision_reason": "captured_incorrectly"},
            "Impact revised, version 2: we recorded it wrongly.",
        ),
        (
            "time_recorded",
            {"field": "detected_at", "from": None, "to": "2026-11-23T09:00:00Z"},
            "Time recorded: detected Mon 23 Nov, 09:00 (UTC+0).",
        ),
        (
            "time_recorded",
            {"field": "detected_at", "from": "2026-11-23T09:00:00Z", "to": None},
            "Time corrected: detected from Mon 23 Nov, 09:00 (UTC+0) to not known.",
        ),
        (
            "desk_report_added",
            {"candidate": "CA-2026-0002"},
            "One more caller at the service desk; added from CA-2026-0002.",
        ),
        ("reassigned", {"from": "", "to": "Group 70"}, "Assigned to Group 70."),
        ("reassigned", {"from": "Group 24", "to": "Group 70"}, "Reassigned from Group 24 to Group 70."),
        (
            "update_published",
            {"sequence": 2, "kind": "holding", "audiences": ["end_users", "executives"]},
            "Update 2 (holding) published to end users, executives.",
        ),
        (
            "update_published",
            {"sequence": 1, "kind": "initial", "audiences": ["technical", "service_desk", "public"]},
            "Update 1 (initial) published to technical teams, the service desk, the public.",
        ),
        ("update_corrected", {"update": 3}, "A published update was corrected by a newer one."),
        (
            "deadline_opened",
            {"audiences": ["end_users"], "due_at": "2026-11-23T12:30:00Z"},
            "Update promised to end users by Mon 23 Nov, 12:30 (UTC+0).",
        ),
        (
            "deadline_warned",
            {"audiences": ["end_users"], "due_at": "2026-11-23T12:30:00Z"},
            "Update to end users is due soon, at Mon 23 Nov, 12:30 (UTC+0).",
        ),
        (
            "deadline_missed",
            {"audiences": ["end_users"], "due_at": "soon"},
            "Promised update to end users is late; it was due at soon.",
        ),
        ("deadline_kept", {"audiences": ["public"]}, "Promise to the public kept."),
        ("deadline_ended", {"reason": "resolved"}, "No further update is owed to all audiences."),
        ("deadline_repaired", {"audiences": ["public"]}, "A missing deadline was restored: the public."),
        ("command_started", {"manager": 999_999}, "somebody is accountable."),
        ("engagement_joined", {"team": "gone"}, "a team joined."),
        ("review_opened", {}, "Review opened"),
        ("imported", {}, "Imported"),
    ],
)
def test_what_happened(incident: Incident, kind: str, data: dict[str, Any], expected: str) -> None:
    assert said(incident, EntryKind(kind), **data) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("handover_offered", "Mia Example offered the handover to Omar Example."),
        ("handover_accepted", "Omar Example accepted and is accountable now, after Mia Example."),
        ("handover_declined", "Omar Example declined the handover; Mia Example stays accountable. Busy."),
        ("handover_withdrawn", "Mia Example withdrew the handover to Omar Example."),
        ("takeover", "Omar Example took over command from Mia Example. Her line is dead."),
    ],
)
def test_people_are_named_from_their_ids(incident: Incident, cast: SimpleNamespace, kind: str, expected: str) -> None:
    data = {"from": cast.mia.pk, "to": cast.omar.pk, "reason": "Her line is dead." if kind == "takeover" else ""}
    text = "Busy." if kind == "handover_declined" else ""
    assert said(incident, EntryKind(kind), text=text, **data) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("engagement_asked", "Database was asked for help."),
        ("engagement_asked_again", "Database was asked again."),
        ("engagement_acknowledged", "Database acknowledged."),
        ("engagement_joined", "Database joined."),
        ("engagement_useful_action", "Database took its first useful action."),
        ("engagement_released", "Database was released, with thanks."),
    ],
)
def test_teams_are_named_from_their_ids(incident: Incident, kind: str, expected: str) -> None:
    team = factories.team(slug="database", name="Database")
    assert said(incident, EntryKind(kind), team=team.pk) == expected


@pytest.mark.parametrize("kind", ["note", "decision", "task_opened", "task_done", "linked", "cadence_changed"])
def test_what_people_write_is_the_sentence(incident: Incident, kind: str) -> None:
    assert said(incident, EntryKind(kind), text="We fail over at 12:20.") == "We fail over at 12:20."


def test_withdrawn_and_reassigned_keep_their_words(incident: Incident) -> None:
    assert said(incident, EntryKind.UPDATE_WITHDRAWN, text="Sent to the wrong audience.") == (
        "A published update was withdrawn. Sent to the wrong audience."
    )
    assert said(incident, EntryKind.UPDATE_WITHDRAWN, sequence=3, text="Sent twice.") == (
        "Update 3 was withdrawn. Sent twice."
    )
    assert said(incident, EntryKind.REASSIGNED, text="Given to Storage.") == "Given to Storage."


def test_whoever_is_admitted_is_named(incident: Incident, cast: SimpleNamespace) -> None:
    words = said(incident, EntryKind.DETAILS_CHANGED, person=cast.rosa.pk)
    assert words == "Rosa Example may see this private incident now."


@pytest.mark.parametrize("kind", list(EntryKind))
def test_every_kind_has_a_sentence_even_without_data(incident: Incident, kind: EntryKind) -> None:
    assert said(incident, kind)


def test_erasing_a_person_changes_every_sentence(incident: Incident, cast: SimpleNamespace) -> None:
    cast.mia.first_name, cast.mia.last_name, cast.mia.username = "", "", "person-7"
    cast.mia.save()
    assert "Mia" not in " ".join(row.words for row in timeline.page(incident))
    assert TimelineEntry.objects.filter(data__icontains="Mia").count() == 0


def test_a_page_reads_people_and_teams_once(
    incident: Incident, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    for number in range(4):
        team = factories.team(slug=f"team-{number}")
        engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
        notes.note(reference=incident.reference, person=getattr(cast, ["mia", "rosa"][number % 2]), text="x", now=NOON)
    with django_assert_num_queries(3):  # entries, people, teams
        page = timeline.page(incident, limit=5)
    assert [row.entry.seq for row in page] == [11, 10, 9, 8, 7]
    assert page[0].actor == cast.rosa
    assert [row.entry.seq for row in timeline.page(incident, before_seq=3)] == [2, 1]
    assert [row.entry.seq for row in timeline.since(incident, after_seq=9)] == [10, 11]
