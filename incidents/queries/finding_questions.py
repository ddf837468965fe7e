"""What a search asks, and of which list: each question's SQL is composed once where the list is one of plain values.

A list that a page shows is made of filters, which are values (`Kept`); one that the API narrows and pages by its own
keys is a list of querysets, composed each time (`Composed`).
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, DateTimeField, F, Func, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from incidents.models import Incident, IncidentSearch
from incidents.queries import command
from incidents.rules import finding
from mim_portal.lib import keys, merged, prepared


class Words(SearchQuery):
    """Words in PostgreSQL's own notation, taken as they are."""

    def __init__(self, text: str) -> None:
        super().__init__(text, search_type="raw")
        self.text = text

    @classmethod
    def of(cls, asked: Sequence[str]) -> "Words":
        return cls(finding.tsquery(asked))

    def as_sql(self, *_compiler: Any, **_options: Any) -> Any:
        return "%s::tsquery", [self.text]


class _Has(Func):
    """Whether a vector has the words, read from its row: no index knows the function that is behind `@@`."""

    function = "ts_match_vq"
    output_field = BooleanField()

    def __init__(self, column: str, words: str) -> None:
        super().__init__(F(column), Words(words))


class _OneOf(Func):
    """Whether the key is among these, written “1,2,3”: one parameter, however many there are."""

    template = "(%(expressions)s, ',')::bigint[]))"
    arg_joiner = " = ANY(string_to_array("
    output_field = BooleanField()

    def __init__(self, ids: str) -> None:
        super().__init__(F("pk"), Value(ids))


@dataclass(frozen=True, kw_only=True)
class Direction:
    """Which way a list goes through time, the latest first or the earliest: lookups of what begins at a time, what
    lies past it and what lies before the end, and the end of all time.
    """

    order: str
    from_: str
    past: str
    until: str
    end: datetime


LATEST_FIRST = Direction(order="-declared_at", from_="lte", past="lt", until="gte", end=datetime(1, 1, 1, tzinfo=UTC))
EARLIEST_FIRST = Direction(
    order="declared_at", from_="gte", past="gt", until="lte", end=datetime(9999, 12, 31, tzinfo=UTC)
)


def direction(order: Sequence[str]) -> Direction:
    return LATEST_FIRST if order[0].startswith("-") else EARLIEST_FIRST


_OF_DOCUMENTS = {"declared_at": "declared_at", "-declared_at": "-declared_at", "id": "incident", "-id": "-incident"}


@dataclass(frozen=True, kw_only=True)
class Lists:
    """The incidents that may be found: in parts that are walked in their order, and as one queryset."""

    found: merged.Merged[Incident]
    visible: QuerySet[Incident]

    def filter(self, *conditions: Any, **fields: Any) -> "Lists":
        return Lists(found=self.found.filter(*conditions, **fields), visible=self.visible.filter(*conditions, **fields))


class Composed:
    """A list of querysets: whatever is asked of it is composed anew."""

    is_whole = False  # nobody knows: it may be narrowed

    def __init__(self, lists: Lists) -> None:
        self._lists, self.order = lists, lists.found.order

    def lists(self) -> Lists:
        return self._lists

    def ask(self, question: Callable[..., QuerySet[Any, Any]], *fixed: Any, **values: Any) -> list[Any]:
        """The rows of `question(lists, *fixed, **values)`."""
        return list(question(self._lists, *fixed, **values)) if self._lists.found.parts else []

    def half(self, *, is_private: bool) -> "Composed | None":
        """The public ones, which are the first of visibility.parts, or the private ones where the person sees any."""
        public, *private = self._lists.found.parts
        parts = private if is_private else [public]
        if not parts:
            return None
        found = merged.Merged(Incident, parts, order=self.order, related=self._lists.found.related)
        return Composed(Lists(found=found, visible=self._lists.visible.filter(is_private=is_private)))


class Kept:
    """A list that `make` makes of values: what is asked of it is composed once for each key and then given others.

    `make(key, is_private, **values)` gives the lists: all of them, or with `is_private` one half.
    `is_whole`: the public half is all that there are, at least after the values' key: nobody asks what belongs to it.
    """

    def __init__(
        self,
        make: Callable[..., Lists],
        key: tuple[Any, ...],
        values: Mapping[str, Any],
        *,
        order: tuple[str, ...],
        is_whole: bool,
        is_private: bool | None = None,
    ) -> None:
        self.order, self.is_whole = order, is_whole
        self._make, self._key, self._values, self._is_private = make, key, values, is_private

    def lists(self) -> Lists:
        return self._make(self._key, self._is_private, **self._values)

    def ask(self, question: Callable[..., QuerySet[Any, Any]], *fixed: Any, **values: Any) -> list[Any]:
        """The rows of `question(lists, *fixed, **values)`; what is fixed stands in the text of its SQL."""
        kept = _of_list(question, self._make, self._key, self._is_private, frozenset(values), fixed)
        return kept(**self._values, **values)

    def half(self, *, is_private: bool) -> "Kept | None":
        """The public ones, or the private ones where the person sees any: who that is, is one of the values."""
        if is_private and "person" not in self._values:
            return None
        values = {name: value for name, value in self._values.items() if is_private or name != "person"}
        whole = self.is_whole and not is_private
        return Kept(self._make, self._key, values, order=self.order, is_whole=whole, is_private=is_private)


