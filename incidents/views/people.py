"""Roles and commitments on a page: each also works without JavaScript, and returns to the room."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.choices import IncidentRole
from incidents.forms import people as forms
from incidents.models import Commitment, Engagement, Incident, RoleAssignment
from incidents.queries import people as queries
from incidents.rules import duties
from incidents.services.accountability import commitments, people
from incidents.views.acts import form_page
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.models import Team
from teams.queries import naming
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def assign(request: PersonRequest, reference: str) -> HttpResponse:
    """Give a role to somebody, with what each role asks of its holder beside the form."""
    incident = incident_or_404(request, reference)
    teams, engaged = _teams(incident)
    initial = {name: request.GET.get(name, "") for name in ("role", "instead_of")}
    form = forms.RoleForm(request.POST or None, teams=teams, initial=initial)
    if request.method == "POST" and attempt(
        form, lambda: people.assign(reference=reference, person=request.user, now=timezone.now(), **form.cleaned_data)
    ):
        return redirect(f"{addresses.incident(reference)}#roles")
    return form_page(
        request, incident=incident, form=form, title=_("Give a role"), button=_("Give the role"),
        template="incidents/role.html", likely=naming.likely(roles=roles.WRITERS, team_ids=engaged),
        holders=queries.holders(incident),
        duties=[(str(role.label), duties.DUTIES[role]) for role in IncidentRole],
    )  # fmt: skip


@access.allow(read=(), act=roles.ROOM_WRITERS)
@require_POST
def scribe(request: PersonRequest, reference: str) -> HttpResponse:
    """One press: I write the log."""
    incident_or_404(request, reference)
    return _done(
        request,
        reference,
        lambda: people.assign(
            reference=reference,
            role=IncidentRole.SCRIBE,
            to=request.user,
            person=request.user,
            now=timezone.now(),
        ),
        success=_("You are the scribe. %s") % duties.DUTIES[duties.SCRIBE],
    )


@access.allow(read=(), act=roles.ROOM_WRITERS)
@require_POST
def end(request: PersonRequest, reference: str, assignment_id: int) -> HttpResponse:
    """The role is not needed any more, or somebody else has it now."""
    incident = incident_or_404(request, reference)
    if not RoleAssignment.objects.filter(pk=assignment_id, incident=incident).exists():
        raise Http404
    verb = lambda: people.end(assignment_id=assignment_id, person=request.user, now=timezone.now())  # noqa: E731
    return _done(request, reference, verb)


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def commit(request: PersonRequest, reference: str) -> HttpResponse:
    """Promise something to a team; the team sees it."""
    incident = incident_or_404(request, reference)
    teams, _engaged = _teams(incident)
    form = forms.CommitmentForm(request.POST or None, teams=teams, initial={"team": request.GET.get("team", "")})
    if request.method == "POST" and attempt(
        form,
        lambda: commitments.make(reference=reference, person=request.user, now=timezone.now(), **form.cleaned_data),
    ):
        return redirect(f"{addresses.incident(reference)}#roles")
    return form_page(
        request, incident=incident, form=form, title=_("Promise something to a team"), button=_("Promise it"),
        lead=_("The team sees it in this room, and it stands in the brief of every handover until it is kept."),
    )  # fmt: skip


@access.allow(read=(), act=roles.ROOM_WRITERS)
@require_POST
def keep(request: PersonRequest, reference: str, commitment_id: int) -> HttpResponse:
    """It is kept."""
    incident = incident_or_404(request, reference)
    if not Commitment.objects.filter(pk=commitment_id, incident=incident).exists():
        raise Http404
    verb = lambda: commitments.keep(commitment_id=commitment_id, person=request.user, now=timezone.now())  # noqa: E731
    return _done(request, reference, verb)


def _done(request: PersonRequest, reference: str, verb: Callable[[], Any], *, success: str = "") -> HttpResponse:
    try:
        verb()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        if success:
            messages.success(request, success)
    return redirect(f"{addresses.incident(reference)}#roles")


def _teams(incident: Incident) -> tuple[list[Team], list[int]]:
    """Active teams, those at work first; and which are at work."""
    engaged = list(
        Engagement.objects.filter(incident=incident, released_at=None)
        .order_by("asked_at")
        .values_list("team", flat=True)
    )
    teams = list(Team.objects.filter(is_active=True).order_by("name"))
    return sorted(teams, key=lambda team: team.pk not in engaged), engaged
