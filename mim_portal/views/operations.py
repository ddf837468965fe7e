"""What operators watch and what managers print before they need it: /metrics and the contact sheet."""

import hmac
import os
import socket
from collections.abc import Iterator
from typing import Any, cast

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from comms.queries import measures
from incidents.queries import counts
from mim_portal.api.permissions import Access
from mim_portal.lib import access, exposition, nudge, viewers
from mim_portal.lib.exposition import Metric, one
from mim_portal.models import AuditEntry, Tally
from teams.api.authentication import BearerToken, Session
from teams.choices import Role, Scope
from teams.queries import contacts
from teams.requests import PersonRequest
from teams.rules import roles


class Scraper:
    """Who holds METRICS_TOKEN: no person, and nothing but this page."""

    pk = "metrics"
    is_authenticated = True
    is_active = True
    roles = (Role.ADMINISTRATOR.value,)


class ScraperToken:
    """What METRICS_TOKEN allows."""

    pk = "metrics"
    scopes = (Scope.ADMIN.value,)


class MetricsToken(BaseAuthentication):
    """`Authorization: Bearer` with METRICS_TOKEN of the environment; it works without a database too."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        wanted: str = settings.METRICS_TOKEN
        scheme, _, given = get_authorization_header(request).partition(b" ")
        if not wanted or scheme.lower() != b"bearer" or not hmac.compare_digest(given.strip(), wanted.encode()):
            return None
        return Scraper(), ScraperToken()

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class AnyAnswer(BaseContentNegotiation):
    """A scraper gets the one format that there is, whatever it asks for."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Metrics(APIView):
    """Prometheus' text format, for METRICS_TOKEN, a token of scope `admin`, or an administrator's session."""

    access = {"read": Access("admin", roles.ADMINISTRATORS)}
    authentication_classes = [MetricsToken, BearerToken, Session]
    content_negotiation_class = AnyAnswer
    throttle_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        answer = HttpResponse(exposition.text(_metrics()), content_type=exposition.CONTENT_TYPE)
        answer["Cache-Control"] = "no-store"
        return answer


@access.allow(read=roles.CONTACT_READERS)
@require_GET
@never_cache
def contact_sheet(request: PersonRequest) -> HttpResponse:
    """Who to call now, as a file to keep where the portal is not needed; the download stands in the audit."""
    AuditEntry.objects.create(actor=request.user, verb="contacts.exported", subject="contacts.csv", data={})
    answer = HttpResponse(contacts.as_csv(contacts.sheet(at=timezone.now())), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="contacts.csv"'
    return answer


def _metrics() -> Iterator[Metric]:
    try:
        stored = list(_stored())
    except DatabaseError:
        connection.close()
        stored = []
    yield from stored
    count = _viewers()
    up = [({"component": "database"}, float(bool(stored))), ({"component": "redis"}, float(count is not None))]
    yield Metric(name="mim_component_up", help="Whether this web process reaches the component.", samples=up)
    if count is not None:
        yield one("mim_live_viewers", "Open rooms that listen to the live stream.", count)
    yield Metric(
        name="mim_nudge_failures_total",
        help="Nudges and live events that Redis did not take, of the process that answers.",
        samples=[({"process": f"{socket.gethostname()}:{os.getpid()}"}, nudge.circuit.failures)],
        kind="counter",
    )


def _stored() -> Iterator[Metric]:
    """What PostgreSQL knows, in seven queries."""
    clock = measures.clock()
    yield one("mim_deadline_lag_seconds", "Age of the oldest step that is due and not taken.", clock.lag_seconds)
    yield one("mim_promises_late", "Open promises past their due time.", clock.late)
    yield from _last_hour(measures.last_hour())
    yield from _outbox()
    yield from _channels()
    yield from _heartbeats()
    tallies = Tally.objects.filter(name__startswith="deliveries.").values_list("name", "count")
    yield Metric(
        name="mim_deliveries_total",
        help="Attempts to deliver by outcome: sent, failed (tried again later), dead (given up), bounced (came back).",
        samples=[({"outcome": name.partition(".")[2]}, count) for name, count in sorted(tallies)],
        kind="counter",
    )
    yield Metric(
        name="mim_incidents_live",
        help="Live incidents by priority, exercises apart.",
        samples=[
            ({"priority": priority, "exercise": str(exercise).lower()}, count)
            for (priority, exercise), count in counts.live_by_priority().items()
        ],
    )


def _last_hour(hour: measures.LastHour) -> Iterator[Metric]:
    yield Metric(
        name="mim_promises_due_last_hour",
        help="Promises due in the last hour by what became of them.",
        samples=[({"outcome": outcome}, count) for outcome, count in hour.outcomes.items()],
    )
    yield one("mim_misses_recorded_last_hour", "Misses recorded of promises due in the last hour.", hour.recorded)
    yield Metric(
        name="mim_miss_recorded_after_seconds",
        help="From due to recorded as missed, of promises due in the last hour; quantile 1 is the slowest.",
        samples=[({"quantile": quantile}, value) for quantile, value in hour.recorded_after_seconds.items()],
    )


def _outbox() -> Iterator[Metric]:
    rows = measures.outbox()
    yield Metric(
        name="mim_outbox_deliveries",
        help="Deliveries that have not left, by state.",
        samples=[({"state": row.state}, row.depth) for row in rows],
    )
    yield Metric(
        name="mim_outbox_oldest_due_seconds",
        help="Age of the oldest due delivery by state.",
        samples=[({"state": row.state}, row.oldest_due_seconds) for row in rows],
    )


def _channels() -> Iterator[Metric]:
    rows = [({"channel": row.code, "kind": row.kind}, row) for row in measures.channels()]
    yield Metric(
        name="mim_channel_up",
        help="Whether the last attempt to send by a channel other than mail went through.",
        samples=[(labels, float(row.is_up)) for labels, row in rows],
    )
    yield Metric(
        name="mim_channel_waiting", help="Deliveries that wait for it.", samples=[(at, row.waiting) for at, row in rows]
    )
    yield Metric(
        name="mim_channel_oldest_due_seconds",
        help="Age of the oldest delivery that is due by it.",
        samples=[(labels, row.oldest_due_seconds) for labels, row in rows],
    )


def _heartbeats() -> Iterator[Metric]:
    beats = measures.beats()
    yield Metric(
        name="mim_heartbeat_age_seconds",
        help="Since each part last showed that it is alive.",
        samples=[({"name": beat.name}, beat.age_seconds) for beat in beats],
    )
    yield Metric(
        name="mim_sweep_seconds",
        help="How long each part's last run took.",
        samples=[({"name": beat.name}, beat.took_seconds) for beat in beats],
    )


def _viewers() -> int | None:
    """Open rooms over all live processes; None where Redis does not answer."""
    client = nudge.client()
    try:
        keys = list(client.scan_iter(match=f"{viewers.KEY_PREFIX}*", count=1000))
        return viewers.total(cast(list[bytes | None], client.mget(keys))) if keys else 0
    except (redis.RedisError, OSError):
        return None
