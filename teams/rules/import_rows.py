"""Rows of a file as values, and what each would do: create, update, nothing, or be refused with the reason."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from teams.rules import catalogue, fingerprints
from teams.rules.catalogue import COLUMNS, Column, Kind
from teams.rules.fields import Unusable
from teams.rules.table import Row, Table

Key = tuple[str, ...]


class Outcome(StrEnum):
    """What a row does."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a cell (or with the row, where `column` is empty), and what to do."""

    column: str
    message: str


@dataclass(slots=True, kw_only=True)
class Parsed:
    """One row as values of the columns that the file has."""

    number: int
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, message: str) -> None:
        self.problems.append(Problem(column=column, message=message))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the report: `changes` are column, before, after, as a file would have them."""

    number: int
    label: str
    outcome: Outcome
    changes: tuple[tuple[str, str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


def known(kind: Kind, headings: Iterable[str]) -> tuple[Mapping[str, Column], tuple[str, ...]]:
    """Columns by the heading that the file has for them, and the headings that nobody knows."""
    by_name = {name: column for column in COLUMNS[kind] for name in (column.name, *column.aliases)}
    own = {column.name: column for column in COLUMNS[kind]}
    found = {heading: own.get(heading) or by_name.get(heading) for heading in headings}
    return (
        {heading: column for heading, column in found.items() if column is not None},
        tuple(heading for heading, column in found.items() if column is None),
    )


def missing(kind: Kind, columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Columns without which no row can be told from another."""
    present = {column.name for column in columns.values()}
    needed = catalogue.KEYS[kind]
    if kind == Kind.PEOPLE:
        return () if present & set(needed) else ("username or email",)
    return tuple(name for name in needed if name not in present)


def twice(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Columns that the file has under two names."""
    names = [column.name for column in columns.values()]
    return tuple(sorted({name for name in names if names.count(name) > 1}))


def parse(table: Table, columns: Mapping[str, Column]) -> list[Parsed]:
    """Every row's values; what cannot be read is a problem of its cell."""
    return [_parsed(row, columns) for row in table.rows]


def completed(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new row: what the file has, and the defaults of what it has not."""
    return {column.name: values.get(column.name, column.default) for column in COLUMNS[kind]}


def changes(kind: Kind, before: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Column, before and after of what differs, in the order of the columns."""
    return tuple(
        (column.name, column.write(before[column.name]), column.write(values[column.name]))
        for column in COLUMNS[kind]
        if column.name in values and values[column.name] != before[column.name]
    )


def refuse_repeated(rows: Sequence[Parsed], keys: Mapping[int, Key | None]) -> None:
    """Two rows of one file about the same thing: the second is refused, whatever it says."""
    first: dict[Key, int] = {}
    for row in rows:
        key = keys.get(row.number)
        if key is None:
            continue
        if key in first:
            row.refuse("", f"The same as row {first[key]}: keep one of them.")
        else:
            first[key] = row.number


def token(*, kind: Kind, raw: bytes, invites: bool, lines: Sequence[Line]) -> str:
    """Changes with the file and with anything that the report says: what was shown is what is applied, or nothing."""
    digest = hashlib.sha256(raw).hexdigest()
    said = [(one.number, one.outcome, one.changes, [(p.column, p.message) for p in one.problems]) for one in lines]
    return fingerprints.of({"kind": kind, "file": digest, "invites": invites, "lines": said})


def _parsed(row: Row, columns: Mapping[str, Column]) -> Parsed:
    parsed = Parsed(number=row.number, values={})
    for heading, column in columns.items():
        cell = row.cells.get(heading, "")
        if column.name == "active" and not cell:
            continue  # an empty cell neither switches off nor back on
        if column.is_needed and not cell:
            parsed.refuse(column.name, "This cell is empty; the row needs it.")
            continue
        try:
            parsed.values[column.name] = column.read(cell) if cell else column.default
        except Unusable as error:
            parsed.refuse(column.name, f"“{_short(cell)}”: {error}")
    if row.surplus:
        parsed.refuse("", f"There are {row.surplus} more cells than headings. Look for a separator too many.")
    return parsed


def _short(cell: str) -> str:
    return cell if len(cell) <= 60 else f"{cell[:57]}…"
