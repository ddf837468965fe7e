"""What is measured of each incident, as rows: a length in seconds, a score, or whether something was kept.

One statement for everything, over any incidents: the page reads values from it, roll-ups count classes of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from comms.choices import SENT_UPDATES
from incidents.choices import EntryKind, LinkKind, RevisionReason
from incidents.models import Incident
from incidents.rules.intake_trends import READY
from reviews.rules import metrics as rules
from reviews.rules.classes import GROWTH, Classes

REPEAT_DAYS: Final = 90
_BY_TIMES: Final = tuple(definition for definition in rules.DEFINITIONS if definition.start)
TIMES: Final = tuple(sorted({name for one in _BY_TIMES for name in (one.start, one.end)}))

_COLUMNS: Final = "c.id, c.declared_at, c.priority, c.service_id"
_SECONDS: Final = "extract(epoch FROM l.till - l.since)::float8"
_PAIRS: Final = ", ".join(f"('{one.code}', c.{one.start}, c.{one.end})" for one in _BY_TIMES)

# When the mistake that an update corrects was known: the portal had told of it, the impact had a version that says so
# of what the message was written by, or the correction was begun, whichever was first.
_KNOWN_AT: Final = """CASE WHEN u.corrects_id IS NOT NULL THEN least(
    u.created_at,
    (SELECT min(t.at) FROM incidents_timelineentry t
        WHERE t.incident_id = c.id AND t.kind = %(told)s AND (t.data ->> 'update')::bigint = u.corrects_id),
    (SELECT min(s.as_of) FROM comms_update w
        JOIN incidents_impactstatement written ON written.id = w.impact_statement_id
        JOIN incidents_impactstatement s ON s.incident_id = c.id AND s.version = written.version + 1
        WHERE w.id = u.corrects_id AND s.revision_reason = %(wrong)s AND s.as_of > w.published_at)
) END"""
# Of each: which measure, of which audience ('' without), the length or score, and whether it was kept.
_FACTS: Final = f"""
SELECT {_COLUMNS}, l.measure, '' AS audience, {_SECONDS} AS value, NULL::boolean AS hit
FROM counted c CROSS JOIN LATERAL (VALUES {_PAIRS}) AS l (measure, since, till)
WHERE l.since IS NOT NULL AND l.till IS NOT NULL
UNION ALL
SELECT {_COLUMNS}, l.measure, '', {_SECONDS}, NULL
FROM counted c JOIN incidents_engagement e ON e.incident_id = c.id
CROSS JOIN LATERAL (VALUES ('tta', e.asked_at, e.acknowledged_at), ('tte', e.asked_at, e.joined_at),
    ('response_hours', e.joined_at, e.released_at))
    AS l (measure, since, till)
WHERE l.since IS NOT NULL AND l.till IS NOT NULL
UNION ALL
SELECT {_COLUMNS}, l.measure, a.code, l.value, l.hit
FROM counted c JOIN comms_updatedeadline d ON d.incident_id = c.id JOIN comms_audience a ON a.id = d.audience_id
CROSS JOIN LATERAL (VALUES
    ('promise_kept_rate', NULL::float8, coalesce(d.kept_at <= d.due_at, false),
        d.kept_at IS NOT NULL OR d.due_at < %(now)s AND d.ended_at IS NULL OR d.ended_at > d.due_at),
    ('first_comms_on_time_rate', NULL, coalesce(d.kept_at <= d.due_at, false),
        d.is_first AND (d.kept_at IS NOT NULL OR d.due_at < %(now)s AND d.ended_at IS NULL OR d.ended_at > d.due_at)),
    ('ttfc', extract(epoch FROM d.kept_at - c.declared_at)::float8, NULL, d.is_first AND d.kept_at IS NOT NULL)
) AS l (measure, value, hit, counts)
WHERE l.counts
UNION ALL
SELECT {_COLUMNS}, l.measure, '', l.value, l.hit
FROM counted c JOIN comms_update u ON u.incident_id = c.id AND u.state = ANY(%(sent)s)
CROSS JOIN LATERAL (VALUES
    ('comms_defect_rate', NULL::float8,
        EXISTS (SELECT FROM comms_update later WHERE later.corrects_id = u.id AND later.state = ANY(%(sent)s))
        OR EXISTS (SELECT FROM comms_finding f
            WHERE f.update_id = u.id AND f.found_after_sending AND f.severity = 'error'), true),
    ('time_to_correct', extract(epoch FROM u.published_at - {_KNOWN_AT})::float8, NULL, u.corrects_id IS NOT NULL)
) AS l (measure, value, hit, counts)
WHERE l.counts
UNION ALL
SELECT {_COLUMNS}, l.measure, '', NULL, l.hit
FROM counted c
CROSS JOIN LATERAL (VALUES
    ('impact_accuracy_rate', NOT EXISTS (SELECT FROM incidents_impactstatement s
        WHERE s.incident_id = c.id AND s.revision_reason = %(wrong)s), true),
    ('reopen_rate', EXISTS (SELECT FROM incidents_timelineentry t
        WHERE t.incident_id = c.id AND t.kind = %(reopened)s), c.service_restored_at IS NOT NULL),
    ('repeat_rate_90d', EXISTS (SELECT FROM incidents_incidentlink k JOIN incidents_incident o ON o.id = k.other_id
        WHERE k.incident_id = c.id AND k.kind = %(recurrence)s AND k.ended_at IS NULL AND NOT o.is_private
        AND c.declared_at - o.declared_at <= %(repeat_days)s * interval '1 day'), true)
) AS l (measure, hit, counts)
WHERE l.counts
UNION ALL
SELECT {_COLUMNS}, l.measure, '', l.value, l.hit
FROM counted c JOIN incidents_candidate i ON i.incident_id = c.id AND i.intake_score IS NOT NULL
CROSS JOIN LATERAL (VALUES
    ('intake_score_median', i.intake_score::float8, NULL::boolean),
    ('intake_first_time_right', NULL, i.intake_score >= %(ready)s)
) AS l (measure, value, hit)
"""  # noqa: S608 -- joins constants
_GIVEN: Final[Mapping[str, Any]] = {
    "sent": sorted(SENT_UPDATES),
    "wrong": RevisionReason.CAPTURED_INCORRECTLY,
    "told": EntryKind.UPDATE_DEFECT_FOUND,
    "reopened": EntryKind.REOPENED,
    "recurrence": LinkKind.RECURRENCE,
    "repeat_days": REPEAT_DAYS,
    "ready": READY,
}
_MONTH: Final = "date_trunc('month', f.declared_at AT TIME ZONE 'UTC')::date"
# Scores are their own class; lengths go by classes 2 % wide, a contradiction is in none.
CLASS: Final = f"""CASE WHEN f.value IS NULL OR f.value < 0 THEN NULL
    WHEN f.measure = 'intake_score_median' THEN f.value::int WHEN f.value < 1 THEN -1
    ELSE floor(ln(f.value) / ln({GROWTH}))::int END"""

_VALUES: Final = """
SELECT f.measure, f.audience, count(*), count(*) FILTER (WHERE f.hit), count(*) FILTER (WHERE f.value < 0),
    coalesce(array_agg(f.value ORDER BY f.value) FILTER (WHERE f.value >= 0), '{}')
