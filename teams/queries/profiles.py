"""What a team says about how it works: the version that holds, how it came to be, what others propose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from mim_portal.lib import hooks, word_diff
from teams.choices import ProposalState
from teams.models import EngagementProfile, Person, ProfileProposal, ProfileVote, Team
from teams.queries import calling
from teams.rules import profiles as rules


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one field came to say."""

    name: str
    pieces: Sequence[word_diff.Piece]


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version with what it changed; `used` counts incidents, never people."""

    profile: EngagementProfile
    changes: Sequence[Change]
    used: int
    accuracy: rules.Accuracy


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A proposal beside what the profile says now."""

    row: ProfileProposal
    pieces: Sequence[word_diff.Piece]


@dataclass(frozen=True, kw_only=True)
class Card:
    """What stands on the team's page; `own_vote` is the reader's own, no other person's is told."""

    profile: EngagementProfile | None
    is_stale: bool
    missing: Sequence[str]
    used: int
    accuracy: rules.Accuracy
    own_vote: bool | None
    waiting: Sequence[Proposed]
    answered: Sequence[ProfileProposal]


def card(team: Team, *, viewer: Person, today: date) -> Card:
    """In five queries, whatever the team has."""
    profile = calling.current_profile(team)
    votes = (
        {}
        if profile is None
        else dict(ProfileVote.objects.filter(profile=profile).values_list("person_id", "is_accurate"))
    )
    waiting = of_team(team).filter(state=ProposalState.OPEN).order_by("proposed_at", "id")
    return Card(
        profile=profile,
        is_stale=profile is not None and rules.is_stale(review_date=profile.review_date, today=today),
        missing=rules.missing(_fields(profile) if profile else None),
        used=uses([profile.pk], viewer=viewer).get(profile.pk, 0) if profile else 0,
        accuracy=rules.accuracy(votes.values()),
        own_vote=votes.get(viewer.pk),
        waiting=[_beside(row, profile) for row in waiting],
        answered=list(of_team(team).exclude(state=ProposalState.OPEN).order_by("-answered_at", "-id")[:10]),
    )


def versions(team: Team, *, viewer: Person) -> list[Version]:
    """Every version, newest first, each against the one before it."""
    rows = list(team.profiles.select_related("author", "confirmed_by").order_by("version"))
    used = uses([row.pk for row in rows], viewer=viewer)
    votes: dict[int, list[bool]] = {}
    for pk, is_accurate in ProfileVote.objects.filter(profile__in=rows).values_list("profile_id", "is_accurate"):
        votes.setdefault(pk, []).append(is_accurate)
    before: Iterable[EngagementProfile | None] = [None, *rows]
    shown = [
        Version(
            profile=row,
            changes=_changes(earlier, row),
            used=used.get(row.pk, 0),
            accuracy=rules.accuracy(votes.get(row.pk, [])),
        )
        for earlier, row in zip(before, rows, strict=False)
    ]
    return shown[::-1]


def uses(profile_ids: Sequence[int], *, viewer: Person) -> Mapping[int, int]:
    """In how many incidents each version was used to call the team (settings.PROFILE_USES), as the viewer may know."""
    found: dict[int, int] = {}
    for source in hooks.registered("PROFILE_USES"):
        for pk, count in source(profile_ids, viewer=viewer).items():
            found[pk] = found.get(pk, 0) + count
    return found


def of_team(team: Team) -> QuerySet[ProfileProposal]:
    """What was proposed to the team."""
    return ProfileProposal.objects.filter(team=team).select_related("proposed_by", "answered_by", "made")


def of_person(person: Person) -> list[ProfileProposal]:
    """What became of the person's own proposals, newest first."""
    return list(
        ProfileProposal.objects.filter(proposed_by=person)
        .select_related("team", "answered_by", "made")
        .order_by("-proposed_at", "-id")[:10]
    )


def waiting_for(person: Person) -> list[ProfileProposal]:
    """What the person's teams have not answered yet, the longest waiting first."""
    return list(
        ProfileProposal.objects.filter(team__memberships__person=person, state=ProposalState.OPEN)
        .select_related("team", "proposed_by")
        .order_by("proposed_at", "id")
    )


def _fields(profile: EngagementProfile) -> dict[str, object]:
    return {name: getattr(profile, name) for name in rules.FIELDS}


def _changes(before: EngagementProfile | None, after: EngagementProfile) -> list[Change]:
    old, new = _fields(before) if before else {}, _fields(after)
    return [
        Change(name=name, pieces=word_diff.diff(rules.as_text(old.get(name)), rules.as_text(new[name])))
        for name in rules.differing(old, new)
    ]


def _beside(row: ProfileProposal, profile: EngagementProfile | None) -> Proposed:
    now = rules.as_text(getattr(profile, row.field)) if profile else ""
    return Proposed(row=row, pieces=word_diff.diff(now, row.text))
