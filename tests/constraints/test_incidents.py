"""What the database refuses of candidates, incidents, handovers, engagements and feedback."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import ProtectedError

from incidents.choices import CandidateState, EntrySource, HandoverState
from incidents.models import (
    Candidate,
    Engagement,
    EngagementFeedback,
    Handover,
    ImpactStatement,
    Incident,
    IncidentLink,
    IncidentMember,
    RecordedTime,
    SavedView,
    TimelineEntry,
)
from tests import factories
from tests.constraints.kit import refused, refuses
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def candidate(**fields: Any) -> Candidate:
    return Candidate.objects.create(**{"reference": "CA-2026-9999", "raised_at": NOON, **fields})


@pytest.mark.parametrize("state", sorted(set(CandidateState.values) - {"draft"}))
@pytest.mark.parametrize("lacking", ["reference", "raised_at"])
def test_only_a_draft_may_lack_a_reference_and_a_time(incident: Incident, state: str, lacking: str) -> None:
    with refused("raised_candidate_has_reference"):
        candidate(state=state, incident=incident, decision_reason="known error", **{lacking: None})


def test_a_draft_has_neither(incident: Incident) -> None:
    assert str(candidate(state="draft", reference=None, raised_at=None)).startswith("draft ")


@pytest.mark.parametrize("state", ["accepted", "merged"])
def test_what_was_accepted_or_merged_names_its_incident(incident: Incident, state: str) -> None:
    with refused("accepted_candidate_has_incident"):
        candidate(state=state)
    assert candidate(state=state, incident=incident).incident == incident


def test_a_rejection_has_a_reason(db: None) -> None:
    with refused("rejected_candidate_has_reason"):
        candidate(state="rejected")
    assert candidate(state="rejected", decision_reason="one person is affected").pk


def test_a_candidates_reference_is_given_once(db: None) -> None:
    candidate()
    with refused("incidents_candidate_reference_key"):
        candidate()


def test_an_event_is_imported_once_but_people_may_repeat_a_ticket(db: None) -> None:
    candidate(source=EntrySource.IMPORT, external_ref="INC1", reference="CA-1")
    with refused("imported_candidate_once"):
        candidate(source=EntrySource.IMPORT, external_ref="INC1", reference="CA-2")
    candidate(source=EntrySource.IMPORT, external_ref="", reference="CA-3")
    candidate(source=EntrySource.IMPORT, external_ref="", reference="CA-4")
    candidate(source=EntrySource.PERSON, external_ref="INC1", reference="CA-5")
    candidate(source=EntrySource.PERSON, external_ref="INC1", reference="CA-6")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "paused"}, "incident_state_known"),
        ({"state": ""}, "incident_state_known"),
        ({"marks": ["odd"]}, "incident_marks_known"),
        ({"priority": "P9", "override_reason": "x"}, "incident_priority_known"),
        ({"priority": "P3"}, "priority_override_has_reason"),
        ({"priority_computed": "P3"}, "priority_override_has_reason"),
        ({"state": "closed"}, "ended_incident_has_end"),
        ({"state": "cancelled"}, "ended_incident_has_end"),
        ({"state": "resolved", "closed_at": NOON}, "ended_incident_has_end"),
        ({"closed_at": NOON}, "ended_incident_has_end"),
    ],
)
def test_an_incident_never_contradicts_itself(incident: Incident, change: dict[str, Any], constraint: str) -> None:
    with refused(constraint):
        Incident.objects.filter(pk=incident.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"priority": "P3", "override_reason": "agreed with the desk"},
        {"priority": "P3", "source": EntrySource.IMPORT},
        {"state": "closed", "closed_at": NOON},
        {"state": "cancelled", "closed_at": NOON},
    ],
)
def test_an_incident_may_be_what_its_facts_say(incident: Incident, change: dict[str, Any]) -> None:
    assert Incident.objects.filter(pk=incident.pk).update(**change) == 1


def test_a_reference_names_one_incident(incident: Incident, cast: SimpleNamespace) -> None:
    other = kit.incident(manager=cast.omar)
    with refused("incidents_incident_reference_key"):
        Incident.objects.filter(pk=other.pk).update(reference=incident.reference)


def test_a_member_of_a_private_incident_is_listed_once(incident: Incident, cast: SimpleNamespace) -> None:
    IncidentMember.objects.create(incident=incident, person=cast.rosa)
    with refused("incident_member_once"):
        IncidentMember.objects.create(incident=incident, person=cast.rosa)


def test_a_version_of_the_impact_is_stated_once(incident: Incident) -> None:
    with refused("impact_version_once"):
        ImpactStatement.objects.create(incident=incident, version=1, activity="sign in", as_of=NOON)
    assert ImpactStatement.objects.create(incident=incident, version=2, activity="sign in", as_of=NOON).pk


def test_a_number_of_the_timeline_is_given_once(incident: Incident) -> None:
    with refused("timeline_seq_once"):
        TimelineEntry.objects.create(incident=incident, seq=incident.timeline.count(), kind="note", at=NOON)


def handover(incident: Incident, cast: SimpleNamespace, **fields: Any) -> Handover:
    return Handover.objects.create(
        incident=incident, offered_by=cast.mia, offered_to=cast.omar, offered_at=NOON, **fields
    )


def test_one_offer_is_open_at_a_time(incident: Incident, cast: SimpleNamespace) -> None:
    handover(incident, cast, state=HandoverState.DECLINED)
    handover(incident, cast)
    with refused("one_open_handover_per_incident"):
        handover(incident, cast)
    handover(kit.incident(manager=cast.mia), cast)


def test_nobody_is_accountable_without_having_said_it_back(incident: Incident, cast: SimpleNamespace) -> None:
    with refused("accepted_handover_was_restated"):
        handover(incident, cast, state=HandoverState.ACCEPTED)
    assert handover(incident, cast, state=HandoverState.ACCEPTED, restatement="Update at 12:30.").pk


@pytest.fixture
def engagement(incident: Incident, cast: SimpleNamespace) -> Engagement:
    team = factories.team(slug="payments-team")
    return Engagement.objects.create(incident=incident, team=team, asked_by=cast.mia, asked_at=NOON, message="Join.")


def test_a_team_is_asked_again_only_after_its_release(engagement: Engagement, cast: SimpleNamespace) -> None:
    again = {"incident": engagement.incident, "team": engagement.team, "asked_by": cast.mia, "asked_at": NOON}
    with refused("one_open_engagement_per_team"):
        Engagement.objects.create(**again, message="Join.")
    Engagement.objects.filter(pk=engagement.pk).update(released_at=NOON)
    assert Engagement.objects.create(**again, message="Join.").pk


def test_each_side_answers_once(engagement: Engagement) -> None:
    answers = {"told_what_was_needed": 4, "could_work": 4, "glad_to_work_again": 5, "given_at": NOON}
    EngagementFeedback.objects.create(engagement=engagement, side="team", **answers)
    with refused("feedback_once_per_side"):
        EngagementFeedback.objects.create(engagement=engagement, side="team", **answers)
    EngagementFeedback.objects.create(engagement=engagement, side="manager", **answers)


@pytest.mark.parametrize("field", ["told_what_was_needed", "could_work", "glad_to_work_again"])
def test_an_answer_is_never_negative(engagement: Engagement, field: str) -> None:
    answers = {"told_what_was_needed": 4, "could_work": 4, "glad_to_work_again": 5, field: -1}
    with refused(f"incidents_engagementfeedback_{field}_check"):
        EngagementFeedback.objects.create(engagement=engagement, side="team", given_at=NOON, **answers)


def test_an_incident_with_a_record_is_never_deleted(incident: Incident) -> None:
    with pytest.raises(ProtectedError):
        incident.delete()
    refuses("DELETE FROM incidents_commandtenure", because="Cannot delete")


def test_people_of_the_record_are_never_deleted(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(ProtectedError):
        cast.mia.delete()


def link(incident: Incident, other: Incident, kind: str = "duplicate", **fields: Any) -> IncidentLink:
    manager = incident.timeline.earliest("seq").actor
    assert manager is not None
    return IncidentLink.objects.create(
        incident=incident, other=other, kind=kind, linked_by=manager, linked_at=NOON, **fields
    )


def test_no_incident_is_linked_to_itself(incident: Incident) -> None:
    with refused("link_joins_two_incidents"):
        link(incident, incident)


def test_a_link_stands_once_and_can_be_made_again_after_its_end(incident: Incident, cast: SimpleNamespace) -> None:
    other = kit.incident(manager=cast.mia)
    made = link(incident, other, "caused_by")
    with refused("same_link_once"):
        link(incident, other, "caused_by")
    IncidentLink.objects.filter(pk=made.pk).update(ended_at=NOON, ended_by=cast.mia)
    assert str(link(incident, other, "caused_by")).endswith(str(other.pk))


@pytest.mark.parametrize("kind", ["duplicate", "child"])
def test_an_incident_has_one_original_and_one_parent(incident: Incident, cast: SimpleNamespace, kind: str) -> None:
    link(incident, kit.incident(manager=cast.mia), kind)
    with refused("one_original_and_one_parent"):
        link(incident, kit.incident(manager=cast.mia), kind)
    link(incident, kit.incident(manager=cast.mia), "caused_by")
    assert link(incident, kit.incident(manager=cast.mia), "caused_by").pk


def test_only_a_time_that_is_unknown_has_a_reason(incident: Incident) -> None:
    with refused("reason_is_for_unknown_times"):
        RecordedTime.objects.create(incident=incident, field="detected_at", at=NOON, reason="lost")
    assert RecordedTime.objects.create(incident=incident, field="detected_at", at=None, reason="lost").pk


def test_what_happens_to_data_is_one_of_the_known_words(incident: Incident) -> None:
    with refused("impact_data_state_known"):
        ImpactStatement.objects.create(incident=incident, version=9, activity="log in", data_state="gone", as_of=NOON)


def test_a_person_names_a_view_once_and_begins_with_one(cast: SimpleNamespace) -> None:
    SavedView.objects.create(owner=cast.mia, name="Ones", is_default=True)
    with refused("view_name_once_per_person"):
        SavedView.objects.create(owner=cast.mia, name="Ones")
    with refused("one_default_view_per_person"):
        SavedView.objects.create(owner=cast.mia, name="Twos", is_default=True)
    assert str(SavedView.objects.create(owner=cast.omar, name="Ones", is_default=True)) == "Ones"
