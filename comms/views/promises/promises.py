"""A running incident's promises on one page: who is owed updates, which times are agreed, what is waited for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from comms.forms import promises as forms
from comms.queries.promises import owing as queries
from comms.services.promises import agreeing, owing, waiting
from comms.services.writing import holding
from incidents.choices import LIVE_STATES
from incidents.models import Incident
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles

_Verb = Callable[..., Any]


@access.allow(read=roles.WRITERS)
@require_GET
def page(request: PersonRequest, reference: str) -> HttpResponse:
    """Everything that can be agreed with the readers of this incident."""
    incident = incident_or_404(request, reference)
    return _page(request, incident, _forms(incident), status=200)


@access.allow(read=(), act=roles.WRITERS)
@require_POST
def act(request: PersonRequest, reference: str, deed: str) -> HttpResponse:
    """One of the page's forms; what was typed stays where it is refused."""
    incident, now = incident_or_404(request, reference), timezone.now()
    shown = _forms(incident, {deed: request.POST})
    if deed not in _DEEDS:
        raise Http404
    verb, said = _DEEDS[deed]
    form = shown.get(deed, Form(request.POST))
    if not attempt(form, lambda: verb(form, reference=reference, person=request.user, now=now)):
        for words in form.non_field_errors() if deed not in shown else ():
            messages.error(request, str(words))
        return _page(request, incident_or_404(request, reference), shown, status=422)
    messages.success(request, said())
    back = request.POST.get("back", "")
    if not (back.isdecimal() and len(back) < 19):
        return redirect(addresses.incident(reference))
    if deed == "waiting":
        _say(request, int(back), now=now)
    return redirect(addresses.update(int(back)))


def _say(request: PersonRequest, update_id: int, *, now: datetime) -> None:
    """The text from which somebody came says it too."""
    try:
        holding.say_waiting(update_id=update_id, person=request.user, now=now)
    except Refusal as refusal:
        messages.warning(request, refusal.message)


def _start(form: Any, **who: Any) -> None:
    owing.start(**form.cleaned_data, **who)


def _stop(form: Any, **who: Any) -> None:
    owing.stop(**form.cleaned_data, **who)


def _timetable(form: Any, **who: Any) -> None:
    agreeing.timetable(**form.agreed(), **who)


def _timetable_end(form: Any, **who: Any) -> None:
    agreeing.end_timetable(**form.cleaned_data, **who)


def _interval(form: Any, **who: Any) -> None:
    agreeing.interval(**form.cleaned_data, **who)


def _waiting(form: Any, **who: Any) -> None:
    waiting.wait(**form.cleaned_data, **who)


def _waiting_end(form: Any, *, reference: str, person: Person, now: datetime) -> None:
    waiting.end(reference=reference, person=person, now=now)


_DEEDS: dict[str, tuple[_Verb, Callable[[], str]]] = {
    "start": (_start, lambda: _("They are owed updates from now on.")),
    "stop": (_stop, lambda: _("They are no longer owed updates.")),
    "timetable": (_timetable, lambda: _("Agreed. Tell them the times in your next update.")),
    "timetable-end": (_timetable_end, lambda: _("The usual interval holds again.")),
    "interval": (_interval, lambda: _("Agreed. It holds from their next update on.")),
    "waiting": (_waiting, lambda: _("Recorded. Holding updates say it.")),
    "waiting-end": (_waiting_end, lambda: _("No longer waiting.")),
}


def _forms(incident: Incident, typed: dict[str, Any] | None = None) -> dict[str, Form]:
    given = typed or {}
    lines = queries.lines(incident)
    owed = [(line.audience.code, line.audience.name) for line in lines if line.is_owed]
    unowed = [(line.audience.code, line.audience.name) for line in lines if not line.is_owed]
    agreed = [(line.audience.code, line.audience.name) for line in lines if line.agreed]
    return {
        "start": forms.AudiencesForm(given.get("start"), audiences=unowed, auto_id="start-%s"),
        "stop": forms.AudiencesForm(given.get("stop"), audiences=owed, auto_id="stop-%s"),
        "timetable": forms.TimetableForm(given.get("timetable"), audiences=owed, auto_id="timetable-%s"),
        "timetable-end": forms.AudiencesForm(
            given.get("timetable-end"),
            audiences=agreed,
            initial={"audiences": [code for code, _name in agreed]},
            auto_id="end-%s",
        ),
        "interval": forms.IntervalForm(given.get("interval"), audiences=owed, auto_id="interval-%s"),
        "waiting": forms.WaitingForm(given.get("waiting"), auto_id="waiting-%s"),
    }


def _page(request: PersonRequest, incident: Incident, shown: dict[str, Form], *, status: int) -> HttpResponse:
    now = timezone.now()
    lines = queries.lines(incident)
    back = request.POST.get("back") or request.GET.get("back", "")
    context = {
        "incident": incident,
        "is_live": incident.state in LIVE_STATES,
        "lines": lines,
        "has_unowed": any(not line.is_owed for line in lines),
        "has_agreed": any(line.agreed for line in lines),
        "waiting_for": queries.waiting(incident),
        "question": queries.question(incident, now=now),
        "forms": shown,
        "back": back if back.isdecimal() else "",
    }
    return render(request, "comms/promises.html", context, status=status)
