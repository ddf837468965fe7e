"""A token that runs wild is slowed down before it slows others; sign-in limits are allauth's."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from mim_portal.lib.buckets import Buckets

if TYPE_CHECKING:  # rest_framework.views reads this module through its settings
    from rest_framework.views import APIView


class TokenRate(BaseThrottle):
    """A token bucket a token and process, refilled at API_RATE (requests a minute); costs no query and no Redis."""

    _lock = threading.Lock()
    _buckets: dict[str, tuple[float, float]] = {}

    def allow_request(self, request: Request, view: APIView) -> bool:
        capacity = _per_minute()
        key = str(getattr(request.auth, "pk", "") or getattr(request.user, "pk", "") or request.META["REMOTE_ADDR"])
        held = Buckets(burst=capacity, per_second=capacity / 60, levels=self._buckets, lock=self._lock)
        self._wait = held.take(key, now=time.monotonic())
        return not self._wait

    def wait(self) -> float:
        """Seconds for Retry-After."""
        return max(self._wait, 1.0)


def _per_minute() -> float:
    rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    rate: str = rates["token"]
    amount, _, unit = rate.partition("/")
    return float(amount) * {"s": 60, "sec": 60, "min": 1, "m": 1}.get(unit, 1)
