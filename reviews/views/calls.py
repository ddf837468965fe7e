"""The calls that a team got: its members say there what a call went against, as they do from the call's own link."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from incidents.forms.room import CallAgainstForm
from incidents.models import Engagement
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from reviews.queries import calls as queries
from reviews.services.suggesting import calls
from teams.models import Team
from teams.requests import PersonRequest
from teams.rules import roles

SHOWN = 25


@access.allow(read=roles.ROOM_READERS)
@require_GET
def of_team(request: PersonRequest, slug: str) -> HttpResponse:
    """The last thirty days, for the team itself."""
    return _page(request, _own(request, slug))


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def against(request: PersonRequest, slug: str, engagement_id: int) -> HttpResponse:
    """Said without a name: the manager of that moment is asked in private, the room hears nothing."""
    team = _own(request, slug)
    if not queries.of_team(team, viewer=request.user, now=timezone.now()).filter(pk=engagement_id).exists():
        raise Http404
    form = CallAgainstForm(request.POST, has_profile=True)  # the service says where there was none
    if attempt(
        form,
        lambda: calls.against_profile(
            engagement_id=engagement_id, against=form.cleaned_data["against"], now=timezone.now()
        ),
    ):
        messages.success(request, _("Noted, without your name."))
        return redirect(addresses.team_calls(slug))
    return _page(request, team, refused=engagement_id, form=form)


def _page(
    request: PersonRequest, team: Team, *, refused: int | None = None, form: CallAgainstForm | None = None
) -> HttpResponse:
    rows = [
        (row, form if form is not None and row.pk == refused else _form(row))
        for row in queries.of_team(team, viewer=request.user, now=timezone.now())[:SHOWN]
    ]
    context = {"team": team, "rows": rows, "refused": refused}
    return render(request, "reviews/calls.html", context, status=422 if form is not None else 200)


def _form(call: Engagement) -> CallAgainstForm:
    has_profile = call.profile is not None and call.profile.confirmed_at is not None
    return CallAgainstForm(auto_id=f"id_%s_{call.pk}", has_profile=has_profile)


def _own(request: PersonRequest, slug: str) -> Team:
    team = get_object_or_404(Team, slug=slug)
    if not request.user.is_member(team.pk):
        raise PermissionDenied(queries.MEMBERS_ONLY % team.name)
    return team
