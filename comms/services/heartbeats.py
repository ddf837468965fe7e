"""Each part shows that it is alive, by the database's clock; a stopped one is visible on every page."""

import os
import socket
from dataclasses import dataclass

from django.db import connection

from mim_portal.models import Heartbeat

DELIVER = "deliver"
_BEAT = f"""
INSERT INTO {Heartbeat._meta.db_table} (name, beat_at, took_ms, "by") VALUES (%s, clock_timestamp(), %s, %s)
ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at, took_ms = excluded.took_ms, "by" = excluded."by"
"""  # noqa: S608
_LAST = f"""
SELECT "by", extract(epoch FROM clock_timestamp() - beat_at) FROM {Heartbeat._meta.db_table} WHERE name = %s
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Last:
    """Who showed life, and how long ago."""

    by: str
    age_seconds: float


def this_process(part: str) -> str:
    """Who did it, for the heartbeat and its readers: 'clock on host, process 123'."""
    return f"{part} on {socket.gethostname()}, process {os.getpid()}"[:120]


def beat(*, name: str, took_ms: float, by: str) -> None:
    """Record that the part called `name` has just run, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [name, took_ms, by])


def last(*, name: str) -> Last | None:
    """The part's last sign of life, its age by the database's clock; None where there never was one."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [name])
        row = cursor.fetchone()
    return None if row is None else Last(by=row[0], age_seconds=float(row[1]))
