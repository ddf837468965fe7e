"""What was given up lately, across updates: who was not reached, why, and sending it again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from comms.choices import ChannelKind
from comms.queries.recipients import dead_letters as queries
from comms.queries.writing import updates as update_queries
from comms.services.sending import redelivery
from mim_portal.lib import access
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 100


@access.allow(read=roles.DELIVERY_KEEPERS)
@require_GET
def page(request: PersonRequest) -> HttpResponse:
    """The newest first, by update; by channel where the address says so; paged by key."""
    channel = request.GET.get("channel", "")
    if channel not in {"", *ChannelKind.values}:
        raise Http404
    return _page(request, channel=channel, before=request.GET.get("before", ""))


@access.allow(read=(), act=roles.DELIVERY_KEEPERS)
@require_POST
def again(request: PersonRequest) -> HttpResponse:
    """Send the chosen ones again, or everything of one update that was given up."""
    channel = request.POST.get("channel", "")
    given = [*request.POST.getlist("delivery"), *request.POST.getlist("update")]
    if channel not in {"", *ChannelKind.values} or not all(_is_key(text) for text in given):
        raise Http404
    if of := request.POST.get("update"):
        _all_of(request, int(of))
    else:
        ids = [int(text) for text in request.POST.getlist("delivery")]
        if not ids:
            error = _("Choose at least one address.")
            return _page(request, channel=channel, before=request.POST.get("before", ""), error=error)
        _tell(request, queries.chosen(request.user, ids, now=timezone.now()))
    return redirect(reverse("dead-letters") + (f"?{urlencode({'channel': channel})}" if channel else ""))


def _page(request: PersonRequest, *, channel: str, before: str, error: str = "") -> HttpResponse:
    found = queries.recent(request.user, now=timezone.now(), channel=channel)
    is_later = _is_key(before)
    rows = list((found.filter(pk__lt=int(before)) if is_later else found)[: PAGE + 1])
    given = {"channel": channel} if channel else {}
    context = {
        "groups": queries.by_update(rows[:PAGE]),
        "channel": channel,
        "channels": [("", _("All")), *ChannelKind.choices],
        "before": before if is_later else "",
        "days": queries.RECENT.days,
        "error": error,
        "first_url": "?" + urlencode(given) if is_later else None,
        "next_url": "?" + urlencode({**given, "before": rows[PAGE - 1].pk}) if len(rows) > PAGE else None,
    }
    return render(request, "comms/dead_letters.html", context, status=422 if error else 200)


def _all_of(request: PersonRequest, update_id: int) -> None:
    if update_queries.get(update_id, request.user) is None:
        raise Http404
    try:
        count = redelivery.redeliver(update_id=update_id, person=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        _say(request, count)


def _tell(request: PersonRequest, by_update: dict[int, list[int]]) -> None:
    if not by_update:
        messages.error(request, _("Nothing is given up here: it has arrived, or it is on its way."))
        return
    done = redelivery.redeliver_chosen(by_update=by_update, person=request.user)
    if done.sent or not done.refused:
        _say(request, done.sent)
    if done.sent and done.left_out:
        words = ngettext(
            "%(num)d address was left out: it opted out, or its mail came back since.",
            "%(num)d addresses were left out: they opted out, or their mail came back since.",
            done.left_out,
        )
        messages.warning(request, words % {"num": done.left_out})
    for text in sorted({refusal.message for refusal in done.refused.values()}):
        messages.error(request, text)


def _say(request: PersonRequest, count: int) -> None:
    words = ngettext("Sent again to %(num)d address.", "Sent again to %(num)d addresses.", count)
    nobody = _("Nobody was written to: whoever is left opted out, or their mail came back since.")
    messages.success(request, words % {"num": count} if count else nobody)


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 19
