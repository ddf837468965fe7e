"""Closing an incident: the whole checklist on one page, saved line by line or answered and closed in one go."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.choices import FINAL_STATES, IncidentState
from incidents.forms.closing import ClosingForm
from incidents.models import Incident
from incidents.queries import closure
from incidents.services.states import closing, lifecycle
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_READERS, act=roles.CLOSERS)
@require_http_methods(["GET", "POST"])
def checklist(request: PersonRequest, reference: str) -> HttpResponse:
    """Every line of domain.md 1.8; the answers are kept whether or not the incident can be closed with them."""
    incident = incident_or_404(request, reference)
    found = closure.of(incident, now=timezone.now())
    form = ClosingForm(request.POST or None, items=found.items)
    if request.method != "POST":
        return _page(request, incident, found, form)
    saved = attempt(
        form,
        lambda: closing.answer(reference=reference, person=request.user, answers=form.answers(), now=timezone.now()),
    )
    if not saved:
        return _page(request, incident, found, form)
    if request.POST.get("deed") == "close" and request.user.has_role(*roles.COMMANDERS):
        return _close(request, reference)
    messages.success(request, _("Your answers are saved."))
    return redirect("closing", reference=reference)


def _close(request: PersonRequest, reference: str) -> HttpResponse:
    try:
        lifecycle.transition(reference=reference, to=IncidentState.CLOSED, person=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, _("Your answers are saved. %s") % refusal.message)
        return redirect("closing", reference=reference)
    messages.success(request, _("Closed. Thank you."))
    return redirect(addresses.incident(reference))


def _page(request: PersonRequest, incident: Incident, found: closure.Checklist, form: ClosingForm) -> HttpResponse:
    context = {
        "incident": incident,
        "checklist": found,
        "form": form,
        "may_answer": request.user.has_role(*roles.CLOSERS) and incident.state not in FINAL_STATES,
        "may_close": request.user.has_role(*roles.COMMANDERS) and incident.state == IncidentState.RESOLVED,
        "is_accountable": found.accountable == request.user.pk,
    }
    return render(request, "incidents/closing.html", context, status=422 if form.errors else 200)
