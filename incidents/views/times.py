"""The times of an incident on a page: each with where it comes from, what it was before, and what is missing."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents.forms import record as forms
from incidents.models import Incident
from incidents.queries import times
from incidents.services.record import details
from incidents.views.acts import form_page
from incidents.views.base import incident_or_404
from mim_portal.lib import access
from mim_portal.lib import times as written
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_READERS)
@require_GET
def every_time(request: PersonRequest, reference: str) -> HttpResponse:
    """All of them, in the order of an incident's life."""
    return _page(request, incident_or_404(request, reference), forms.UnknownTimesForm())


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def unknown(request: PersonRequest, reference: str) -> HttpResponse:
    """What is missing is not known, for one reason."""
    incident = incident_or_404(request, reference)
    form = forms.UnknownTimesForm(request.POST)
    if attempt(
        form,
        lambda: details.mark_unknown(
            reference=reference, person=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
    ):
        messages.success(request, _("Recorded as not known."))
        return redirect("times", reference=reference)
    return _page(request, incident, form)


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def one_time(request: PersonRequest, reference: str, name: str) -> HttpResponse:
    """Give or correct one; every value before it stays."""
    incident = incident_or_404(request, reference)
    row = times.row(incident, name)
    if row is None or row.is_fixed:
        raise Http404
    initial = {"at": row.at, "precision": row.latest.precision if row.latest else "exact"}
    form = forms.TimeForm(request.POST or None, initial=initial)
    if request.method == "POST" and attempt(
        form,
        lambda: details.record_times(
            reference=reference,
            given={name: form.cleaned_data["at"]},
            person=request.user,
            precision=form.cleaned_data["precision"] or "exact",
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ),
    ):
        _tell(request, reference, name)
        return redirect("times", reference=reference)
    return form_page(
        request, incident=incident, form=form, title=row.label, button=_("Save the time"),
        template="incidents/time.html", row=row,
    )  # fmt: skip


def _tell(request: PersonRequest, reference: str, name: str) -> None:
    """Saved; and where the time now stands before what came before it, which two those are."""
    messages.success(request, _("Saved. The value before it stays on record."))
    for warning in times.warnings(incident_or_404(request, reference)):
        if name in (warning.earlier, warning.later):
            messages.warning(request, warning.message)


def _written(at: str) -> str:
    return written.date_time(datetime.fromisoformat(at), timezone.get_current_timezone())


def _page(request: PersonRequest, incident: Incident, form: forms.UnknownTimesForm) -> HttpResponse:
    found = times.of(incident)
    first = {code: _written(at) for code, at in found.elsewhere.get("first_comms_at", {}).items()}
    context = {
        "incident": incident,
        "times": found,
        "may_edit": request.user.has_role(*roles.COMMANDERS),
        "form": form,
        "first_comms": [(code.replace("_", " ").capitalize(), at) for code, at in first.items()],
    }
    return render(request, "incidents/times.html", context, status=422 if form.is_bound else 200)
