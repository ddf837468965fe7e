"""Incidents by their words, the latest declared first, in a time that does not grow with their number.

A word of every third incident is found among the newest few; a word of a few is found by the index of words, however
old they are. In between the index is asked about one stretch of time after the other, each as long as a page needs.
Documents of public incidents have indexes of their own, so that nobody walks past what others keep private. The private
ones that somebody may see are their own list, which is read row by row unless the index of private ones has few hits.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import BooleanField, ExpressionWrapper, Func, Q, QuerySet

from incidents.models import Incident, IncidentSearch
from incidents.rules import finding
from mim_portal.lib import keys, merged
from teams.models import Person
from teams.rules import roles

NEWEST = 200  # incidents that are looked at one by one
RARE = 2_000  # incidents with a word up to which they are sorted rather than walked
MANY = 20_000  # and up to which their filters are asked for one by one rather than planned
SHORT, LONG = 2_000, 20_000  # documents that are read one after the other, the latest first


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


class Searched:
    """A list like lib.merged's, of the incidents with all of the words."""

    def __init__(
        self,
        found: merged.Merged[Incident],
        *,
        visible: QuerySet[Incident],
        text: str,
        column: str,
    ) -> None:
        self.model, self.order, self.column = Incident, found.order, column
        self._found, self._visible, self._text = found, visible, text

    def filter(self, *conditions: Any, **fields: Any) -> "Searched":
        return self._with(self._found.filter(*conditions, **fields), self._visible.filter(*conditions, **fields))

    def order_by(self, *order: str) -> "Searched":
        return self._with(self._found.order_by(*order), self._visible)

    def __getitem__(self, wanted: slice) -> list[Incident]:
        count = merged.first_so_many(wanted)
        asked = finding.question(self._text)
        if not asked or not self._found.parts or not count:
            return []
        ids = _Search(self, asked, count).run()
        rows = Incident.objects.filter(pk__in=ids).select_related(*self._found.related).order_by(*self.order)
        return list(rows[:count]) if ids else []

    def __iter__(self) -> Iterator[Incident]:
        for chunk in merged.chunks(self, merged.CHUNK):
            yield from chunk

    def exists(self) -> bool:
        return bool(self[:1])

    def rows(self, asked: Sequence[str], count: int, after: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The next few of the list with or without the words: key, time, and for each word whether it is there."""
        has = [
            ExpressionWrapper(Q(**{f"search__{self.column}": Words.of([word])}), output_field=BooleanField())
            for word in asked
        ]
        found = self._found.filter(keys.beyond(self.order, after)) if after else self._found
        rows = Incident.objects.filter(pk__in=found.heads(count)).order_by(*self.order)
        return list(rows.values_list("pk", "declared_at", *has)[:count])

    def among(self, ids: Sequence[int], after: Sequence[Any], count: int) -> list[int]:
        """Which of these belong to the list after the key, in its order."""
        rows = self._visible.filter(keys.beyond(self.order, after), pk__in=ids)
        return list(rows.order_by(*self.order).values_list("pk", flat=True)[:count])

    def halves(self) -> tuple["Searched", "Searched | None"]:
        """The public ones, which are the first of visibility.parts, and the private ones where the person sees any."""
        public, *private = self._found.parts
        return self._half([public], is_private=False), self._half(private, is_private=True) if private else None

    def all_others(self, asked: Sequence[str], after: Sequence[Any], count: int, **when: datetime) -> list[int]:
        """What follows after the key: a short list is read row by row, a long one as PostgreSQL thinks best."""
        has = {f"search__{self.column}": Words.of(asked)}
        left = self._found.filter(keys.beyond(self.order, after), **when)
        if not left.is_longer_than(LONG):
            read = Incident.objects.filter(pk__in=left.heads(LONG), **has).order_by(*self.order)
            return list(read.values_list("pk", flat=True)[:count])
        rows = self._visible.filter(keys.beyond(self.order, after), **has, **when)
        return list(rows.order_by(*self.order).values_list("pk", flat=True)[:count])

    def _with(self, found: merged.Merged[Incident], visible: QuerySet[Incident]) -> "Searched":
        return Searched(found, visible=visible, text=self._text, column=self.column)

    def _half(self, parts: Sequence[QuerySet[Incident]], *, is_private: bool) -> "Searched":
        found = merged.Merged(Incident, parts, order=self.order, related=self._found.related)
        return self._with(found, self._visible.filter(is_private=is_private))


class _Search:
    """One page of one search."""

    def __init__(self, listed: Searched, asked: Sequence[str], count: int) -> None:
        self.listed, self.asked, self.count = listed, asked, count

    def run(self) -> list[int]:
        """The newest few first; then by the index of words where one is rare; else further back, row by row."""
        newest = self.listed.rows(self.asked, NEWEST)
        found = [pk for pk, _at, *has in newest if all(has)]
        if len(found) >= self.count or len(newest) < NEWEST:
            return found[: self.count]
        pk, at, *_ = newest[-1]
        after, wanted = [at, pk], self.count - len(found)
        public, private = self.listed.halves()
        rarest, so_far = self._rarest(newest), len(found)
        more = _Public(public, self.asked, rarest, so_far).after(after, wanted)
        if private is None:
            return found + more
        more += _Private(private, self.asked, rarest, so_far).after(after, wanted)
        return found + (self.listed.among(more, after, wanted) if more else [])

    def _rarest(self, newest: Sequence[tuple[Any, ...]]) -> str:
        """The word that the fewest of the newest have; of several the longest."""
        often = {word: sum(row[2 + place] for row in newest) for place, word in enumerate(self.asked)}
        return min(self.asked, key=lambda word: (often[word], -len(word)))


class _Half:
    """What one half of the list has after the newest, of which `so_far` had all words: public or private ones."""

    is_private: bool

    def __init__(self, listed: Searched, asked: Sequence[str], rarest: str, so_far: int) -> None:
        self.listed, self.asked, self.rarest, self.so_far = listed, asked, rarest, so_far
        is_back_in_time = listed.order[0].startswith("-")
        self.sign = "-" if is_back_in_time else ""
        self.from_, self.past, self.until = ("lte", "lt", "gte") if is_back_in_time else ("gte", "gt", "lte")

    def after(self, key: list[Any], wanted: int) -> list[int]:
        """The next few, by the index of words where one of them is rare."""
        if self.so_far * 100 < NEWEST:
            hits = self._hits({self.from_: key[0]}, RARE)
            if len(hits) <= RARE:
                return self.listed.among(hits, key, wanted) if hits else []
        return self._by_row(key, wanted)

    def _by_row(self, key: list[Any], wanted: int) -> list[int]:
        raise NotImplementedError

    def _hits(self, when: dict[str, datetime], most: int) -> list[int]:
        """Incidents with all words, one more than `most` at most. The index is asked for one word alone: PostgreSQL
        reads through everything that begins with each word that it is asked for.
        """
        documents = self._documents(when).filter(**{self.listed.column: Words.of([self.rarest])})
        return list(self._with_all(documents)[: most + 1])

    def _documents(self, when: dict[str, datetime]) -> QuerySet[IncidentSearch]:
        return IncidentSearch.objects.filter(is_private=self.is_private, **_on_time(when))

    def _with_all(self, documents: QuerySet[IncidentSearch]) -> QuerySet[IncidentSearch, int]:
        """Those that have all of the words, read without the index of words."""
        read = documents.annotate(read=_Read(self.listed.column)).filter(read=Words.of(self.asked))
        return read.values_list("pk", flat=True)


class _Public(_Half):
    """Everybody's: documents are read in stretches of time."""

    is_private = False

    def _by_row(self, key: list[Any], wanted: int) -> list[int]:
        # Twice as far as it takes to fill the page, if the words are as frequent as among the newest.
        length = min(max(2 * wanted * NEWEST // (self.so_far + 1), SHORT), LONG)
        found, left = self._back(key, wanted, (length, LONG))
        if not left or len(found) >= wanted:
            return found
        hits = self._hits(left, MANY)
        if len(hits) <= MANY:
            return found + self.listed.among(hits, key, wanted - len(found))
        return found + self.listed.all_others(self.asked, key, wanted - len(found), **_on_time(left))

    def _back(self, key: list[Any], wanted: int, lengths: Sequence[int]) -> tuple[list[int], dict[str, datetime]]:
        """What stretches of so many documents have, and where the next would begin; nowhere at the end of all."""
        found: list[int] = []
        left = {self.from_: key[0]}
        for length in lengths:
            documents = self._documents(left)
            end = self._time_after(documents, length)
            stretch = documents if end is None else documents.filter(**{f"declared_at__{self.until}": end})
            found += self.listed.among(list(self._with_all(stretch)), key, wanted - len(found))
            if end is None:
                return found, {}
            left = {self.past: end}
            if len(found) >= wanted:
                break
        return found, left

    def _time_after(self, documents: QuerySet[IncidentSearch], count: int) -> datetime | None:
        """When the last of so many documents was declared; None where there are no more."""
        times = documents.order_by(f"{self.sign}declared_at").values_list("declared_at", flat=True)
        return times[count : count + 1].first()


class _Private(_Half):
    """Those of the private ones that the person may see: stretches of time would be other people's."""

    is_private = True

    def _by_row(self, key: list[Any], wanted: int) -> list[int]:
        """The person's own list, row by row as far as it is short; what is left as PostgreSQL thinks best."""
        found: list[int] = []
        for length in (SHORT, LONG):
            rows = self.listed.rows(self.asked, length, key)
            found += [pk for pk, _at, *has in rows if all(has)]
            if len(rows) < length or len(found) >= wanted:
                return found[:wanted]
            pk, at, *_ = rows[-1]
            key = [at, pk]
        return found + self.listed.all_others(self.asked, key, wanted - len(found))


def _on_time(when: dict[str, datetime]) -> dict[str, datetime]:
    return {f"declared_at__{how}": at for how, at in when.items()}


def column(person: Person | AnonymousUser) -> str:
    """Whose words a person may search: the timeline is read by those who work in the room."""
    return "words" if _reads_rooms(person) else "title_words"


def snippets(rows: Sequence[Incident], text: str, person: Person | AnonymousUser) -> dict[int, list[finding.Piece]]:
    """A line of each incident's texts around what was looked for; none for those who do not read rooms."""
    asked = finding.question(text)
    if not asked or not _reads_rooms(person):
        return {}
    bodies = IncidentSearch.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "body")
    return {pk: found for pk, body in bodies if (found := finding.snippet(body, asked))}


def _reads_rooms(person: Person | AnonymousUser) -> bool:
    return isinstance(person, Person) and person.has_role(*roles.ROOM_READERS)
