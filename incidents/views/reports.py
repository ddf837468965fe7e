"""“Add to this one”: from the desk's form in one press, or from a page of its own, also while a room runs."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.forms.reports import DeskReportForm, from_raise_form
from incidents.models import DeskReport, Incident
from incidents.queries import callers, desk
from incidents.queries import reports as queries
from incidents.services.desk import reports
from incidents.services.record import attachments
from incidents.views import raising_files
from incidents.views.base import incident_or_404
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.models import Site
from teams.requests import PersonRequest
from teams.rules import roles

_SHOWN = 20


@access.allow(read=roles.CANDIDATE_READERS, act=roles.RAISERS)
@require_http_methods(["GET", "POST"])
def of_incident(request: PersonRequest, reference: str) -> HttpResponse:
    """What the desk has heard of an incident, and one more caller."""
    incident = incident_or_404(request, reference)
    address = reverse("incident-reports", kwargs={"reference": reference})
    form = _form(request)
    if request.method == "POST" and (added := _added(request, form, reports.add_to_incident, reference)):
        return _told(request, added)
    context = {
        "incident": incident,
        "so_far": queries.totals(incident),
        "rows": queries.of_incident(incident)[:_SHOWN],
        "script": callers.of_incident(incident, now=timezone.now()),
    }
    return _page(request, form, address, reference, context)


@access.allow(read=roles.CANDIDATE_READERS, act=roles.RAISERS)
@require_http_methods(["GET", "POST"])
def of_candidate(request: PersonRequest, reference: str) -> HttpResponse:
    """The same for a candidate that waits; where it was accepted meanwhile, the caller goes to the incident."""
    candidate = desk.get(person=request.user, reference=reference)
    if candidate is None:
        raise Http404
    address = reverse("candidate-reports", kwargs={"reference": reference})
    form = _form(request)
    if request.method == "POST" and (added := _added(request, form, reports.add_to_candidate, reference)):
        return _told(request, added)
    context = {
        "candidate": candidate,
        "so_far": queries.totals_of_candidate(candidate),
        "rows": queries.of_candidate(candidate)[:_SHOWN],
        "script": callers.of_candidate(candidate, now=timezone.now()),
    }
    return _page(request, form, address, reference, context)


def _form(request: PersonRequest) -> DeskReportForm:
    if request.method == "GET":
        return DeskReportForm()
    is_from_desk = "cannot_do" in request.POST
    return DeskReportForm(from_raise_form(request.POST.dict()) if is_from_desk else request.POST)


def _added(
    request: PersonRequest, form: DeskReportForm, verb: Callable[..., DeskReport], reference: str
) -> DeskReport | None:
    """The new report, or None where the form has something to say."""
    done: list[DeskReport] = []
    draft = request.POST.get("draft", "")
    draft_id = int(draft) if draft.isdecimal() and len(draft) < 18 else None
    attempt(
        form,
        lambda: done.append(
            verb(
                reference=reference,
                person=request.user,
                now=timezone.now(),
                draft_id=draft_id,
                **form.fields_of(),
            )
        ),
    )
    return done[0] if done else None


def _told(request: PersonRequest, added: DeskReport) -> HttpResponse:
    """To where the agent reads what to tell the caller."""
    if added.incident is not None:
        so_far, reference = queries.totals(added.incident), added.incident.reference
        address = reverse("incident-reports", kwargs={"reference": reference})
        wrong = raising_files.attach_late(request, attachments.add_to_incident, reference)
    else:
        assert added.candidate is not None
        so_far, reference = queries.totals_of_candidate(added.candidate), str(added.candidate.reference)
        address = reverse("candidate", kwargs={"reference": reference})
        wrong = raising_files.attach_late(request, attachments.add_to_candidate, reference)
    for words in wrong:
        messages.warning(request, words)
    values = {"reference": reference, "totals": so_far.words}
    messages.success(request, _("Added to %(reference)s. Desk reports so far: %(totals)s.") % values)
    return redirect(address)


def _page(
    request: PersonRequest, form: DeskReportForm, address: str, reference: str, context: Mapping[str, Any]
) -> HttpResponse:
    about: Incident | None = context.get("incident")
    words = {
        "form": form,
        "address": address,
        "reference": reference,
        "may_add": request.user.has_role(*roles.RAISERS),
        "sites": list(Site.objects.order_by("name").values_list("name", flat=True)[:200]),
        "title": about.title if about else context["candidate"].title,
        **context,
    }
    return render(request, "incidents/desk_reports.html", words, status=422 if form.is_bound else 200)
