"""What readers answered: of one incident, and what belongs to none yet."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comms.choices import ReplyState
from comms.forms.replies import PlaceForm
from comms.models import Reply
from comms.queries.replies import replies as queries
from comms.services.replies import marking
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 25


@access.allow(read=roles.REPLY_READERS)
@require_GET
def of_incident(request: PersonRequest, reference: str) -> HttpResponse:
    """Replies to the updates of one incident, the last one first; `state` narrows them."""
    incident = incident_or_404(request, reference)
    state = _state(request)
    lines, older = _page(request, queries.of(incident, state=state))
    context = {
        "incident": incident,
        "state": state,
        "states": ReplyState.choices,
        "lines": lines,
        "older": older,
        "folded": queries.folded(incident),
        "newest": max((reply.pk for reply, _link in lines), default=0),
        "has_new": any(reply.state == ReplyState.NEW for reply, _link in lines),
    }
    return render(request, "comms/replies.html", context)


@access.allow(read=(), act=roles.REPLY_READERS)
@require_POST
def all_read(request: PersonRequest, reference: str) -> HttpResponse:
    """Every new one up to the last that the page showed."""
    incident = incident_or_404(request, reference)
    up_to = request.POST.get("up_to", "")
    if not (up_to.isdecimal() and len(up_to) < 19):
        messages.error(request, _("Nothing was marked: open the page again, so that what it shows is known."))
        return redirect(addresses.replies(reference))
    count = marking.mark_all_read(incident=incident, up_to=int(up_to), person=request.user, now=timezone.now())
    messages.success(
        request, ngettext("%(num)d reply is marked as read.", "%(num)d are marked as read.", count) % {"num": count}
    )
    return redirect(addresses.replies(reference))


@access.allow(read=roles.REPLY_KEEPERS)
@require_GET
def without_incident(request: PersonRequest) -> HttpResponse:
    """Replies that name no message and no incident of ours."""
    state = _state(request)
    lines, older = _page(request, queries.without_incident(state=state))
    context = {
        "state": state,
        "states": ReplyState.choices,
        "lines": lines,
        "older": older,
        "folded": queries.folded(None),
    }
    return render(request, "comms/replies_unplaced.html", context)


@access.allow(read=(), act=roles.REPLY_READERS | roles.REPLY_KEEPERS)
@require_POST
def mark(request: PersonRequest, reply_id: int) -> HttpResponse:
    """New, read or answered."""
    try:
        reply = marking.mark(
            reply_id=reply_id, person=request.user, state=request.POST.get("state", ""), now=timezone.now()
        )
    except Refusal as refusal:
        raise Http404 from refusal
    if reply.incident is not None:
        return redirect(addresses.replies(reply.incident.reference))
    return redirect("replies-unplaced")


@access.allow(read=roles.REPLY_KEEPERS, act=roles.REPLY_KEEPERS)
@require_http_methods(["GET", "POST"])
def place(request: PersonRequest, reply_id: int) -> HttpResponse:
    """Say which incident it is about; then it stands in that room."""
    reply = queries.visible(request.user).filter(pk=reply_id, incident=None).first()
    if reply is None:
        raise Http404
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: marking.place(reply_id=reply_id, person=request.user, reference=form.cleaned_data["incident"]),
    ):
        messages.success(
            request, _("It stands in the room of %(reference)s.") % {"reference": form.cleaned_data["incident"]}
        )
        return redirect("replies-unplaced")
    context = {"reply": reply, "form": form}
    return render(request, "comms/reply_place.html", context, status=422 if form.is_bound else 200)


def _state(request: PersonRequest) -> str:
    state = request.GET.get("state", "")
    if state not in {"", *ReplyState.values}:
        raise Http404
    return state


def _page(request: PersonRequest, found: QuerySet[Reply]) -> tuple[list[tuple[Reply, str]], int | None]:
    """The rows with the link that answers each, and the key after which older ones follow."""
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    return [(row, queries.answer_link(row)) for row in shown], shown[-1].pk if len(rows) > PAGE else None
