"""What an incident is called, whom it concerns and what it belongs to: details, members, links, recurrence."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.choices import FINAL_STATES
from incidents.forms import record as forms
from incidents.models import Incident, IncidentMember
from incidents.queries import audience_sources
from incidents.queries import impact as impact_queries
from incidents.queries import links as link_queries
from incidents.services import locking
from incidents.services.record import details, links
from incidents.services.states import recurrence
from incidents.views.acts import form_page
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt, take_version
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

_PLAIN = ("title", "external_ref", "bridge_url", "detection_source", "is_private", "marks")


@access.allow(read=roles.ROOM_READERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, reference: str) -> HttpResponse:
    """Title, service and the rest; where somebody else was faster, theirs stands beside what was typed."""
    incident = incident_or_404(request, reference)
    form = forms.DetailsForm(request.POST or None, initial=_initial(incident))
    if request.method != "POST" or not form.is_valid():
        return _page(request, incident, form=form)
    try:
        details.edit(
            reference=reference,
            person=request.user,
            changes=form.changes(),
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )
    except locking.Changed:
        return _conflict(request, reference, form)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, incident, form=form)
    messages.success(request, _("Saved. What it was before stays on the timeline."))
    return redirect("details", reference=reference)


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def admit(request: PersonRequest, reference: str) -> HttpResponse:
    """Let one more person see a private incident."""
    incident = incident_or_404(request, reference)
    form = forms.AdmitForm(request.POST)
    if attempt(
        form,
        lambda: details.admit(
            reference=reference, person=request.user, member=form.cleaned_data["username"], now=timezone.now()
        ),
    ):
        return redirect("details", reference=reference)
    return _page(request, incident, admit_form=form)


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def link(request: PersonRequest, reference: str) -> HttpResponse:
    """Link to another incident, and where it is a duplicate, cancel it with the same step."""
    incident = incident_or_404(request, reference)
    form = forms.LinkForm(request.POST)
    if attempt(form, lambda: links.link(reference=reference, person=request.user, now=timezone.now(), **form.given())):
        messages.success(request, _("Linked."))
        return redirect("details", reference=reference)
    return _page(request, incident, link_form=form)


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def end_link(request: PersonRequest, reference: str, link_id: int) -> HttpResponse:
    """Take a link back."""
    incident = incident_or_404(request, reference)
    try:
        links.end(link_id=link_id, reference=reference, person=request.user, now=timezone.now())
    except links.UnknownLink as unknown:
        raise Http404 from unknown
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("details", reference=incident.reference)


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def declare_recurrence(request: PersonRequest, reference: str) -> HttpResponse:
    """It is back: one button declares it again, with everything that the closed incident already knows."""
    incident = incident_or_404(request, reference)
    if request.method == "GET" and incident.state not in FINAL_STATES:
        messages.info(request, _("This incident has not ended: going back to work reopens it."))
        return redirect("transition", reference=reference)
    initial = {"title": incident.title, "impact": incident.impact, "urgency": incident.urgency}
    initial["activity"] = impact_queries.current(incident).activity
    told = audience_sources.for_declaration(impact=incident.impact, urgency=incident.urgency, service=incident.service)
    form = forms.RecurrenceForm(request.POST or None, initial=initial, audiences=told.choices, usual=told.usual)
    made: list[Incident] = []
    if request.method == "POST" and attempt(form, lambda: made.append(_declare(request, reference, form))):
        return redirect(addresses.incident(made[0].reference))
    return form_page(
        request, incident=incident, form=form, title=_("Declare the recurrence"), button=_("Declare it now"),
        lead=_("It is a new incident for %(service)s, linked to this one. You are accountable for it.")
        % {"service": incident.service.name},
    )  # fmt: skip


def _declare(request: PersonRequest, reference: str, form: forms.RecurrenceForm) -> Incident:
    given = form.cleaned_data
    return recurrence.declare(
        reference=reference,
        person=request.user,
        title=given["title"],
        impact=given["impact"],
        urgency=given["urgency"],
        impact_statement=form.statement(),
        audiences=form.chosen_audiences(),
        now=timezone.now(),
    )


def _initial(incident: Incident) -> dict[str, Any]:
    values = {name: getattr(incident, name) for name in _PLAIN}
    return values | {"service": incident.service.slug, "version": incident.version}


def _conflict(request: PersonRequest, reference: str, form: forms.DetailsForm) -> HttpResponse:
    """Theirs beside yours; sent again, yours replaces it, because then it was read."""
    incident = incident_or_404(request, reference)
    form.add_error(
        None, _("Somebody else changed this meanwhile. Theirs stands beside yours; save again to replace it.")
    )
    take_version(form, incident.version)
    theirs = [
        (form.fields[name].label, ", ".join(value) if isinstance(value, list) else value)
        for name, value in {**_initial(incident), "service": incident.service.name}.items()
        if name != "version"
    ]
    return _page(request, incident, form=form, theirs=theirs)


def _page(
    request: PersonRequest,
    incident: Incident,
    *,
    form: forms.DetailsForm | None = None,
    admit_form: forms.AdmitForm | None = None,
    link_form: forms.LinkForm | None = None,
    theirs: list[tuple[Any, Any]] | None = None,
) -> HttpResponse:
    given: Mapping[str, Any] = {"form": form, "admit_form": admit_form, "link_form": link_form}
    refused = any(one is not None and one.is_bound for one in given.values())
    members = IncidentMember.objects.filter(incident=incident).select_related("person").order_by("added_at", "id")
    context = {
        "incident": incident,
        "form": form or forms.DetailsForm(initial=_initial(incident)),
        "admit_form": admit_form or forms.AdmitForm(),
        "link_form": link_form or forms.LinkForm(),
        "theirs": theirs,
        "members": list(members) if incident.is_private else [],
        "links": link_queries.shown(incident, request.user),
        "may_edit": request.user.has_role(*roles.COMMANDERS),
        "has_ended": incident.state in FINAL_STATES,
    }
    return render(request, "incidents/details.html", context, status=422 if refused else 200)
