"""Columns as arrays arrive as they were."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection

from mim_portal.lib import bulk
from mim_portal.models import Heartbeat

AWKWARD = [
    "plain",
    'with "quotes"',
    "back\\slash",
    "comma, {brace}",
    "NULL",
    "",
    " spaces ",
    "O'Brien",
    "zeile\nzwei",
    "Größe ✓",
]


def fetched(kind: str, values: list[Any]) -> list[Any]:
    source, parameters = bulk.unnest({"value": (kind, values)})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT value FROM {source}", parameters)
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", [*AWKWARD, None]),
        ("bigint", [1, None, 2**40]),
        ("double precision", [0.5, None]),
        ("boolean", [True, False, None]),
        ("timestamptz", [datetime(2026, 3, 29, 0, 30, tzinfo=UTC), None]),
        ("bigint", []),
    ],
)
def test_values_survive_the_journey(kind: str, values: list[Any]) -> None:
    assert fetched(kind, values) == values


@pytest.mark.django_db
def test_a_time_of_another_zone_is_the_same_moment() -> None:
    at = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert fetched("timestamptz", [at]) == [at]


@pytest.mark.django_db
def test_objects_and_lists_are_cast_row_by_row() -> None:
    source, parameters = bulk.unnest({"data": ("jsonb", [{"a": [1, 'x"y\\']}]), "ids": ("text", [[3, 4]])})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT data->'a'->>1, ids::bigint[] FROM {source}", parameters)
        assert cursor.fetchall() == [('x"y\\', [3, 4])]


@pytest.mark.django_db
def test_a_null_character_which_postgres_refuses_is_left_out() -> None:
    assert fetched("text", ["a\x00b"]) == ["ab"]


@pytest.mark.django_db
def test_insert_writes_columns_and_casts_the_marked_ones() -> None:
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with connection.cursor() as cursor:
        bulk.insert(
            cursor,
            "mim_portal_heartbeat",
            {
                "name": ("text", ["a", "b"]),
                "beat_at": ("text::timestamptz", [at.isoformat(), at.isoformat()]),
                "took_ms": ("double precision", [1.5, 2]),
                "by": ("text", ["x", "y"]),
            },
        )
    assert list(Heartbeat.objects.order_by("name").values_list("name", "beat_at", "took_ms", "by")) == [
        ("a", at, 1.5, "x"),
        ("b", at, 2.0, "y"),
    ]


@pytest.mark.django_db
def test_reserved_ids_are_new_and_different() -> None:
    with connection.cursor() as cursor:
        first = bulk.reserve_ids(cursor, "comms_notice", 3)
        second = bulk.reserve_ids(cursor, "comms_notice", 2)
    assert len({*first, *second}) == 5
