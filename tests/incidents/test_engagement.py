"""Calling a team for help by its profile."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from incidents.choices import EngagementState, EntryKind
from incidents.models import Engagement, Incident
from incidents.queries import engagements as queries
from incidents.services.locking import UnknownIncident
from incidents.services.states import declaration, lifecycle
from incidents.services.work import engagements
from mim_portal.lib.refusals import Forbidden
from teams.models import Team
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


def later(minutes: int) -> object:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    made = factories.team(slug="database", name="Database", members=(cast.rosa,))
    factories.profile(
        of=made, facts_wanted=["symptom", "recent change", "since when", "query plan"], ask_again_minutes=5
    )
    return made


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    raised = kit.candidate(by=cast.desmond)
    return declaration.accept(
        reference=raised.reference or "", person=cast.mia, impact=1, urgency=1, manager=None, now=NOON
    )


@pytest.fixture
def asked(incident: Incident, team: Team, cast: SimpleNamespace) -> Engagement:
    return engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON, note="Please join.")


def test_the_message_has_the_teams_facts_in_the_teams_order(asked: Engagement) -> None:
    lines = asked.message.splitlines()
    facts = [line for line in lines if line.startswith("- ")]
    assert facts == [
        "- symptom: store staff cannot submit timesheets",
        "- recent change: reproduced; monitoring green; no known error; payroll release 08:45 today",
        "- since when: Mon 23 Nov, 09:10 (UTC+0)",
        "- query plan: not known, asked 12:00 (UTC+0)",
    ]
    assert lines[0].startswith("MI-2026-0001 (P1): ")
    assert "Please join." in lines
    assert asked.profile is not None
    assert asked.profile.version == 1


def test_what_nobody_knows_is_asked_of_the_desk_once(
    incident: Incident, asked: Engagement, cast: SimpleNamespace
) -> None:
    candidate = incident.candidates.get()
    question = candidate.clarifications.get()
    assert (question.field, question.asked_by, question.asked_at) == ("query plan", cast.mia, NOON)
    other = factories.team(slug="storage")
    factories.profile(of=other, facts_wanted=["query plan"])
    engagements.engage(reference=incident.reference, team=other, person=cast.mia, now=NOON)
    assert candidate.clarifications.count() == 1


def test_asking_is_on_the_timeline_with_what_is_not_known(
    incident: Incident, asked: Engagement, team: Team, cast: SimpleNamespace
) -> None:
    entry = incident.timeline.latest("seq")
    assert (entry.kind, entry.text) == (EntryKind.ENGAGEMENT_ASKED, "Please join.")
    assert entry.data == {"engagement": asked.pk, "team": team.pk, "not_known": ["query plan"]}


def test_a_team_without_a_profile_is_asked_all_the_same(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia)
    asked = engagements.engage(reference=incident.reference, team=factories.team(slug="new"), person=cast.mia, now=NOON)
    assert asked.profile is None
    assert "cannot submit timesheets" in asked.message
    assert engagements.ask_again_at(asked) == later(10)


def test_a_team_is_asked_once_until_it_is_released(
    incident: Incident, asked: Engagement, team: Team, cast: SimpleNamespace
) -> None:
    with pytest.raises(engagements.EngagementRefused) as refused:
        engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    assert refused.value.extra == {"engagement": asked.pk}
    engagements.release(engagement_id=asked.pk, person=cast.mia, now=NOON)
    again = engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    assert again.pk != asked.pk


def test_a_team_is_asked_again_when_its_profile_allows(asked: Engagement, cast: SimpleNamespace) -> None:
    with pytest.raises(engagements.EngagementRefused) as refused:
        engagements.ask_again(engagement_id=asked.pk, person=cast.mia, now=NOON + timedelta(minutes=4))
    assert "12:05 (UTC+0)" in refused.value.message
    again = engagements.ask_again(engagement_id=asked.pk, person=cast.mia, now=NOON + timedelta(minutes=5))
    assert again.asked_again_at == later(5)
    assert engagements.ask_again_at(again) == later(10)
    engagements.acknowledge(engagement_id=asked.pk, person=cast.rosa, now=NOON + timedelta(minutes=6))
    with pytest.raises(engagements.EngagementRefused):
        engagements.ask_again(engagement_id=asked.pk, person=cast.mia, now=NOON + timedelta(minutes=60))


def test_each_step_keeps_its_time(incident: Incident, asked: Engagement, cast: SimpleNamespace) -> None:
    verbs = (engagements.acknowledge, engagements.join, engagements.useful_action, engagements.release)
    for minutes, verb in enumerate(verbs, start=1):
        verb(engagement_id=asked.pk, person=cast.rosa, now=NOON + timedelta(minutes=minutes))
    asked.refresh_from_db()
    assert (asked.acknowledged_at, asked.joined_at, asked.useful_action_at, asked.released_at) == tuple(
        later(minutes) for minutes in (1, 2, 3, 4)
    )
    assert asked.acknowledged_by == cast.rosa
    assert [entry.kind for entry in incident.timeline.order_by("seq")][-4:] == [
        EntryKind.ENGAGEMENT_ACKNOWLEDGED,
        EntryKind.ENGAGEMENT_JOINED,
        EntryKind.ENGAGEMENT_USEFUL_ACTION,
        EntryKind.ENGAGEMENT_RELEASED,
    ]


def test_joining_answers_the_call_too(asked: Engagement, cast: SimpleNamespace) -> None:
    joined = engagements.join(engagement_id=asked.pk, person=cast.rosa, now=NOON)
    assert (joined.state, joined.acknowledged_at, joined.acknowledged_by) == (
        EngagementState.JOINED,
        NOON,
        cast.rosa,
    )


def test_a_useful_action_means_that_somebody_is_there(asked: Engagement, cast: SimpleNamespace) -> None:
    acted = engagements.useful_action(engagement_id=asked.pk, person=cast.rosa, now=NOON)
    assert (acted.acknowledged_at, acted.joined_at) == (NOON, NOON)


def test_steps_go_forward_only(asked: Engagement, cast: SimpleNamespace) -> None:
    engagements.join(engagement_id=asked.pk, person=cast.rosa, now=NOON)
    with pytest.raises(engagements.EngagementRefused) as refused:
        engagements.acknowledge(engagement_id=asked.pk, person=cast.rosa, now=NOON)
    assert refused.value.extra == {"state": "joined"}


def test_members_and_managers_answer_nobody_else(asked: Engagement, cast: SimpleNamespace) -> None:
    with pytest.raises(Forbidden):
        engagements.acknowledge(engagement_id=asked.pk, person=cast.nils, now=NOON)
    assert engagements.acknowledge(engagement_id=asked.pk, person=cast.omar, now=NOON).acknowledged_by == cast.omar


def test_nobody_is_called_into_what_has_ended(incident: Incident, team: Team, cast: SimpleNamespace) -> None:
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=NOON, reason="in error")
    with pytest.raises(engagements.EngagementRefused) as refused:
        engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    assert refused.value.code == "ended"


def test_who_waits_for_whom(incident: Incident, asked: Engagement, team: Team, cast: SimpleNamespace) -> None:
    assert list(queries.of_incident(incident)) == [asked]
    assert list(queries.open_of_person(cast.rosa)) == [asked]
    assert list(queries.open_of_person(cast.nils)) == []
    assert list(queries.unanswered(cast.mia)) == [asked]
    assert queries.of_team(team, cast.mia) == [asked]
    engagements.acknowledge(engagement_id=asked.pk, person=cast.rosa, now=NOON)
    assert list(queries.unanswered(cast.mia)) == []


def test_an_unknown_engagement_is_not_found(cast: SimpleNamespace) -> None:
    with pytest.raises(UnknownIncident):
        engagements.join(engagement_id=404, person=cast.mia, now=NOON)


def test_a_private_incident_opens_to_the_team_that_is_called_and_to_nobody_else(
    team: Team, cast: SimpleNamespace
) -> None:
    private = kit.incident(manager=cast.mia, is_private=True)
    asked = engagements.engage(reference=private.reference, team=team, person=cast.mia, now=NOON)
    assert list(queries.unanswered(cast.omar)) == []
    with pytest.raises(UnknownIncident):
        engagements.acknowledge(engagement_id=asked.pk, person=cast.omar, now=NOON)
    assert engagements.acknowledge(engagement_id=asked.pk, person=cast.rosa, now=NOON).acknowledged_by == cast.rosa
