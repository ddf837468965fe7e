"""Who got an update, address by address; what was given up is sent again from here."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from comms.choices import SENT_UPDATES, DeliveryState
from comms.models import Update
from comms.queries.recipients import deliveries as queries
from comms.queries.recipients import other_ways
from comms.services.sending import redelivery
from comms.views.writing import sent
from mim_portal.lib import access, addresses
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 100


@access.allow(read=roles.DELIVERY_KEEPERS)
@require_GET
def page(request: PersonRequest, update_id: int) -> HttpResponse:
    """The list, in one state where the address says so; paged by the key of its index, never by counting."""
    update = _sent_or_404(request, update_id)
    state = request.GET.get("state", "")
    if state not in {"", *queries.STATES}:
        raise Http404
    counts = queries.counts(update)
    after = request.GET.get("after", "")
    rows = list(queries.after(queries.of(update, state=state), after)[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "update": update,
        "incident": update.incident,
        "state": state,
        "total": sum(counts.values()),
        "counts": [(code, other_ways.label(code), count) for code, count in counts.items()],
        "lines": queries.lines(update, shown),
        "dead": queries.given_up(update) if counts.get(DeliveryState.DEAD) else 0,
        "may_send_again": queries.may_send_again(update),
        "first_url": addresses.deliveries(update_id, state) if after else None,
        "next_url": _next(state, shown[-1].pk) if len(rows) > PAGE else None,
    }
    return render(request, "comms/deliveries.html", context)


@access.allow(read=(), act=roles.DELIVERY_KEEPERS)
@require_POST
def again(request: PersonRequest, update_id: int) -> HttpResponse:
    """Send one that was given up again, or all of them."""
    _sent_or_404(request, update_id)
    wanted = request.POST.get("delivery", "")
    if wanted and not (wanted.isdecimal() and len(wanted) < 19):
        raise Http404
    try:
        count = redelivery.redeliver(
            update_id=update_id, person=request.user, delivery_ids=[int(wanted)] if wanted else None
        )
    except redelivery.UnknownDelivery as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        words = ngettext("Sent again to %(num)d address.", "Sent again to %(num)d addresses.", count)
        left_out = _("Nobody was written to: whoever is left opted out, or their mail came back since.")
        messages.success(request, words % {"num": count} if count else left_out)
    return redirect(addresses.deliveries(update_id))


def _sent_or_404(request: PersonRequest, update_id: int) -> Update:
    update = sent.update_or_404(request, update_id)
    if update.state not in SENT_UPDATES:
        raise Http404
    return update


def _next(state: str, pk: int) -> str:
    return "?" + urlencode({"state": state, "after": pk} if state else {"after": pk})
