"""A fresh ticket for the room's live stream."""

from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.queries import visibility
from mim_portal.lib import access, live_address
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_READERS)
@never_cache
@require_safe
def ticket(request: PersonRequest, reference: str) -> JsonResponse:
    """The address of the stream, for whoever may see the incident: {"url": …}, good for a minute."""
    if not visibility.visible_incidents(request.user).filter(reference=reference).exists():
        raise Http404
    person = request.user
    url = live_address.stream(reference=reference, person_id=person.pk, name=person.name, now=timezone.now())
    return JsonResponse({"url": url})
