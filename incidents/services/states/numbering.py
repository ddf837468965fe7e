"""Gives references. Incidents count within their year by a counter that is held until the transaction ends; candidates
take theirs from a sequence, since a hundred desks that raise at once must not wait for each other's commit.
"""

from datetime import UTC, datetime

from django.db import connection

from incidents.rules import references


def next_incident(*, declared_at: datetime) -> str:
    """MI-{UTC year}-{n}."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incidents_referencecounter AS counter (prefix, last_number) VALUES (%s, 1)"
            " ON CONFLICT (prefix) DO UPDATE SET last_number = counter.last_number + 1 RETURNING last_number",
            [f"{references.INCIDENT}-{declared_at.astimezone(UTC).year}"],
        )
        number: int = cursor.fetchone()[0]
    return references.incident(declared_at=declared_at, number=number)


def next_candidate(*, raised_at: datetime) -> str:
    """CA-{UTC year}-{n}; gaps are allowed, and the number does not start anew with the year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('incidents_candidate_number')")
        number: int = cursor.fetchone()[0]
    return references.candidate(raised_at=raised_at, number=number)
