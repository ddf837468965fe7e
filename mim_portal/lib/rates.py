"""How often one network may ask for what needs no sign-in."""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

from mim_portal.lib import signed_links
from mim_portal.lib.buckets import Buckets

# Amount a minute for each network, whatever it asks for; an executive reads a page that renews itself four times.
PER_MINUTE: Final = 60
SIGNED_LINKS: Final = Buckets(burst=PER_MINUTE, per_second=PER_MINUTE / 60)


def wait(request: HttpRequest) -> float:
    """Count one more opening of a signed link; the seconds until its network may ask again, 0 where it may now.

    Signatures are not guessed at any rate, so that this only keeps a script from costing queries: each process counts
    for itself, and a look at a page asks the database nothing for it.
    """
    return SIGNED_LINKS.take(ratelimit.get_ip(request), now=time.monotonic())


def too_many(request: HttpRequest, *, wait: float) -> HttpResponse:
    """429 with the page that sign-in shows, and when to ask again."""
    answer: HttpResponse = ratelimit.respond_429(request)
    answer["Retry-After"] = str(max(1, math.ceil(wait)))
    return answer


def signed_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a signed link opens: so often a minute from one network, and kept by nobody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if pause := wait(request):
            return signed_links.closed(too_many(request, wait=pause))
        return signed_links.closed(view(request, *args, **kwargs))

    return guarded
