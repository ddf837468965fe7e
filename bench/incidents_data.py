"""A million incidents in a minute: an organisation of ten years, the same at every run and, in shape, at every size.

However many there are, sixty have the rare word, three in ten the common one, one in a hundred the one between, and
the newest forty are live. A part of them is private, and the outsider is a member of three of those. What is rarer than
that, as exercises are, is less rare among few: whatever is asked of a thousand fills a page as it does of a million.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from incidents.models import CommandTenure, ImpactStatement, Incident
from teams.models import Person, Service, Team

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COMMON, BETWEEN, RARE, NOBODYS = "deployment", "certificate", "zebrafish", "unicorn"
SERVICES, MANAGERS = 50, 40
PAGE = 60  # a page of the list and some more

_WHERE = "ARRAY['Dublin','Leeds','Porto','Oslo','Graz','Utrecht','Lyon','Turin','Gdansk','Malmo','Ghent']"
_WHAT = """ARRAY['staff cannot submit timesheets','customers cannot pay','messages do not arrive',
    'orders are not picked','calls are cut off']"""
_AT = "(%(now)s - ((%(count)s - n)::float / %(count)s) * interval '3650 days')"
_INCIDENT = {
    "reference": f"'MI-' || extract(year FROM {_AT}) || '-' || CASE WHEN n < 10000 THEN lpad(n::text, 4, '0')"
    " ELSE n::text END",
    "external_ref": "CASE WHEN n %% 3 = 0 THEN 'INC' || lpad(n::text, 7, '0') ELSE '' END",
    "title": "(ARRAY['Payroll','Web shop','Mail','Warehouse','Telephony','Network','Sign-in'])[1 + n %% 7]"
    f" || ': ' || ({_WHAT})[1 + n %% 5] || ' in ' || ({_WHERE})[1 + n %% 11]",
    "service_id": "(ARRAY(SELECT id FROM teams_service ORDER BY id))[1 + n %% %(services)s]",
    "state": """CASE
        WHEN n > %(count)s - 40 THEN (ARRAY['declared','investigating','identified','mitigating'])[1 + n %% 4]
        WHEN n > %(count)s - 60 THEN 'resolved' WHEN n %% %(cancelled)s = 0 THEN 'cancelled' ELSE 'closed' END""",
    "priority_computed": "CASE WHEN n %% %(urgent)s = 0 THEN 'P1' ELSE 'P2' END",
    "priority": "CASE WHEN n %% %(urgent)s = 0 THEN 'P1' ELSE 'P2' END",
    # Spread over all managers; by a remainder one of them would have half of all private ones.
    "is_private": "abs(hashint4(n)) %% 1000 < %(private)s",
    "is_exercise": "n %% %(exercise)s = 0",
    "declared_at": _AT,
    "impact_started_at": _AT,
    "service_restored_at": f"CASE WHEN n <= %(count)s - 40 THEN {_AT} + interval '2 hours' END",
    "closed_at": f"CASE WHEN n <= %(count)s - 60 THEN {_AT} + interval '3 hours' END",
}
_DOCUMENTS = r"""
INSERT INTO incidents_incidentsearch (incident_id, declared_at, is_private, title_words, words, body, last_seq)
SELECT id, declared_at, is_private, array_to_tsvector(title), array_to_tsvector(title || said), body, 0
FROM (
    SELECT id, declared_at, is_private, body,
        array_remove(regexp_split_to_array(lower(title || ' ' || reference || ' ' || external_ref), '\W+'), '')
            AS title,
        array_remove(regexp_split_to_array(lower(body), '\W+'), '') AS said
    FROM (
        SELECT id, declared_at, is_private, title, reference, external_ref,
            'Bridge opened, first team joined after ' || id %% 17
            || CASE WHEN id %% 10 < 3 THEN ' minutes. Rolled back the ' || %(common)s || ' of the morning.'
                    ELSE ' minutes. Restarted node ' || id %% 997 || '.' END
            || CASE WHEN id %% %(has_between)s = 7 THEN ' The ' || %(between)s || ' had expired.' ELSE '' END
            || CASE WHEN id %% (%(count)s / 60) = 0 THEN ' A ' || %(rare)s || ' was seen in queue ' || id || '.'
                    ELSE '' END
            || ' Users in site ' || id %% 211 || ' can work again, ticket ' || (id * 7919) %% 1000003 AS body
        FROM incidents_incident
    ) texts
) taken_apart
"""
_ONE_IN = {
    "services": SERVICES,
    "managers": MANAGERS,
    "urgent": 20,
    "cancelled": 40,
    "exercise": 200,
    "has_between": 100,
}


@dataclass(frozen=True)
class Organisation:
    """Who asks."""

    manager: Person
    outsider: Person


def build(count: int, *, private_in_thousand: int = 2) -> Organisation:
    """The whole organisation in an empty, migrated database; nothing reacts to what is written here."""
    team = Team.objects.create(slug="operations", name="Operations")
    services = Service.objects.bulk_create(
        Service(slug=f"service-{n}", name=f"Service {n}", owner_team=team) for n in range(SERVICES)
    )
    people = Person.objects.bulk_create(
        Person(username=f"manager{n}", first_name="Manager", last_name=f"{n}", email=f"m{n}@example.org", roles=[role])
        for n, role in enumerate(["incident_manager"] * MANAGERS + ["auditor"])
    )
    *managers, outsider = people
    given = {"count": count, "now": NOW, "private": private_in_thousand}
    given |= {name: one_in(often, count) for name, often in _ONE_IN.items()}
    given |= {"common": COMMON, "between": BETWEEN, "rare": RARE, "outsider": outsider.pk}
    model = Incident(service=services[0], impact=1, urgency=1, declared_at=NOW)
    tenure, statement = CommandTenure(), ImpactStatement(activity="submit timesheets", who="store staff")
    manager = (
        "(ARRAY(SELECT id FROM teams_person WHERE roles[1] = 'incident_manager' ORDER BY id))[1 + id %% %(managers)s]"
    )
    owned = {"incident_id": "id", "manager_id": manager, "started_at": "declared_at", "ended_at": "closed_at"}
    owned["of_private"] = "is_private"
    stated = {"incident_id": "id", "version": "1", "as_of": "declared_at"}
    numbers, incidents = "generate_series(1, %(count)s) AS n", "incidents_incident"
    with connection.cursor() as cursor, bare(cursor):
        with without_indexes(cursor, "incidents_incident", "incidents_incidentsearch", "incidents_commandtenure"):
            _fill(cursor, model, _INCIDENT, source=numbers, given=given)
            _fill(cursor, tenure, owned, source=incidents, given=given)
            cursor.execute(_DOCUMENTS, given)
        _fill(cursor, statement, stated, source=f"{incidents} WHERE id > %(count)s - 2000", given=given)
        cursor.execute(
            "INSERT INTO incidents_incidentmember (incident_id, person_id) SELECT id, %(outsider)s"
            " FROM incidents_incident WHERE is_private ORDER BY id LIMIT 3",
            given,
        )
        cursor.execute("VACUUM ANALYZE")
    return Organisation(managers[0], outsider)


def one_in(often: int, count: int) -> int:
    """One in so many, or in as many as fill a page."""
    return min(often, count // PAGE)


def _fill(
    cursor: CursorWrapper, model: Model, columns: Mapping[str, str], *, source: str, given: Mapping[str, Any]
) -> None:
    """One row of the table for each of the source: some columns by SQL, the others as the model has them."""
    plain: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.column not in columns and not field.primary_key and not field.has_db_default():
            plain[field.column] = field.get_db_prep_save(getattr(model, field.attname), connection)
    names = [*columns, *plain]
    values = [*columns.values(), *(f"%(plain_{name})s" for name in plain)]
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(map(connection.ops.quote_name, names))})"
        f" SELECT {', '.join(values)} FROM {source}",
        {**given, **{f"plain_{name}": value for name, value in plain.items()}},
    )


@contextlib.contextmanager
def bare(cursor: CursorWrapper) -> Iterator[None]:
    """Neither triggers nor foreign keys nor the exclusion of two managers: these rows are known to be sound."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SET maintenance_work_mem = '256MB'")
    cursor.execute("ALTER TABLE incidents_commandtenure DROP CONSTRAINT IF EXISTS one_manager_at_every_instant")
    yield
    cursor.execute("SET session_replication_role = origin")


@contextlib.contextmanager
def without_indexes(cursor: CursorWrapper, *tables: str) -> Iterator[None]:
    """Indexes are made once over all rows, which is many times faster than row by row."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique",
        [list(tables)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
