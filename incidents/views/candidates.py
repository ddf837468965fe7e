"""What was raised: the queue, and one candidate with its parts."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from incidents.queries import candidate_queue, desk
from incidents.services.desk.desk_events import QUEUE
from incidents.views import candidate_page
from mim_portal.lib import access, live_address
from teams.choices import Role
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.CANDIDATE_READERS)
@require_GET
def queue(request: PersonRequest) -> HttpResponse:
    """Candidates that wait, oldest first, and the ones decided lately."""
    values = _waiting(request)
    values["q"] = request.GET.get("q", "").strip()[:60]
    values["numbered"] = desk.numbered(request.user, values["q"])
    values["decided"] = desk.decided(request.user)
    values["live_url"] = live_address.stream(reference=QUEUE, person_id=request.user.pk, now=values["present"])
    return render(request, "incidents/candidates.html", values)


@access.allow(read=roles.CANDIDATE_READERS)
@require_GET
def queue_panel(request: PersonRequest) -> HttpResponse:
    """What waits, for a queue that stays current."""
    return render(request, "incidents/_waiting.html", _waiting(request))


@access.allow(read=roles.CANDIDATE_READERS)
@never_cache
@require_safe
def queue_ticket(request: PersonRequest) -> JsonResponse:
    """A fresh address of the queue's stream: {"url": …}, good for a minute."""
    return JsonResponse({"url": live_address.stream(reference=QUEUE, person_id=request.user.pk, now=timezone.now())})


@access.allow(read=roles.CANDIDATE_READERS)
@require_GET
def candidate(request: PersonRequest, reference: str) -> HttpResponse:
    """One candidate: what to do next, the facts, what is missing, questions, and the decision."""
    return candidate_page.page(request, reference)


@access.allow(read=roles.CANDIDATE_READERS)
@require_GET
def panel(request: PersonRequest, reference: str, name: str) -> HttpResponse:
    """One part of the candidate's page."""
    if name not in candidate_page.PARTS:
        raise Http404
    values = candidate_page.context(request, candidate_page.get(request, reference))
    return render(request, f"incidents/_candidate_{name}.html", values)


@access.allow(read=roles.CANDIDATE_READERS)
@never_cache
@require_safe
def ticket(request: PersonRequest, reference: str) -> JsonResponse:
    """A fresh address of the candidate's stream."""
    candidate_page.get(request, reference)
    url = live_address.stream(reference=reference, person_id=request.user.pk, now=timezone.now())
    return JsonResponse({"url": url})


def _waiting(request: PersonRequest) -> dict[str, Any]:
    now = timezone.now()
    return {
        "present": now,
        "queue": candidate_queue.queue(request.user, now=now),
        "on_shift": candidate_queue.on_shift(now=now),
        "may_ask": request.user.has_role(*roles.COMMANDERS),
        "may_chase": request.user.has_role(*roles.CHASERS),
        "may_declare": request.user.has_role(Role.SERVICE_DESK_LEAD),
    }
