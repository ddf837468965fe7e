"""An incident's estimate for executives: given, read by a second person, taken back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comms.forms.estimates import EstimateForm
from comms.models import Estimate
from comms.queries import estimates as queries
from comms.rendering import estimates as words
from comms.services import estimates
from incidents.views.base import incident_or_404
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

_READERS = roles.ROOM_WRITERS | roles.SECOND_READERS


@access.allow(read=_READERS, act=roles.WRITERS)
@require_http_methods(["GET", "POST"])
def page(request: PersonRequest, reference: str) -> HttpResponse:
    """What executives read now, what waits for a second person, and the form for another one."""
    incident = incident_or_404(request, reference)
    form, now = EstimateForm(request.POST or None), timezone.now()
    if request.method == "POST" and attempt(
        form, lambda: estimates.say(reference=reference, person=request.user, now=now, **form.cleaned_data)
    ):
        return redirect("estimate", reference=reference)
    rows, zone = queries.of_incident(incident), timezone.get_current_timezone()
    shown = next((row for row in rows if row.approved_at and not row.withdrawn_at), None)
    waiting = [row for row in rows if not row.approved_at and not row.withdrawn_at]
    context = {
        "incident": incident,
        "form": form,
        "shown": shown,
        "line": words.line(shown, at=now, zone=zone),
        "waiting": [(row, words.line(row, at=now, zone=zone)) for row in waiting],
        "may_write": request.user.has_role(*roles.WRITERS),
    }
    return render(request, "comms/estimate.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=_READERS)
@require_POST
def step(request: PersonRequest, reference: str, pk: int, deed: str) -> HttpResponse:
    """Approved by a second person, or taken back."""
    incident = incident_or_404(request, reference)
    verb = {"approve": estimates.approve, "withdraw": estimates.withdraw}.get(deed)
    if verb is None or not Estimate.objects.filter(pk=pk, incident=incident).exists():
        raise Http404
    try:
        verb(estimate_id=pk, person=request.user, now=timezone.now())
        messages.success(request, _("Executives read it now.") if deed == "approve" else _("It is taken back."))
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, refusal.message)
    return redirect("estimate", reference=reference)
