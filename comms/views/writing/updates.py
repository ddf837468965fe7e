"""Updates across incidents: what is due, what waits for a reader, and how a message begins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comms.choices import FINAL_KINDS, UpdateKind
from comms.forms.overview import PromiseFilterForm
from comms.forms.writing import NewUpdateForm
from comms.models import CalendarFeed, Update
from comms.queries import panels
from comms.queries.promises import overview
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import updates as update_queries
from comms.services.promises import calendars
from comms.services.writing import beginning, holding, updates
from incidents.models import Incident
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.WRITERS | roles.SECOND_READERS)
@require_GET
def overview_page(request: PersonRequest) -> HttpResponse:
    """Approvals and deadlines of every incident, soonest first."""
    now = timezone.now()
    form = PromiseFilterForm(request.GET)
    after = request.GET.get("after", "")
    page = overview.open_promises(
        request.user, now=now, after=int(after) if after.isdecimal() else None, **form.filters()
    )
    query = request.GET.copy()
    for name in ("after", "part"):
        query.pop(name, None)
    context = {
        "page": page,
        "form": form,
        "query": query.urlencode(),
        "after": after if after.isdecimal() else "",
        "may_write": request.user.has_role(*roles.WRITERS),
        "may_keep_replies": request.user.has_role(*roles.REPLY_KEEPERS),
        "may_keep_subscribers": request.user.has_role(*roles.SUBSCRIBER_KEEPERS),
        "may_see_deliveries": request.user.has_role(*roles.DELIVERY_KEEPERS),
        "now_at": now,
    }
    if request.GET.get("part") == "promised":
        return render(request, "comms/_promised.html", context)
    ahead = {
        "waiting": update_queries.waiting_for_second_reader(request.user),
        "scheduled": update_queries.scheduled(request.user),
    }
    if request.GET.get("part") == "ahead":
        return render(request, "comms/_ahead.html", ahead)
    feed = CalendarFeed.objects.filter(person=request.user).first()
    context |= ahead | {"calendar": addresses.absolute(calendars.address_of(feed)) if feed else ""}
    return render(request, "comms/updates.html", context)


@access.allow(read=roles.WRITERS, act=roles.WRITERS)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest, reference: str) -> HttpResponse:
    """Choose kind and audiences; what was promised is chosen already."""
    incident = incident_or_404(request, reference)
    form = NewUpdateForm(request.POST or None, initial=_usual(request, incident))
    if request.method == "POST" and form.is_valid():
        try:
            made = _begin(request, incident, kind=form.cleaned_data["kind"], codes=form.cleaned_data["audiences"])
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect(addresses.update(made.pk))
    context = {"incident": incident, "form": form, "promise": panels.next_promise(incident, now=timezone.now())}
    return render(request, "comms/new.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.WRITERS)
@require_POST
def no_change(request: PersonRequest, reference: str) -> HttpResponse:
    """One click: a holding update for everybody who is due, ready to be sent by a person."""
    incident_or_404(request, reference)
    try:
        made = holding.prepare(reference=reference, person=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(addresses.incident(reference))
    return redirect(addresses.update(made.pk))


def _usual(request: PersonRequest, incident: Incident) -> dict[str, object]:
    """The first message is an initial one to everybody who is owed updates; later ones go to those who are due.

    Whoever comes from a page that asks for one kind finds it chosen, and its readers: all who were told, of the end.
    """
    asked = request.GET.get("kind", "")
    if asked in FINAL_KINDS or asked == UpdateKind.DOWNGRADE:
        readers = audience_queries.told(incident) if asked in FINAL_KINDS else audience_queries.owed(incident)
        return {"kind": asked, "audiences": [audience.code for audience in readers]}
    first = update_queries.last_published(incident) is None
    is_beat = "due" in request.GET and not first
    due = holding.audiences_due(incident, now=timezone.now()) if is_beat else []
    chosen = due or audience_queries.owed(incident)
    return {
        "kind": UpdateKind.INITIAL if first else UpdateKind.UPDATE,
        "audiences": [audience.code for audience in chosen],
    }


def _begin(request: PersonRequest, incident: Incident, *, kind: str, codes: list[str]) -> Update:
    now = timezone.now()
    is_final = kind == UpdateKind.CLOSURE
    chosen = audience_queries.by_codes(codes)
    next_at = None if is_final else holding.usual_next_at(incident=incident, audiences=chosen, now=now, kind=kind)
    begun = beginning.begin(incident=incident, kind=kind, audiences=chosen, next_update_at=next_at, now=now)
    return updates.draft(
        reference=incident.reference,
        person=request.user,
        kind=kind,
        audiences=codes,
        subject=begun.subject,
        body=begun.body,
        next_update_at=next_at,
        now=now,
    )
