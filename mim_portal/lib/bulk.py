"""Many rows in one statement: columns travel as arrays, so that twenty thousand rows cost one parse and one plan."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

_NULL = "NULL"


def literal(values: Iterable[Any]) -> str:
    """A PostgreSQL array literal of numbers, times, texts, JSON objects, lists of numbers (as text) and nulls.

    Values that repeat, as times do, are written once.
    """
    written: dict[Any, str] = {}
    parts = []
    for value in values:
        kind = type(value)
        if kind is int:
            parts.append(str(value))
        elif kind is datetime or kind is str:
            part = written.get(value)
            if part is None:
                part = written[value] = _element(value)
            parts.append(part)
        else:
            parts.append(_element(value))
    return "{" + ",".join(parts) + "}"


def _element(value: Any) -> str:
    if value is None:
        return _NULL
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    if isinstance(value, dict):
        value = json.dumps(value)
    elif isinstance(value, (list, tuple)):
        value = literal(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\x00", "")
    return f'"{text}"'


def unnest(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> tuple[str, list[str]]:
    """SQL of a row source `unnest(...) AS given (names)` and its parameters.

    `columns` maps names of our own code, never input, to (PostgreSQL type, values).
    """
    casts = ", ".join(f"%s::{kind}[]" for kind, _ in columns.values())
    return f"unnest({casts}) AS given ({', '.join(columns)})", [literal(values) for _, values in columns.values()]


def insert(cursor: CursorWrapper, table: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
    """Insert the rows; a column whose type is written as "text::jsonb" is cast row by row."""
    names = ", ".join(columns)
    selected = ", ".join(
        f"{name}::{kind.partition('::')[2]}" if "::" in kind else name for name, (kind, _) in columns.items()
    )
    source, parameters = unnest({name: (kind.partition("::")[0], values) for name, (kind, values) in columns.items()})
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {selected} FROM {source}", parameters)  # noqa: S608


def reserve_ids(cursor: CursorWrapper, table: str, count: int) -> list[int]:
    """Primary keys from the table's sequence, for rows that other rows will name."""
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [table, count],
    )
    return [row[0] for row in cursor.fetchall()]
