"""How often one network may ask for what needs no sign-in."""

from typing import Final

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

# Amount a minute for each network, whatever it asks for; an executive reads a page that renews itself four times.
RATES: Final = {"signed_link": "60/m/ip"}


def allows(request: HttpRequest, *, action: str) -> bool:
    """Count this request; False once there were too many."""
    return ratelimit.consume(request, app="mim_portal", action=action, config=RATES, limit_get=True) is not None


def too_many(request: HttpRequest) -> HttpResponse:
    """429, with the page that sign-in shows."""
    answer: HttpResponse = ratelimit.respond_429(request)
    return answer
