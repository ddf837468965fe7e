"""Incidents by reference or title while somebody types in the palette."""

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.queries import incidents as queries
from mim_portal.lib import access, addresses
from teams.requests import PersonRequest
from teams.rules import roles

LONGEST = 200


@access.allow(read=roles.ROOM_READERS)
@never_cache
@require_safe
def suggest(request: PersonRequest) -> JsonResponse:
    """The likeliest few, each with its words and its address; nothing for a question longer than any title."""
    text = request.GET.get("q", "").strip()
    rows = queries.suggestions(request.user, text, now=timezone.now()) if 0 < len(text) <= LONGEST else []
    return JsonResponse(
        {
            "results": [
                {
                    "reference": row.reference,
                    "title": row.title,
                    "priority": row.priority,
                    "state": row.get_state_display(),
                    "url": addresses.incident(row.reference),
                }
                for row in rows
            ]
        }
    )