FROM facts f GROUP BY f.measure, f.audience
"""
_CLASSES: Final = f"""
SELECT f.measure, f.audience, {CLASS} AS class, count(*), count(*) FILTER (WHERE f.hit),
    count(*) FILTER (WHERE f.value < 0)
FROM facts f GROUP BY f.measure, f.audience, class
"""  # noqa: S608 -- joins constants
_MONTHS: Final = f"""
SELECT {_MONTH} AS month, f.measure, f.audience, {CLASS} AS class, count(*), count(*) FILTER (WHERE f.hit),
    count(*) FILTER (WHERE f.value < 0)
FROM facts f WHERE f.measure = %(measure)s GROUP BY month, f.measure, f.audience, class
"""  # noqa: S608 -- joins constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What one measure has of one audience: usable lengths or scores in order, and how many facts, kept and invalid."""

    n: int
    hits: int
    invalid: int
    values: tuple[float, ...]


Key = tuple[str, str]  # measure and audience


def values(counted: QuerySet[Incident], *, now: datetime) -> dict[Key, Values]:
    """Every single value; for as many incidents as a page can carry."""
    return {
        (measure, audience): Values(n=n, hits=hits, invalid=invalid, values=tuple(found))
        for measure, audience, n, hits, invalid, found in _rows(_VALUES, counted, now=now)
    }


def classes(counted: QuerySet[Incident], *, now: datetime) -> dict[Key, Classes]:
    """How many lie in each class; for any number of incidents, as far as they are not rolled up."""
    found: dict[Key, list[Sequence[Any]]] = {}
    for measure, audience, *row in _rows(_CLASSES, counted, now=now):
        found.setdefault((measure, audience), []).append(row)
    return {key: of_rows(rows) for key, rows in found.items()}


def months(counted: QuerySet[Incident], *, measure: str, now: datetime) -> dict[date, Classes]:
    """One measure over all audiences, by the month (UTC) in which the incident was declared."""
    found: dict[date, list[Sequence[Any]]] = {}
    for month, _measure, _audience, *row in _rows(_MONTHS, counted, now=now, measure=measure):
        found.setdefault(month, []).append(row)
    return {month: of_rows(rows) for month, rows in found.items()}


def of_rows(rows: Sequence[Sequence[Any]]) -> Classes:
    """Rows of class, facts, kept, invalid; the class is None where there is no usable value."""
    counts: dict[int, int] = {}
    for number, n, _hits, _invalid in rows:
        if number is not None:
            counts[number] = counts.get(number, 0) + n
    return Classes(
        n=sum(row[1] for row in rows),
        hits=sum(row[2] for row in rows),
        invalid=sum(row[3] for row in rows),
        counts=counts,
    )


def with_facts(
    counted: QuerySet[Incident], statement: str, *, now: datetime, **given: Any
) -> tuple[str, Mapping[str, Any]]:
    """A statement over `facts` of these incidents, and its parameters."""
    sql, parameters = (
        counted.order_by().values("id", "declared_at", "priority", "service_id", *TIMES).query.sql_with_params()
    )
    names = {f"counted_{place}": value for place, value in enumerate(parameters)}
    named = sql % tuple(f"%(counted_{place})s" for place in range(len(parameters)))
    return (
        f"WITH counted AS MATERIALIZED ({named}), facts AS ({_FACTS}) {statement}",
        {**_GIVEN, **names, "now": now, **given},
    )


def _rows(statement: str, counted: QuerySet[Incident], *, now: datetime, **given: Any) -> Iterator[Sequence[Any]]:
    try:
        composed, parameters = with_facts(counted, statement, now=now, **given)
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(composed, parameters)
        yield from cursor.fetchall()
