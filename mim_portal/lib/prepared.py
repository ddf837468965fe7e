"""Questions that are asked on every page, composed once in a process and then only given other values.

Composing the SQL of a queryset costs more than asking PostgreSQL for its rows: about 1.5 ms of a page's time each,
where the rows cost 0.4. What a page asks has always the same shape, so the composed text is kept, and PostgreSQL keeps
its plan (`server_side`) unless a good plan depends on the values (`keeps_plan=False`):

    @prepared.query
    def offers(*, incident: int) -> QuerySet[Handover]:
        return Handover.objects.filter(incident=incident, state=HandoverState.OFFERED)

    offers(incident=incident)  # a list of Handover, as list(queryset) would give

Values are keyword arguments that go into the SQL as parameters: integers, rows (their keys), texts, aware times, and
lists of integers (for `__in`). Anything else would change the text and is refused, as is a value that a lookup
rewrites (`icontains`). What depends on no other answer can be asked together with others: `together`.
"""

import copy
import functools
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connections
from django.db.models import Model, QuerySet, prefetch_related_objects

from mim_portal.lib.server_side import Statement

Row = TypeVar("Row")

# Stand-ins for the values while the text is composed: nothing that an organisation's rows hold, or a query names.
_NUMBER, _TEXT, _TIME = 2_100_000_000, "\ue000{}\ue001", datetime(2987, 6, 5, 4, 3, 2, tzinfo=UTC)


class NotAValue(TypeError):
    """What was given cannot be a parameter of a prepared query."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value goes: its name, and which of a list it is."""

    name: str
    index: int | None = None

    def of(self, values: Mapping[str, Any]) -> Any:
        return values[self.name] if self.index is None else values[self.name][self.index]


@dataclass(frozen=True, slots=True)
class Ask:
    """A query with its values that is asked together with others; equal to every other ask of the same."""

    composed: "Composed[Any]"
    values: Mapping[str, Any] = field(hash=False, compare=False)
    key: tuple[Any, ...]


# What was asked together and nobody has called for yet, as PostgreSQL's rows.
AHEAD: ContextVar[dict[Ask, list[tuple[Any, ...]]] | None] = ContextVar("ahead", default=None)


