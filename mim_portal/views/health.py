"""Health: /livez for proxies, /readyz for monitoring, each component by name."""

from collections.abc import Callable
from datetime import timedelta

import requests
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from mim_portal.lib import access, nudge
from mim_portal.models import heartbeat

CLOCK_RED_AFTER = timedelta(seconds=10)
WORKER_RED_AFTER = timedelta(seconds=30)


@access.public
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers: status pages stay served whatever else is down."""
    return HttpResponse("ok\n", content_type="text/plain")


@access.public
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Each component by name; 503 as soon as one that promises depend on is down. The language checker is amber."""
    found = components()
    ready = all(answer == "ok" for name, answer in found.items() if name != "languagetool")
    return JsonResponse({"ready": ready, "components": found}, status=200 if ready else 503)


def components() -> dict[str, str]:
    """Every component with "ok" or what is wrong with it."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "redis": _redis,
        "clock": _clock,
        "worker": _worker,
        "channels": _channels,
        "languagetool": _languagetool,
    }
    return {name: check() for name, check in checks.items()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"down: {str(error).splitlines()[0]}"
    return "ok"


def _redis() -> str:
    try:
        nudge.client().ping()
    except Exception as error:  # whatever the client raises, the component is down
        return f"down: {error}"
    return "ok"


def _clock() -> str:
    return _beat(settings.CLOCK_HEARTBEAT, CLOCK_RED_AFTER)


def _worker() -> str:
    return _beat("deliver", WORKER_RED_AFTER)


def _channels() -> str:
    return _beat("deliver_channels", WORKER_RED_AFTER)


def _beat(name: str, limit: timedelta) -> str:
    try:
        age = heartbeat.age(name=name)
    except DatabaseError:
        return "unknown: the database is down"
    if age is None:
        return "down: no heartbeat yet"
    return "ok" if age <= limit else f"down: last heartbeat {int(age.total_seconds())} s ago"


def _languagetool() -> str:
    if not settings.LANGUAGETOOL_URL:
        return "off: LANGUAGETOOL_URL is not set"
    try:
        answer = requests.get(f"{settings.LANGUAGETOOL_URL.rstrip('/')}/v2/healthcheck", timeout=2)
    except requests.RequestException as error:
        return f"down: {type(error).__name__}"
    return "ok" if answer.ok else f"down: HTTP {answer.status_code}"
