"""Teams at work on incidents."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet

from incidents.choices import OPEN_ENGAGEMENTS, UNANSWERED_ENGAGEMENTS
from incidents.models import Engagement, Incident
from incidents.queries.visibility import visible_incidents
from teams.models import Person, Team


def of_incident(incident: Incident) -> QuerySet[Engagement]:
    """Every team that was asked, in order."""
    return (
        Engagement.objects.filter(incident=incident)
        .select_related("team", "profile", "asked_by", "acknowledged_by", "incident")
        .order_by("asked_at", "id")
    )


def open_of_person(person: Person) -> QuerySet[Engagement]:
    """What the person's teams are asked for and have not been released from."""
    return (
        Engagement.objects.filter(team__memberships__person=person, state__in=OPEN_ENGAGEMENTS)
        .filter(incident__in=visible_incidents(person))
        .select_related("team", "incident__service", "asked_by")
        .order_by("-asked_at")
    )


def unanswered(person: Person | AnonymousUser) -> QuerySet[Engagement]:
    """Calls for help that nobody has answered yet, the longest waiting first."""
    return (
        Engagement.objects.filter(incident__in=visible_incidents(person), state__in=UNANSWERED_ENGAGEMENTS)
        .select_related("team", "profile", "incident")
        .order_by("asked_at")
    )


def awaiting_feedback(person: Person) -> QuerySet[Engagement]:
    """Released engagements of the person's teams for which the team has not said how it went."""
    return (
        Engagement.objects.filter(team__memberships__person=person, released_at__isnull=False)
        .filter(incident__in=visible_incidents(person))
        .exclude(feedback__side="team")
        .select_related("team", "incident")
        .order_by("-released_at")
    )


def of_team(team: Team, person: Person | AnonymousUser, *, limit: int = 20) -> list[Engagement]:
    """The team's latest engagements in incidents that the person may see."""
    return list(
        Engagement.objects.filter(team=team, incident__in=visible_incidents(person))
        .select_related("incident__service", "asked_by")
        .order_by("-asked_at")[:limit]
    )


def profile_uses(profile_ids: Sequence[int], *, viewer: Person) -> Mapping[int, int]:
    """settings.PROFILE_USES: in how many incidents, of those the viewer may see, a team was called by each version."""
    counted = (
        Engagement.objects.filter(profile__in=profile_ids, incident__in=visible_incidents(viewer))
        .values_list("profile")
        .annotate(Count("incident", distinct=True))
    )
    return {pk: count for pk, count in counted if pk is not None}
