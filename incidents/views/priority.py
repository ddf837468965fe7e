"""The priority of an incident: how it comes about, what it was, and what is asked before it goes down."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.choices import EntryKind
from incidents.forms.priority import PriorityForm
from incidents.models import Incident
from incidents.queries import facets
from incidents.queries import timeline as timeline_queries
from incidents.rules import priority as rules
from incidents.services.states import lifecycle
from incidents.views.acts import form_page
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def priority(request: PersonRequest, reference: str) -> HttpResponse:
    """Set impact, urgency or the priority itself; one that went down leads on to the message that says so."""
    incident = incident_or_404(request, reference)
    before = incident.priority
    form = PriorityForm(request.POST or None, initial={"impact": incident.impact, "urgency": incident.urgency})
    if request.method == "POST" and attempt(
        form,
        lambda: lifecycle.set_priority(
            reference=reference,
            impact=form.cleaned_data["impact"],
            urgency=form.cleaned_data["urgency"],
            priority=form.cleaned_data["priority"] or None,
            reason=form.cleaned_data["reason"],
            downgrade=form.downgrade(),
            person=request.user,
            now=timezone.now(),
        ),
    ):
        return _after(request, incident_or_404(request, reference), before=before)
    return form_page(
        request, incident=incident, form=form, title=_("Priority"), button=_("Set the priority"),
        template="incidents/priority.html", questions=list(rules.DOWNGRADE_QUESTIONS), history=_history(incident),
        awaiting=facets.facets([incident.pk])[incident.pk].get("awaiting_downgrade", []),
    )  # fmt: skip


def _after(request: PersonRequest, incident: Incident, *, before: str) -> HttpResponse:
    awaiting = facets.facets([incident.pk])[incident.pk].get("awaiting_downgrade", [])
    if awaiting and rules.is_downgrade(before=before, after=incident.priority):
        messages.success(
            request,
            _("Recorded. The update times stay as they were until this message is sent: say that it is %s now.")
            % incident.priority,
        )
        return redirect(addresses.new_update(incident.reference, "downgrade"))
    return redirect(addresses.incident(incident.reference))


def _history(incident: Incident) -> list[timeline_queries.Worded]:
    """Every change so far, the latest first."""
    changes = timeline_queries.entries(incident).filter(kind=EntryKind.PRIORITY_CHANGED)
    return timeline_queries.worded(list(changes))
