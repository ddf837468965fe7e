"""/four-lines/{token}/: the four lines of live incidents for a named reader without an account."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comms.models import ReadingLink
from comms.queries.promises import deadlines
from comms.services import reading_links
from incidents.choices import AskedOf
from incidents.models import Decision, Incident
from incidents.queries import incidents
from incidents.services.work import decisions
from mim_portal.lib import access, rates
from mim_portal.lib.refusals import Refusal
from mim_portal.views import four_lines


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
@rates.signed_link
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Reading is one more opening of the day. A decision is answered in the reader's name; the first answer stands."""
    now = timezone.now()
    found = reading_links.opened(token, now=now)
    if found is None:
        raise Http404
    if not found.holds:
        return render(request, "pages/four_lines_ended.html", status=410)
    link, context = found.link, {"token": token}
    shown = _incidents(link)
    error, status = "", 200
    if request.method == "POST":
        error, status = _answer(request, link, shown)
    elif request.method == "GET":
        reading_links.count(now=now)
    promises = list(deadlines.current([one.pk for one in shown]).filter(kept_at=None, ended_at=None))
    lines = four_lines.of(shown, sorted(promises, key=lambda one: one.due_at))
    more: dict[str, Any] = {
        "link": link,
        "lines": lines,
        "error": error,
        "sent": request.method == "POST" and not error,
    }
    return render(request, "pages/four_lines.html", context | more, status=status)


def _incidents(link: ReadingLink) -> list[Incident]:
    """What runs: never a private incident, nor an exercise."""
    found = incidents.live_open()
    return found if link.incident_id is None else [one for one in found if one.pk == link.incident_id]


def _answer(request: HttpRequest, link: ReadingLink, shown: list[Incident]) -> tuple[str, int]:
    pk = request.POST.get("decision", "")
    asked = Decision.objects.filter(
        pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0,
        incident__in=[one.pk for one in shown],
        asked_of=AskedOf.EXECUTIVES,
    )
    if not asked.exists():
        return _("This decision is not needed any more."), 409
    try:
        decisions.decide(
            decision_id=int(pk), person=link.reader, chosen=request.POST.get("chosen", ""), now=timezone.now()
        )
    except Refusal as refusal:
        return refusal.message, refusal.status
    return "", 200
