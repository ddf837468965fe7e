"""The directory of teams, and one team's card."""

from collections.abc import Mapping
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mim_portal.lib import access
from teams.choices import ProfileField
from teams.models import EngagementProfile, Team
from teams.queries import calling, hours
from teams.queries import profiles as queries
from teams.requests import PersonRequest
from teams.rules import profiles as rules
from teams.rules import roles
from teams.services import profiles


@access.allow(read=roles.ROOM_READERS)
@require_GET
def directory(request: PersonRequest) -> HttpResponse:
    """Every active team with the state of its profile; what waits for the reader, what became of their proposals."""
    today = timezone.now().date()
    teams = Team.objects.filter(is_active=True).prefetch_related("services", "profiles").order_by("name")
    return render(
        request,
        "teams/directory.html",
        {
            "teams": [(team, *_profile(team, today=today)) for team in teams],
            "waiting": queries.waiting_for(request.user),
            "own": queries.of_person(request.user),
            "may_add": request.user.has_role(*roles.ADMINISTRATORS),
        },
    )


def _profile(team: Team, *, today: date) -> tuple[EngagementProfile | None, bool]:
    """The team's newest profile, and whether its review is overdue."""
    newest = max(team.profiles.all(), key=lambda one: one.version, default=None)
    return newest, newest is not None and rules.is_stale(review_date=newest.review_date, today=today)


@access.allow(read=roles.ROOM_READERS)
@require_GET
def team(request: PersonRequest, slug: str) -> HttpResponse:
    """The card: whom to call now, and how the team works best."""
    return card(request, get_object_or_404(Team, slug=slug))


def card(request: PersonRequest, found: Team, *, refused: Mapping[str, object] | None = None) -> HttpResponse:
    """The page of one team; `refused` is an answer to a proposal that could not be taken, with what was typed."""
    now = timezone.now()
    state = hours.state(found, at=now)
    return render(
        request,
        "teams/team.html",
        {
            "team": found,
            "card": queries.card(found, viewer=request.user, today=now.date()),
            "on_shift": calling.team_on_shift(found, at=now),
            "hours": state,
            "contacts": hours.ways(found, is_in=state.is_in),
            "services": list(found.services.order_by("name")),
            "members": list(found.memberships.select_related("person").order_by("-is_lead", "person__username")),
            "may_edit": profiles.may_edit(team=found, person=request.user),
            "may_propose": request.user.has_role(*roles.ROOM_WRITERS),
            "labels": dict(ProfileField.choices),
            "refused": refused,
        },
        status=422 if refused else 200,
    )
