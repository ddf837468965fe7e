"""A new candidate, its number and its audit entry in one statement: alarms may raise hundreds a second, each answered
only when it is on the disk, and three statements cost as much again as everything else that raising does.
"""

from datetime import UTC
from typing import Any

from django.db import connection

from incidents.models import Candidate
from incidents.rules import references
from mim_portal.models import AuditEntry

_FIELDS = [field for field in Candidate._meta.concrete_fields if field.name not in {"id", "reference"}]
# The number has at least four digits, as in incidents.rules.references.
_INSERT = f"""
WITH numbered AS (SELECT nextval('incidents_candidate_number')::text AS number),
raised AS (
    INSERT INTO {Candidate._meta.db_table} (reference, {", ".join(f'"{field.column}"' for field in _FIELDS)})
    SELECT %s || lpad(number, greatest(4, length(number)), '0'), {", ".join(["%s"] * len(_FIELDS))} FROM numbered
    RETURNING id, reference
), audited AS (
    INSERT INTO {AuditEntry._meta.db_table} (actor_id, verb, subject, data)
    SELECT %s, 'candidate.raised', reference, jsonb_build_object('score', %s::integer) FROM raised
)
SELECT id, reference FROM raised
"""  # noqa: S608 -- names of columns


def insert(candidate: Candidate) -> None:
    """Write a raised candidate that is no row yet; it gets its key and its reference."""
    assert candidate.raised_at is not None
    prefix = f"{references.CANDIDATE}-{candidate.raised_at.astimezone(UTC).year:04d}-"
    values: list[Any] = [
        field.get_db_prep_save(getattr(candidate, field.attname), connection=connection) for field in _FIELDS
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [prefix, *values, candidate.raised_by_id, candidate.intake_score])
        candidate.pk, candidate.reference = cursor.fetchone()
    candidate._state.adding, candidate._state.db = False, connection.alias
