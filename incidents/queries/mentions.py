"""Whom a note of an incident may mention: those who may read it, and nobody else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from incidents.models import CommandTenure, Incident, IncidentMember
from incidents.rules import mentions as rules
from teams.models import Person, Team
from teams.rules import roles

SUGGESTED = 8


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Somebody who can be mentioned, as the list under the note shows them."""

    handle: str
    name: str
    is_team: bool


def readers(incident: Incident) -> QuerySet[Person]:
    """Active people who may open the room: by role, and of a private incident only its members and managers."""
    people = Person.objects.filter(is_active=True, roles__overlap=sorted(roles.ROOM_READERS))
    if not incident.is_private:
        return people
    member = IncidentMember.objects.filter(incident=incident, person=OuterRef("pk"))
    managed = CommandTenure.objects.filter(incident=incident, manager=OuterRef("pk"))
    return people.filter(Q(Exists(member)) | Q(Exists(managed)))


def known(incident: Incident, handles: Sequence[str]) -> rules.Known:
    """Who of the readers and which active teams these handles stand for; no query where there is no handle.

    A private incident mentions people only: nobody can say in advance who reads for a team.
    """
    if not handles:
        return rules.Known(people={}, teams={})
    people = readers(incident).annotate(handle=Lower("username")).filter(handle__in=handles)
    teams = Team.objects.none() if incident.is_private else Team.objects.filter(is_active=True, slug__in=handles)
    return rules.Known(
        people=dict(people.values_list("handle", "pk")),
        teams=dict(teams.values_list("slug", "pk")),
    )


def suggestions(incident: Incident, typed: str) -> list[Suggestion]:
    """People and teams whose handle or name begins so, in the order of the alphabet; two queries."""
    words = typed.strip().lower()[: rules.LONGEST]
    begins = Q(username__istartswith=words) | Q(first_name__istartswith=words) | Q(last_name__istartswith=words)
    people = readers(incident).filter(begins).order_by("first_name", "last_name", "pk")[:SUGGESTED]
    found = [Suggestion(handle=one.username, name=one.name, is_team=False) for one in people]
    if incident.is_private or len(found) == SUGGESTED:
        return found
    teams = Team.objects.filter(Q(slug__istartswith=words) | Q(name__istartswith=words), is_active=True)
    rest = teams.order_by("name", "pk")[: SUGGESTED - len(found)]
    return found + [Suggestion(handle=team.slug, name=team.name, is_team=True) for team in rest]


def told(incident: Incident, *, people: Iterable[int], teams: Iterable[int]) -> QuerySet[Person]:
    """Who hears of a mention: the people themselves, and the members of the teams, as far as they may read it now."""
    wanted = Q(pk__in=list(people)) | Q(memberships__team__in=list(teams))
    return readers(incident).filter(wanted).exclude(email="").distinct().order_by("pk")
