"""A profile grows by proposals that the team takes up or answers; votes and uses count incidents and never viewers."""

from types import SimpleNamespace
from typing import Any

import pytest

from incidents.services.work import engagements
from mim_portal.lib.refusals import Forbidden, Invalid, Missing
from mim_portal.models import AuditEntry
from teams.choices import ProposalState
from teams.models import EngagementProfile, ProfileProposal, ProfileVote, Team
from teams.queries import profiles as queries
from teams.services import profiles, proposals
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

REASON = "Six calls in ten minutes before anything was known."
TODAY = NOON.date()


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    made = factories.team(slug="database", name="Database", members=(cast.rosa,))
    profiles.write(team=made, person=cast.rosa, fields={"reach": "Chat", "facts_wanted": ["scope"]}, now=NOON)
    return made


def propose(team: Team, cast: SimpleNamespace, **change: Any) -> ProfileProposal:
    words = {"field": "avoid", "text": "No calls before the first finding.", "reason": REASON} | change
    return proposals.propose(team=team, person=cast.mia, now=NOON, **words)


def test_taken_up_it_is_a_version_with_the_words_of_who_proposed(team: Team, cast: SimpleNamespace) -> None:
    proposal = propose(team, cast)
    answered = proposals.accept(team=team, proposal_id=proposal.pk, person=cast.rosa, answer=" Yes. ", now=NOON)
    assert (answered.state, answered.answer, answered.answered_by) == (ProposalState.ACCEPTED, "Yes.", cast.rosa)
    made = EngagementProfile.objects.get(version=2)
    assert answered.made == made
    assert (made.avoid, made.reach, made.author, made.confirmed_by) == (proposal.text, "Chat", cast.mia, cast.rosa)
    verbs = AuditEntry.objects.filter(data__proposal=proposal.pk).values_list("verb", flat=True)
    assert sorted(verbs) == ["profile.proposal_accepted", "profile.proposed"]


def test_not_taken_up_it_has_the_words_of_the_team(team: Team, cast: SimpleNamespace) -> None:
    proposal = propose(team, cast)
    with pytest.raises(Invalid) as refused:
        proposals.reject(team=team, proposal_id=proposal.pk, person=cast.rosa, answer=" ", now=NOON)
    assert refused.value.field == "answer"
    answered = proposals.reject(team=team, proposal_id=proposal.pk, person=cast.rosa, answer="We need them.", now=NOON)
    assert (answered.state, answered.made) == (ProposalState.REJECTED, None)
    assert EngagementProfile.objects.count() == 1
    assert [row.answer for row in queries.of_person(cast.mia)] == ["We need them."]
    assert queries.waiting_for(cast.rosa) == []


