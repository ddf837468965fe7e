"""Prepared queries of one page, asked in one round trip.

A page asks thirty small questions that depend on nothing but its incident. PostgreSQL answers each within 0.1 ms; going
there and back costs four times as much, and most of the page's worst moments (docs/performance.md):

    with together.asked(offers.ask(incident=incident), tenures.ask(incident=incident)):
        offers(incident=incident)  # was read ahead, with the tenures

Nothing else changes: each answer is given once to whoever asks the same within the block, and what was not read ahead
is asked as ever. Within a block a page only reads: an answer is as old as the block.

One statement answers all of them, in a column each: the rows as an array of the values' texts, which is how they travel
alone too, and the driver reads them by the types of the columns.
"""

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError
from psycopg2 import extensions

from mim_portal.lib.prepared import AHEAD, Ask, Composed, NotAValue
from mim_portal.lib.server_side import Statement

# Columns whose `::text` is not what they look like alone: padded texts and addresses of networks.
_REFUSED = {1042: "char", 869: "inet"}
_TEXTS = frozenset({19, 25, 1043})  # name, text, varchar: nothing to read


@contextmanager
def asked(*asks: Ask) -> Iterator[None]:
    """The answers of all of these are at hand within the block, or within the block around it."""
    answers, around = _answers([ask for ask in dict.fromkeys(asks) if ask.composed.text]), AHEAD.get()
    if around is not None:
        around.update(answers)
        yield
        return
    token = AHEAD.set(answers)
    try:
        yield
    finally:
        AHEAD.reset(token)


def _answers(asks: Sequence[Ask]) -> dict[Ask, list[tuple[Any, ...]]]:
    if len(asks) < 2:
        return {}
    found = _joined(tuple(ask.composed for ask in asks)).rows(asks)
    return dict(zip(asks, found, strict=True))


@functools.cache
def _joined(members: tuple[Composed[Any], ...]) -> "_Joined":
    return _Joined(members)


class _Joined:
    """One text for several."""

    def __init__(self, members: tuple[Composed[Any], ...]) -> None:
        for one in members:
            if not one.keeps_plan:
                raise NotAValue(f"{one.name} is planned for its values and cannot be asked together with others")
        self._members = members
        self._types: list[list[int]] = []
        self._statement: Statement | None = None

    def rows(self, asks: Sequence[Ask]) -> list[list[tuple[Any, ...]]]:
        connection = self._members[0].connection
        values = [ask.composed.parameters(ask.values) for ask in asks]
        statement = self._statement or self._composed(connection, values)
        try:
            with connection.cursor() as cursor:
                cursor.execute(*statement.on(connection, [value for one in values for value in one]))
                answers = cursor.fetchone()
                return [
                    _rows(lines, types, cursor.cursor) if lines else []
                    for lines, types in zip(answers, self._types, strict=True)
                ]
        except DatabaseError:
            statement.forget(connection)
            raise

    def _composed(self, connection: Any, values: Sequence[Sequence[Any]]) -> Statement:
        types = [_types(connection, one, given) for one, given in zip(self._members, values, strict=True)]
        text = f"SELECT {', '.join(map(_column, self._members, types))}"
        varying, before = list[int](), 0
        for one, given in zip(self._members, values, strict=True):
            varying += [before + place for place in one.varying]
            before += len(given)
        fixed = [value for one in values for value in one]
        self._types, self._statement = types, Statement(text, fixed, varying, one_plan=True)
        return self._statement


def _types(connection: Any, one: Composed[Any], values: Sequence[Any]) -> list[int]:
    """The types of its columns, asked once in a process."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({one.text}) q LIMIT 0", values)  # noqa: S608 -- Django's text
        types = [column.type_code for column in cursor.description]
    refused = [_REFUSED[each] for each in types if each in _REFUSED]
    if refused:
        raise NotAValue(f"{one.name} has a column of the type {refused[0]} and cannot be asked together with others")
    return types


def _column(one: Composed[Any], types: Sequence[int]) -> str:
    names = [f"c{number}" for number in range(len(types))]
    texts = ", ".join(f"q.{name}::text" for name in names)
    return f"(SELECT array_agg(ARRAY[{texts}]) FROM ({one.text}) q({', '.join(names)}))"  # noqa: S608 -- Django's text


def _reader(known: dict[int, Any], type_code: int) -> Any:
    """What makes Python's value of a column's text, as the driver does for a column of its own; None for a text."""
    if type_code in _TEXTS:
        return None
    return known.get(type_code) or extensions.string_types.get(type_code)


def _rows(lines: Sequence[Sequence[str | None]], types: Sequence[int], cursor: Any) -> list[tuple[Any, ...]]:
    known = cursor.connection.string_types
    readers = [_reader(known, each) for each in types]
    return [
        tuple(
            value if read is None or value is None else read(value, cursor)
            for value, read in zip(line, readers, strict=True)
        )
        for line in lines
    ]
