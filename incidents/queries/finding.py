"""Incidents by their words, the latest declared first, in a time that does not grow with their number.

A word of every third incident is found among the newest few; a word of a few is found by the index of words, however
old they are. In between the index is asked about one stretch of time after the other, each as long as a page needs.
Whoever sees few of the incidents of late, as somebody outside an organisation's private ones does, has their own list
read instead: documents know nothing of who may see them, so that stretches of them would be other people's.
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
HIDDEN = 10  # times as many incidents as the newest that somebody sees: then most of them are hidden from the person


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
        seen: merged.Merged[Incident],
        visible: QuerySet[Incident],
        text: str,
        column: str,
    ) -> None:
        self.model, self.order, self.column = Incident, found.order, column
        self._found, self._seen, self._visible, self._text = found, seen, visible, text

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

    def latest_seen(self, count: int) -> datetime | None:
        """When the last of the newest so many was declared that the person sees, whatever is asked for."""
        rows = Incident.objects.filter(pk__in=self._seen.heads(count)).order_by(*self.order)
        return rows.values_list("declared_at", flat=True)[count - 1 : count].first()

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
        return Searched(found, seen=self._seen, visible=visible, text=self._text, column=self.column)


class _Search:
    """One page of one search."""

    def __init__(self, listed: Searched, asked: Sequence[str], count: int) -> None:
        self.listed, self.asked, self.count = listed, asked, count
        is_back_in_time = listed.order[0].startswith("-")
        self.sign = "-" if is_back_in_time else ""
        self.from_, self.past, self.until = ("lte", "lt", "gte") if is_back_in_time else ("gte", "gt", "lte")

    def run(self) -> list[int]:
        """The newest few first; then by the index of words where one is rare; else further back, row by row."""
        newest = self.listed.rows(self.asked, NEWEST)
        found = [pk for pk, _at, *has in newest if all(has)]
        if len(found) >= self.count or len(newest) < NEWEST:
            return found[: self.count]
        pk, at, *_ = newest[-1]
        after, wanted = [at, pk], self.count - len(found)
        rarest = self._rarest(newest)
        if len(found) * 100 < NEWEST:
            hits = self._hits(rarest, {self.from_: at}, RARE)
            if len(hits) <= RARE:
                return found + self.listed.among(hits, after, wanted)
        if self._sees_few():
            return found + self._read(after, wanted)
        # Twice as far as it takes to fill the page, if the words are as frequent as among the newest.
        length = min(max(2 * wanted * NEWEST // (len(found) + 1), SHORT), LONG)
        more, left = self._back(after, wanted, (length, LONG))
        if left and len(more) < wanted:
            hits = self._hits(rarest, left, MANY)
            if len(hits) <= MANY:
                return found + more + self.listed.among(hits, after, wanted - len(more))
            more += self.listed.all_others(self.asked, after, wanted - len(more), **_on_time(left))
        return found + more

    def _sees_few(self) -> bool:
        """Whether most incidents of late are hidden from the person."""
        many = self._time_after(self._documents({}), NEWEST * HIDDEN)
        seen = self.listed.latest_seen(NEWEST) if many is not None else None
        return many is not None and seen is not None and (seen < many if self.sign else seen > many)

    def _read(self, after: Sequence[Any], wanted: int) -> list[int]:
        """The person's own list, row by row as far as it is short; what is left as PostgreSQL thinks best."""
        found: list[int] = []
        for length in (SHORT, LONG):
            rows = self.listed.rows(self.asked, length, after)
            found += [pk for pk, _at, *has in rows if all(has)]
            if len(rows) < length or len(found) >= wanted:
                return found[:wanted]
            pk, at, *_ = rows[-1]
            after = [at, pk]
        return found + self.listed.all_others(self.asked, after, wanted - len(found))

    def _rarest(self, newest: Sequence[tuple[Any, ...]]) -> str:
        """The word that the fewest of the newest have; of several the longest."""
        often = {word: sum(row[2 + place] for row in newest) for place, word in enumerate(self.asked)}
        return min(self.asked, key=lambda word: (often[word], -len(word)))

    def _hits(self, rarest: str, when: dict[str, datetime], most: int) -> list[int]:
        """Incidents with all words, one more than `most` at most. The index is asked for one word alone: PostgreSQL
        reads through everything that begins with each word that it is asked for.
        """
        documents = self._documents(when).filter(**{self.listed.column: Words.of([rarest])})
        return list(self._with_all(documents)[: most + 1])

    def _back(self, after: list[Any], wanted: int, lengths: Sequence[int]) -> tuple[list[int], dict[str, datetime]]:
        """What stretches of so many documents have, and where the next would begin; nowhere at the end of all."""
        found: list[int] = []
        left = {self.from_: after[0]}
        for length in lengths:
            documents = self._documents(left)
            end = self._time_after(documents, length)
            stretch = documents if end is None else documents.filter(**{f"declared_at__{self.until}": end})
            found += self.listed.among(list(self._with_all(stretch)), after, wanted - len(found))
            if end is None:
                return found, {}
            left = {self.past: end}
            if len(found) >= wanted:
                break
        return found, left

    def _documents(self, when: dict[str, datetime]) -> QuerySet[IncidentSearch]:
        return IncidentSearch.objects.filter(**_on_time(when))

    def _time_after(self, documents: QuerySet[IncidentSearch], count: int) -> datetime | None:
        """When the last of so many documents was declared; None where there are no more."""
        times = documents.order_by(f"{self.sign}declared_at").values_list("declared_at", flat=True)
        return times[count : count + 1].first()

    def _with_all(self, documents: QuerySet[IncidentSearch]) -> QuerySet[IncidentSearch, int]:
        """Those that have all of the words, read without the index of words."""
        read = documents.annotate(read=_Read(self.listed.column)).filter(read=Words.of(self.asked))
        return read.values_list("pk", flat=True)


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
