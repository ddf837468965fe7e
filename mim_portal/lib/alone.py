"""One sweep of a kind at a time, and none that can keep the others waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

_TRY = """
SELECT pg_try_advisory_xact_lock(%s), current_setting('idle_in_transaction_session_timeout'),
       set_config('idle_in_transaction_session_timeout', %s, true)
"""


@contextmanager
def only_one(*, lock: int, silent: timedelta) -> Iterator[bool]:
    """Whether this transaction may do the work that goes by the number `lock`; the others skip, nobody waits.

    A process that freezes in the middle holds the lock, and rows besides. When it has asked the database nothing for
    as long as `silent`, the database ends its transaction and the next tick goes on.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [lock, str(int(silent.total_seconds() * 1000))])
        is_ours, before, _ = cursor.fetchone()
        yield is_ours
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [before])