def test_facts_and_minutes_are_proposed_as_text(team: Team, cast: SimpleNamespace) -> None:
    facts = propose(team, cast, field="facts_wanted", text="since\n\nscope")
    minutes = propose(team, cast, field="ask_again_minutes", text=" 20 ")
    for proposal in (facts, minutes):
        proposals.accept(team=team, proposal_id=proposal.pk, person=cast.rosa, now=NOON)
    current = EngagementProfile.objects.get(version=3)
    assert (current.facts_wanted, current.ask_again_minutes) == (["since", "scope"], 20)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"text": "x" * 2001}, "text"),
        ({"field": "mood"}, "field"),
        ({"field": "ask_again_minutes", "text": "soon"}, "text"),
        ({"field": "ask_again_minutes", "text": "0"}, "text"),
        ({"field": "facts_wanted", "text": "x" * 121}, "text"),
    ],
)
def test_what_cannot_be_proposed_is_named(
    team: Team, cast: SimpleNamespace, change: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        propose(team, cast, **change)
    assert refused.value.field == field
    assert not ProfileProposal.objects.exists()


def test_nobody_proposes_what_it_says_or_what_waits(team: Team, cast: SimpleNamespace) -> None:
    with pytest.raises(proposals.SaysSo):
        propose(team, cast, field="reach", text=" Chat ")
    propose(team, cast)
    with pytest.raises(proposals.SaysSo):
        propose(team, cast)


def test_the_team_alone_decides_and_once(team: Team, cast: SimpleNamespace) -> None:
    proposal = propose(team, cast)
    for person in (cast.mia, cast.nils, cast.ada):
        with pytest.raises(Forbidden):
            proposals.accept(team=team, proposal_id=proposal.pk, person=person, now=NOON)
        with pytest.raises(Forbidden):
            proposals.reject(team=team, proposal_id=proposal.pk, person=person, answer="No", now=NOON)
    proposals.accept(team=team, proposal_id=proposal.pk, person=cast.rosa, now=NOON)
    with pytest.raises(proposals.AlreadyAnswered):
        proposals.reject(team=team, proposal_id=proposal.pk, person=cast.rosa, answer="No", now=NOON)
    other = factories.team(slug="network", members=(cast.rosa,))
    with pytest.raises(Missing):
        proposals.accept(team=other, proposal_id=proposal.pk, person=cast.rosa, now=NOON)


def test_taking_up_does_not_overwrite_what_was_not_read(team: Team, cast: SimpleNamespace) -> None:
    proposal = propose(team, cast)
    profiles.write(team=team, person=cast.rosa, fields={"avoid": "@all"}, now=NOON)
    with pytest.raises(profiles.Outdated):
        proposals.accept(team=team, proposal_id=proposal.pk, person=cast.rosa, now=NOON, version=1)
    proposals.accept(team=team, proposal_id=proposal.pk, person=cast.rosa, now=NOON, version=2)


def test_a_team_without_a_profile_gets_its_first_by_a_proposal(cast: SimpleNamespace) -> None:
    bare = factories.team(slug="network", members=(cast.rosa,))
    proposal = propose(bare, cast)
    proposals.accept(team=bare, proposal_id=proposal.pk, person=cast.rosa, now=NOON, version=0)
    assert bare.profiles.get().avoid == proposal.text


def test_each_says_once_whether_a_version_proved_right(team: Team, cast: SimpleNamespace) -> None:
    proposals.vote(team=team, person=cast.mia, is_accurate=True, now=NOON, version=1)
    proposals.vote(team=team, person=cast.mia, is_accurate=False, now=NOON)
    proposals.vote(team=team, person=cast.omar, is_accurate=True, now=NOON)
    assert ProfileVote.objects.count() == 2
    card = queries.card(team, viewer=cast.mia, today=TODAY)
    assert (card.accuracy.right, card.accuracy.wrong, card.own_vote) == (1, 1, False)
    assert queries.card(team, viewer=cast.nils, today=TODAY).own_vote is None


def test_whose_vote_does_not_count(team: Team, cast: SimpleNamespace) -> None:
    with pytest.raises(Forbidden):
        proposals.vote(team=team, person=cast.rosa, is_accurate=True, now=NOON)
    with pytest.raises(profiles.Outdated):
        proposals.vote(team=team, person=cast.mia, is_accurate=True, now=NOON, version=7)
    with pytest.raises(profiles.NothingToConfirm):
        proposals.vote(team=factories.team(slug="network"), person=cast.mia, is_accurate=True, now=NOON)


def test_uses_are_incidents_that_the_reader_may_see_never_viewers(team: Team, cast: SimpleNamespace) -> None:
    seen, hidden = kit.incident(manager=cast.mia), kit.incident(manager=cast.mia, is_private=True)
    for incident in (seen, hidden):
        engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    engagements.release(engagement_id=seen.engagements.get().pk, person=cast.mia, now=NOON)
    engagements.engage(reference=seen.reference, team=team, person=cast.mia, now=NOON)
    for _again in range(3):
        assert queries.card(team, viewer=cast.nils, today=TODAY).used == 1
    assert queries.card(team, viewer=cast.mia, today=TODAY).used == 2


def test_versions_say_what_each_changed(team: Team, cast: SimpleNamespace) -> None:
    profiles.write(team=team, person=cast.rosa, fields={"reach": "Phone", "facts_wanted": ["scope", "since"]}, now=NOON)
    newest, first = queries.versions(team, viewer=cast.mia)
    assert [change.name for change in newest.changes] == ["reach", "facts_wanted"]
    assert [(piece.kind, piece.text) for piece in newest.changes[0].pieces] == [("taken", "Chat"), ("added", "Phone")]
    assert [change.name for change in first.changes] == ["reach", "facts_wanted", "ask_again_minutes"]
