"""Totals for monitoring, raised in the transaction of what they count."""

from collections.abc import Mapping

from django.db import connection

from mim_portal.lib import bulk
from mim_portal.models import Tally

_ADD = f"""
INSERT INTO {Tally._meta.db_table} AS tally (name, count) SELECT name, added FROM {{rows}}
ON CONFLICT (name) DO UPDATE SET count = tally.count + excluded.count
"""  # noqa: S608


def add(counts: Mapping[str, int]) -> None:
    """Raise each total, in one order for everybody so that two workers never wait for each other in a circle."""
    given = sorted(counts.items())
    if not given:
        return
    source, parameters = bulk.unnest(
        {"name": ("text", [name for name, _ in given]), "added": ("bigint", [count for _, count in given])}
    )
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(rows=source), parameters)
