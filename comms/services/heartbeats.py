"""Each part shows that it is alive, by the database's clock; a stopped one is visible on every page."""

import os
import socket

from django.db import connection

from mim_portal.models import Heartbeat

DELIVER = "deliver"
_BEAT = f"""
INSERT INTO {Heartbeat._meta.db_table} (name, beat_at, took_ms, "by") VALUES (%s, clock_timestamp(), %s, %s)
ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at, took_ms = excluded.took_ms, "by" = excluded."by"
"""  # noqa: S608


def this_process(part: str) -> str:
    """Who did it, for the heartbeat and its readers: 'clock on host, process 123'."""
    return f"{part} on {socket.gethostname()}, process {os.getpid()}"[:120]


def beat(*, name: str, took_ms: float, by: str) -> None:
    """Record that the part called `name` has just run, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [name, took_ms, by])


def age_seconds(*, name: str) -> float | None:
    """How long ago the part last ran, by the database's clock; None where it never did."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT extract(epoch FROM clock_timestamp() - beat_at) FROM {Heartbeat._meta.db_table} WHERE name = %s",  # noqa: S608
            [name],
        )
        row = cursor.fetchone()
    return None if row is None else float(row[0])
