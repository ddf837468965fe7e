"""The directory of teams, and one team's card."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mim_portal.lib import access
from mim_portal.lib.refusals import Refusal
from teams.forms import PROFILE_TEXTS, ProfileForm
from teams.models import Team
from teams.queries import calling
from teams.requests import PersonRequest
from teams.rules import roles
from teams.services import profiles


@access.allow(read=roles.ROOM_READERS)
@require_GET
def directory(request: PersonRequest) -> HttpResponse:
    """Every active team with its services and whether its profile is confirmed."""
    teams = Team.objects.filter(is_active=True).prefetch_related("services", "profiles").order_by("name")
    return render(request, "teams/directory.html", {"teams": list(teams)})


@access.allow(read=roles.ROOM_READERS)
@require_GET
def team(request: PersonRequest, slug: str) -> HttpResponse:
    """The card: whom to call now, and how the team works best."""
    found = get_object_or_404(Team, slug=slug)
    now = timezone.now()
    return render(
        request,
        "teams/team.html",
        {
            "team": found,
            "profile": calling.current_profile(found),
            "on_shift": calling.team_on_shift(found, at=now),
            "contacts": list(found.contacts.order_by("position")),
            "services": list(found.services.order_by("name")),
            "members": list(found.memberships.select_related("person").order_by("-is_lead", "person__username")),
            "may_edit": profiles.may_edit(team=found, person=request.user),
            "today": now.date(),
        },
    )


@access.allow(read=roles.ROOM_READERS, act=roles.ROOM_READERS)
@require_http_methods(["GET", "POST"])
def profile(request: PersonRequest, slug: str) -> HttpResponse:
    """The team writes a new version of its profile."""
    found = get_object_or_404(Team, slug=slug)
    latest = calling.current_profile(found)
    initial = {name: getattr(latest, name) for name in (*PROFILE_TEXTS, "ask_again_minutes")} if latest else {}
    if latest:
        initial["facts_wanted"] = "\n".join(latest.facts_wanted)
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            profiles.write(team=found, person=request.user, fields=form.cleaned_data, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved as a new version."))
            return redirect("team", slug=slug)
    return render(request, "teams/profile.html", {"team": found, "form": form}, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def confirm(request: PersonRequest, slug: str) -> HttpResponse:
    """The newest version still holds."""
    found = get_object_or_404(Team, slug=slug)
    try:
        profiles.confirm(team=found, person=request.user, now=timezone.now())
        messages.success(request, _("Confirmed. We ask again in six months."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("team", slug=slug)
