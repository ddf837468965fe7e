"""The one clock that decides: the database's. Web, worker and clock processes may disagree by seconds."""

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The wall-clock time of the database at this statement, aware, UTC; not the transaction's start.

    Read it after the lock that serialises the decision, as DESIGN section 4 says of deadlines.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    at: datetime = row[0]
    return at
