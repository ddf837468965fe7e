"""What a search asks, and of which list: each question's SQL is composed once where the list is one of plain values.

A list that a page shows is made of filters, which are values (`Kept`); one that the API narrows and pages by its own
keys is a list of querysets, composed each time (`Composed`).
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import BooleanField, ExpressionWrapper, F, Func, Q, QuerySet, Value

from incidents.models import Incident, IncidentSearch
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


class _Read(Func):
    """A vector that no index knows, so that it is read from its row."""

    template = "(%(expressions)s || ''::tsvector)"
    output_field = SearchVectorField()


class _OneOf(Func):
    """Whether the key is among these, written “1,2,3”: one parameter, however many there are."""

    template = "(%(expressions)s, ',')::bigint[]))"
    arg_joiner = " = ANY(string_to_array("
    output_field = BooleanField()

    def __init__(self, ids: str) -> None:
        super().__init__(F("pk"), Value(ids))


@dataclass(frozen=True, kw_only=True)
class Lists:
    """The incidents that may be found: in parts that are walked in their order, and as one queryset."""

    found: merged.Merged[Incident]
    visible: QuerySet[Incident]

    def filter(self, *conditions: Any, **fields: Any) -> "Lists":
        return Lists(found=self.found.filter(*conditions, **fields), visible=self.visible.filter(*conditions, **fields))


class Composed:
    """A list of querysets: whatever is asked of it is composed anew."""

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
    """

    def __init__(
        self,
        make: Callable[..., Lists],
        key: tuple[Any, ...],
        values: Mapping[str, Any],
        *,
        order: tuple[str, ...],
        is_private: bool | None = None,
    ) -> None:
        self.order = order
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
        return Kept(self._make, self._key, values, order=self.order, is_private=is_private)


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

    return prepared.Query(compose, keeps_plan=False)


@functools.lru_cache(maxsize=1_000)
def of_documents(question: Callable[..., QuerySet[Any, Any]], *fixed: Any) -> prepared.Query[Any]:
    """A question to the documents of all incidents, whatever list is searched."""

    def compose(**given: Any) -> QuerySet[Any, Any]:
        return question(*fixed, **given)

    return prepared.Query(compose, keeps_plan=False)


def words_of(asked: Sequence[str]) -> dict[str, str]:
    """Each word as a value of its own, for `newest`."""
    return {f"word_{place}": finding.tsquery([word]) for place, word in enumerate(asked)}


def joined(ids: Sequence[int]) -> str:
    """Keys as one value."""
    return ",".join(map(str, ids))


def newest(
    lists: Lists, column: str, count: int, *, at: datetime | None = None, pk: int = 0, **words: str
) -> QuerySet[Incident, Any]:
    """The first so many of the list, or of what follows after a key: key, time, and whether each word is there."""
    has = [
        ExpressionWrapper(Q(**{f"search__{column}": Words(words[name])}), output_field=BooleanField())
        for name in sorted(words)
    ]
    found = lists.found.filter(keys.beyond(lists.found.order, [at, pk])) if pk else lists.found
    rows = Incident.objects.filter(pk__in=found.heads(count)).order_by(*found.order)
    return rows.values_list("pk", "declared_at", *has)[:count]


def among(lists: Lists, count: int, *, ids: str, at: datetime, pk: int) -> QuerySet[Incident, int]:
    """Which of these belong to the list after the key, in its order."""
    order = lists.found.order
    rows = lists.visible.filter(keys.beyond(order, [at, pk])).filter(_OneOf(ids))
    return rows.order_by(*order).values_list("pk", flat=True)[:count]


def read_in_order(
    lists: Lists, column: str, count: int, most: int, *, words: str, at: datetime, pk: int, **when: datetime
) -> QuerySet[Incident, int]:
    """What follows after the key: a list of up to `most` is read row by row, a long one as PostgreSQL thinks best."""
    order = lists.found.order
    has = {f"search__{column}": Words(words)}
    left = lists.found.filter(keys.beyond(order, [at, pk]), **when)
    if left.is_longer_than(most):
        rows = lists.visible.filter(keys.beyond(order, [at, pk]), **has, **when)
    else:
        rows = Incident.objects.filter(pk__in=left.heads(most), **has)
    return rows.order_by(*order).values_list("pk", flat=True)[:count]


def hits(
    is_private: bool, column: str, how: str, most: int, *, at: datetime, rarest: str, words: str
) -> QuerySet[IncidentSearch, int]:
    """Incidents with all words, at most so many. The index is asked for one word alone: PostgreSQL reads through
    everything that begins with each word that it is asked for.
    """
    documents = IncidentSearch.objects.filter(is_private=is_private, **{f"declared_at__{how}": at})
    return _with_all(documents.filter(**{column: Words(rarest)}), column, words)[:most]


def stretch(
    is_private: bool, column: str, how: str, until: str, *, at: datetime, words: str, end: datetime | None = None
) -> QuerySet[IncidentSearch, int]:
    """Incidents with all words that were declared from one time until another, or until the end of all."""
    documents = IncidentSearch.objects.filter(is_private=is_private, **{f"declared_at__{how}": at})
    if end is not None:
        documents = documents.filter(**{f"declared_at__{until}": end})
    return _with_all(documents, column, words)


def time_after(is_private: bool, how: str, order: str, count: int, *, at: datetime) -> QuerySet[IncidentSearch, Any]:
    """When the last of so many documents was declared, as one row; no row where there are no more."""
    documents = IncidentSearch.objects.filter(is_private=is_private, **{f"declared_at__{how}": at})
    return documents.order_by(order).values_list("declared_at", flat=True)[count : count + 1]


@prepared.query
def rows(*, ids: str) -> QuerySet[Incident]:
    """These incidents, in no order."""
    return Incident.objects.filter(_OneOf(ids)).select_related("service")


@prepared.query
def bodies(*, ids: str) -> QuerySet[IncidentSearch, tuple[int, str]]:
    """Key and text of these incidents."""
    return IncidentSearch.objects.filter(_OneOf(ids)).values_list("pk", "body")


def _with_all(documents: QuerySet[IncidentSearch], column: str, words: str) -> QuerySet[IncidentSearch, int]:
    """Those that have all of the words, read without the index of words."""
    read = documents.annotate(read=_Read(column)).filter(read=Words(words))
    return read.values_list("pk", flat=True)