@functools.lru_cache(maxsize=1_000)
def _of_list(
    question: Callable[..., QuerySet[Any, Any]],
    make: Callable[..., Lists],
    key: tuple[Any, ...],
    is_private: bool | None,
    asked: frozenset[str],
    fixed: tuple[Any, ...],
) -> prepared.Query[Any]:
    def compose(**given: Any) -> QuerySet[Any, Any]:
        lists = make(key, is_private, **{name: value for name, value in given.items() if name not in asked})
        return question(lists, *fixed, **{name: given[name] for name in asked})

    return prepared.Query(compose, keeps_plan=_has_one_plan(question))


@functools.lru_cache(maxsize=1_000)
def of_documents(question: Callable[..., QuerySet[Any, Any]], *fixed: Any) -> prepared.Query[Any]:
    """A question to the documents of all incidents, whatever list is searched."""

    def compose(**given: Any) -> QuerySet[Any, Any]:
        return question(*fixed, **given)

    return prepared.Query(compose, keeps_plan=_has_one_plan(question))


def _has_one_plan(question: Callable[..., QuerySet[Any, Any]]) -> bool:
    """Documents that are read by their place in time have one good plan; by the index of words it depends on how rare
    those are.
    """
    return question in (newest, stretch, time_after)


def words_of(asked: Sequence[str]) -> dict[str, str]:
    """Each word as a value of its own, for `newest`."""
    return {f"word_{place}": finding.tsquery([word]) for place, word in enumerate(asked)}


def joined(ids: Sequence[int]) -> str:
    """Keys as one value."""
    return ",".join(map(str, ids))


def newest(
    lists: Lists,
    column: str,
    count: int,
    *,
    at: datetime | None = None,
    pk: int = 0,
    end: datetime | None = None,
    **words: str,
) -> QuerySet[IncidentSearch, Any]:
    """The first so many of the list, or of what follows after a key until a time: key, time, and which words it has.

    Read from the documents alone, of which every incident has one.
    """
    has = [_Has(column, words[name]) for name in sorted(words)]
    found = lists.found.filter(keys.beyond(lists.found.order, [at, pk])) if pk else lists.found
    if end is not None:
        found = found.filter(**{f"declared_at__{direction(found.order).until}": end})
    rows = IncidentSearch.objects.filter(incident__in=found.heads(count))
    return rows.order_by(*(_OF_DOCUMENTS[name] for name in found.order)).values_list("pk", "declared_at", *has)[:count]


def among(lists: Lists, count: int, *, ids: str, at: datetime, pk: int) -> QuerySet[Incident, tuple[int, datetime]]:
    """Which of these belong to the list after the key, in its order."""
    order = lists.found.order
    rows = lists.visible.filter(keys.beyond(order, [at, pk])).filter(_OneOf(ids))
    return rows.order_by(*order).values_list("pk", "declared_at")[:count]


def read_in_order(
    lists: Lists, column: str, count: int, most: int, *, words: str, at: datetime, pk: int, **when: datetime
) -> QuerySet[Incident, tuple[int, datetime]]:
    """What follows after the key: a list of up to `most` is read row by row, a long one as PostgreSQL thinks best."""
    order = lists.found.order
    has = {f"search__{column}": Words(words)}
    left = lists.found.filter(keys.beyond(order, [at, pk]), **when)
    if left.is_longer_than(most):
        rows = lists.visible.filter(keys.beyond(order, [at, pk]), **has, **when)
    else:
        rows = Incident.objects.filter(pk__in=left.heads(most), **has)
    return rows.order_by(*order).values_list("pk", "declared_at")[:count]


def hits(
    is_private: bool, column: str, how: str, most: int, *, at: datetime, rarest: str, words: str
) -> QuerySet[IncidentSearch, tuple[int, datetime]]:
    """Incidents with all words, at most so many. The index is asked for one word alone: PostgreSQL reads through
    everything that begins with each word that it is asked for.
    """
    documents = IncidentSearch.objects.filter(is_private=is_private, **{f"declared_at__{how}": at})
    found = documents.filter(_Has(column, words), **{column: Words(rarest)})
    return found.values_list("pk", "declared_at")[:most]


def stretch(
    is_private: bool, column: str, way: Direction, from_: str, length: int, *, at: datetime, words: str
) -> QuerySet[IncidentSearch, tuple[int, datetime]]:
    """Incidents with all words among so many documents from one time on, or among all that there are.

    Documents of one time belong together: those of the last one's time are all looked at.
    """
    documents = IncidentSearch.objects.filter(is_private=is_private, **{f"declared_at__{from_}": at})
    end = Subquery(documents.order_by(way.order).values("declared_at")[length : length + 1])
    until = Coalesce(end, Value(way.end, output_field=DateTimeField()))
    found = documents.filter(_Has(column, words), **{f"declared_at__{way.until}": until})
    return found.values_list("pk", "declared_at")


def time_after(
    is_private: bool, way: Direction, from_: str, length: int, *, at: datetime
) -> QuerySet[IncidentSearch, datetime]:
    """Until when that stretch goes, as one row; no row where there are no more."""
    documents = IncidentSearch.objects.filter(is_private=is_private, **{f"declared_at__{from_}": at})
    return documents.order_by(way.order).values_list("declared_at", flat=True)[length : length + 1]


@prepared.query
def rows(*, ids: str) -> QuerySet[Incident]:
    """These incidents, in no order."""
    return Incident.objects.filter(_OneOf(ids)).select_related("service")


@prepared.query
def shown(*, ids: str) -> QuerySet[Incident]:
    """The same with what a list shows beside them: who is accountable, and the text in which words are found."""
    found = Incident.objects.filter(_OneOf(ids)).select_related("service")
    return found.annotate(manager_name=command.last_manager_name(), text=F("search__body"))