class Query(Generic[Row]):
    """A function from values to a queryset, called for its rows."""

    def __init__(self, compose: Callable[..., QuerySet[Any, Row]], *, keeps_plan: bool = True) -> None:
        functools.update_wrapper(self, compose)
        self._compose, self._keeps_plan = compose, keeps_plan
        self._composed: dict[tuple[tuple[str, int], ...], Composed[Row]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows: those that were read ahead, or read now."""
        given = {name: _given(value) for name, value in values.items()}
        composed = self._of(given)
        ahead = AHEAD.get()
        if ahead:
            found = ahead.pop(_asked(composed, given), None)
            if found is not None:
                return composed.made(found)
        return composed.rows(given)

    def ask(self, **values: Any) -> Ask:
        """The same question, to be asked together with others."""
        given = {name: _given(value) for name, value in values.items()}
        return _asked(self._of(given), given)

    def _of(self, given: Mapping[str, Any]) -> "Composed[Row]":
        shape = tuple((name, len(value) if isinstance(value, list) else -1) for name, value in given.items())
        composed = self._composed.get(shape)
        if composed is None:
            composed = self._composed[shape] = Composed(self._compose, given, keeps_plan=self._keeps_plan)
        return composed

    def first(self, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self(**values)), None)


query = Query


class Composed(Generic[Row]):
    """One text with the places of its values, and what turns PostgreSQL's rows into ours."""

    def __init__(
        self, compose: Callable[..., QuerySet[Any, Row]], given: Mapping[str, Any], *, keeps_plan: bool
    ) -> None:
        stand_ins: dict[Any, _Place] = {}
        sample = {name: _stand_in(name, value, stand_ins) for name, value in given.items()}
        self.name, self.text = compose.__qualname__, ""
        self._queryset = compose(**sample)
        self._compiler = self._queryset.query.get_compiler(using=self._queryset.db)
        self._parameters: tuple[Any, ...] = ()
        self._converters: Any = None
        self._statement: Statement | None = None
        try:
            self.text, parameters = self._compiler.as_sql()
        except EmptyResultSet:  # `__in` of nothing
            return
        self._parameters = tuple(_place(parameter, stand_ins) for parameter in parameters)
        missing = [place for place in stand_ins.values() if place not in self._parameters]
        if missing:
            raise NotAValue(f"{missing[0].name} is no plain parameter of {compose.__qualname__}")
        if keeps_plan:
            self._statement = Statement(self.text, self._parameters, self.varying)

    @property
    def varying(self) -> list[int]:
        """Which of the parameters are other ones each time."""
        return [place for place, each in enumerate(self._parameters) if isinstance(each, _Place)]

    @property
    def keeps_plan(self) -> bool:
        return self._statement is not None

    @property
    def connection(self) -> Any:
        """This thread's."""
        return connections[self._queryset.db]

    def parameters(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(each.of(given) if isinstance(each, _Place) else each for each in self._parameters)

    def rows(self, given: Mapping[str, Any]) -> list[Row]:
        """What PostgreSQL answers now."""
        if not self.text:
            return []
        connection, parameters = self.connection, self.parameters(given)
        if self._statement is None:
            return self.made(_read(connection, self.text, parameters))
        try:
            return self.made(_read(connection, *self._statement.on(connection, parameters)))
        except DatabaseError:
            self._statement.forget(connection)
            raise

    def made(self, found: list[tuple[Any, ...]]) -> list[Row]:
        """Rows as PostgreSQL gives them become what the queryset gives."""
        if not found:
            return []
        compiler: Any = copy.copy(self._compiler)
        compiler.connection = self.connection
        if compiler.has_extra_select:  # what is only sorted by
            found = [row[: compiler.col_count] for row in found]
        compiler.execute_sql = lambda *args, **kwargs: [found]
        compiler.get_converters = self._convert_with(compiler.get_converters)
        asked: Any = copy.copy(self._queryset.query)
        asked.get_compiler = lambda *args, **kwargs: compiler
        iterable: Any = self._queryset._iterable_class
        made = list(iterable(_Asked(self._queryset, asked)))
        prefetch: tuple[Any, ...] = self._queryset._prefetch_related_lookups  # type: ignore[attr-defined]
        if prefetch:
            prefetch_related_objects(made, *prefetch)
        return made

    def _convert_with(self, ask: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """What turns values of the database into ours belongs to the columns, so that they are asked once."""

        def converters(columns: Any) -> Any:
            if self._converters is None:
                self._converters = ask(columns)
            return self._converters

        return converters


def _read(connection: Any, text: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _asked(composed: Composed[Any], given: Mapping[str, Any]) -> Ask:
    return Ask(composed, given, tuple(tuple(each) if isinstance(each, list) else each for each in given.values()))


class _Asked:
    """As much of a queryset as its iterable reads."""

    def __init__(self, queryset: Any, asked: Any) -> None:
        self.query, self.db, self.model = asked, queryset.db, queryset.model
        self._fields, self._known_related_objects = queryset._fields, queryset._known_related_objects


def _given(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return _padded(value) if isinstance(value, list | tuple) else value


def _padded(values: Sequence[int]) -> list[int]:
    """As long as the next power of two, so that few lengths of lists are composed; a key named twice finds one row."""
    found = list(values)
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found)) if found else found


def _stand_in(name: str, value: Any, stand_ins: dict[Any, _Place]) -> Any:
    if isinstance(value, list):
        return [_new(each, stand_ins, _Place(name, index)) for index, each in enumerate(value)]
    return _new(value, stand_ins, _Place(name))


def _new(value: Any, stand_ins: dict[Any, _Place], place: _Place) -> Any:
    number = len(stand_ins)
    stand_in: Any
    if isinstance(value, str):
        stand_in = _TEXT.format(number)
    elif isinstance(value, int) and not isinstance(value, bool):
        stand_in = _NUMBER + number
    elif isinstance(value, datetime) and value.tzinfo is not None:
        stand_in = _TIME + timedelta(microseconds=number)
    else:
        raise NotAValue(f"{place.name} is {value!r}: integers, texts and aware times can be given")
    stand_ins[stand_in] = place
    return stand_in


def _place(parameter: Any, stand_ins: Mapping[Any, _Place]) -> Any:
    """The place that a parameter stands for, or the parameter itself where it is always the same."""
    try:
        return stand_ins.get(parameter, parameter)
    except TypeError:  # a list or a document: always the same
        return parameter
