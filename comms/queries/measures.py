"""How promises and deliveries are doing, for monitoring: each read is a few index ranges, whatever has been kept."""

from dataclasses import dataclass

from django.db import connection

from comms.models import Delivery, Endpoint, UpdateDeadline
from mim_portal.models import Heartbeat

_DEADLINES = UpdateDeadline._meta.db_table
_DELIVERIES = Delivery._meta.db_table

# The sweep's own index gives the first, the index of open deadlines by due time the second: the time of the statement
# is one value for it, clock_timestamp() would be asked row by row and no index could help. Ten thousand late promises
# are counted at most.
_NOW = f"""
SELECT coalesce(extract(epoch FROM clock_timestamp() - (
         SELECT min(next_action_at) FROM {_DEADLINES}
         WHERE kept_at IS NULL AND ended_at IS NULL AND next_action_at IS NOT NULL)), 0),
       (SELECT count(*) FROM (
           SELECT 1 FROM {_DEADLINES}
           WHERE kept_at IS NULL AND ended_at IS NULL AND due_at < statement_timestamp()
           ORDER BY due_at LIMIT 10000) AS late)
"""  # noqa: S608
_LAST_HOUR = f"""
SELECT count(*) FILTER (WHERE kept_at <= due_at),
       count(*) FILTER (WHERE kept_at > due_at),
       count(*) FILTER (WHERE kept_at IS NULL AND ended_at IS NULL),
       count(*) FILTER (WHERE ended_at IS NOT NULL),
       count(missed_at),
       percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM missed_at - due_at))
FROM {_DEADLINES}
WHERE due_at > statement_timestamp() - interval '1 hour' AND due_at <= statement_timestamp()
"""  # noqa: S608
# Three reads, so that each matches a partial index: of mail, of what is no mail, and of what is being sent. An address
# that a subscriber entered and that is silent is no trouble of the portal's.
_OUTBOX = f"""
SELECT state, count(*), extract(epoch FROM clock_timestamp() - min(due_at)) FROM (
    SELECT state, due_at FROM {_DELIVERIES} WHERE channel = 'email' AND state IN ('pending', 'failed')
    UNION ALL
    SELECT state, due_at FROM {_DELIVERIES} WHERE endpoint_id IS NOT NULL AND state IN ('pending', 'failed')
      AND endpoint_id NOT IN (SELECT id FROM {Endpoint._meta.db_table} WHERE is_readers)
    UNION ALL
    SELECT state, due_at FROM {_DELIVERIES} WHERE state = 'sending'
) AS unfinished GROUP BY state
"""  # noqa: S608
_CHANNELS = f"""
SELECT endpoint.code, endpoint.kind, endpoint.failures = 0, count(delivery.id),
       coalesce(extract(epoch FROM clock_timestamp() - min(delivery.due_at)), 0)
FROM {Endpoint._meta.db_table} endpoint
LEFT JOIN {_DELIVERIES} delivery ON delivery.endpoint_id = endpoint.id AND delivery.state IN ('pending', 'failed')
WHERE endpoint.is_active AND NOT endpoint.is_readers GROUP BY endpoint.id ORDER BY endpoint.code
"""  # noqa: S608
_HEARTBEATS = f"""
SELECT name, extract(epoch FROM clock_timestamp() - beat_at), took_ms / 1000 FROM {Heartbeat._meta.db_table}
ORDER BY name
"""  # noqa: S608
QUANTILES = ("0.5", "0.99", "1")


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How far behind the clock is: the oldest step that is due and not taken, and how many promises are late now."""

    lag_seconds: float
    late: int


@dataclass(frozen=True, kw_only=True)
class LastHour:
    """What became of the promises that were due in the last hour, and how soon misses were recorded."""

    outcomes: dict[str, int]
    recorded: int
    recorded_after_seconds: dict[str, float]  # by quantile; empty where nothing was missed


@dataclass(frozen=True, kw_only=True)
class Outbox:
    """Deliveries in one unfinished state; the age of the oldest is zero where none is due yet."""

    state: str
    depth: int
    oldest_due_seconds: float


def clock() -> Clock:
    """By the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        lag, late = cursor.fetchone()
    return Clock(lag_seconds=max(0.0, float(lag)), late=late)


def last_hour() -> LastHour:
    """Of promises due in the last hour; one kept ahead of its time counts when that time has come."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_HOUR)
        on_time, late, waiting, ended, recorded, quantiles = cursor.fetchone()
    return LastHour(
        outcomes={"kept_on_time": on_time, "kept_late": late, "still_open": waiting, "ended": ended},
        recorded=recorded,
        recorded_after_seconds=dict(zip(QUANTILES, map(float, quantiles or ()), strict=False)),
    )


def outbox() -> list[Outbox]:
    """What has not left yet, by state."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTBOX)
        found = {state: (depth, max(0.0, float(age))) for state, depth, age in cursor.fetchall()}
    return [
        Outbox(state=state, depth=found.get(state, (0, 0.0))[0], oldest_due_seconds=found.get(state, (0, 0.0))[1])
        for state in ("pending", "failed", "sending")
    ]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way out that is not mail: whether its last attempt went through, and what waits for it."""

    code: str
    kind: str
    is_up: bool
    waiting: int
    oldest_due_seconds: float


def channels() -> list[Channel]:
    """Those in use, by code."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANNELS)
        rows = cursor.fetchall()
    return [
        Channel(code=code, kind=kind, is_up=up, waiting=waiting, oldest_due_seconds=max(0.0, float(age)))
        for code, kind, up, waiting, age in rows
    ]


@dataclass(frozen=True, kw_only=True)
class Beat:
    """One part's last sign of life, and how long its last run took."""

    name: str
    age_seconds: float
    took_seconds: float


def beats() -> list[Beat]:
    """Every part that ever showed itself, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_HEARTBEATS)
        rows = cursor.fetchall()
    return [Beat(name=name, age_seconds=max(0.0, float(age)), took_seconds=float(took)) for name, age, took in rows]
