"""Gives references: one atomic upsert raises the year's counter and holds it until the transaction ends."""

from datetime import UTC, datetime

from django.db import connection

from incidents.rules import references


def next_incident(*, declared_at: datetime) -> str:
    """MI-{UTC year}-{n}."""
    return references.incident(declared_at=declared_at, number=_next(references.INCIDENT, declared_at))


def next_candidate(*, raised_at: datetime) -> str:
    """CA-{UTC year}-{n}."""
    return references.candidate(raised_at=raised_at, number=_next(references.CANDIDATE, raised_at))


def _next(prefix: str, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incidents_referencecounter AS counter (prefix, last_number) VALUES (%s, 1)"
            " ON CONFLICT (prefix) DO UPDATE SET last_number = counter.last_number + 1 RETURNING last_number",
            [f"{prefix}-{at.astimezone(UTC).year}"],
        )
        number: int = cursor.fetchone()[0]
    return number
