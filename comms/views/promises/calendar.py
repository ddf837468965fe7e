"""Deadlines in one's own calendar: the feed behind its signed address, and the buttons that make and revoke it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comms.choices import DeadlineState
from comms.queries.promises import deadlines
from comms.rendering import calendar
from comms.services.promises import calendars
from mim_portal.lib import access
from teams.requests import PersonRequest
from teams.rules import roles

MOST = 500


@access.public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the owner of the address may see at this moment, soonest first."""
    person = calendars.owner(token)
    if person is None:
        raise Http404
    rows = deadlines.in_state(deadlines.visible(person), DeadlineState.OPEN)[:MOST]
    response = HttpResponse(calendar.deadlines(rows, now=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=60"
    response["X-Robots-Tag"] = "noindex"
    return response


@access.allow(read=(), act=roles.WRITERS | roles.SECOND_READERS)
@require_POST
def change(request: PersonRequest) -> HttpResponse:
    """Make the address, make another, or take it back."""
    if request.POST.get("deed") == "revoke":
        calendars.revoke(person=request.user)
        messages.success(request, _("Taken back. The old address leads nowhere."))
    else:
        calendars.make(person=request.user)
        messages.success(request, _("Your address is ready. Keep it to yourself: whoever has it sees your deadlines."))
    return redirect("updates")
