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

from incidents.models import Incident
from incidents.queries import finding_questions as questions
from incidents.queries.finding_questions import Composed, Kept, Lists
from incidents.rules import finding
from mim_portal.lib import merged, prepared
from teams.models import Person
from teams.rules import roles

NEWEST = 200  # incidents that are looked at one by one
RARE = 2_000  # incidents with a word up to which they are sorted rather than walked
MANY = 20_000  # and up to which their filters are asked for one by one rather than planned
SHORT, LONG = 2_000, 20_000  # documents that are read one after the other, the latest first

Key = tuple[datetime, int]  # where an incident stands in time: when it was declared, and its key


class Searched:
    """A list like lib.merged's, of the incidents with all of the words."""

    def __init__(self, source: Composed | Kept, *, text: str, column: str) -> None:
        self.model, self.column = Incident, column
        self.source, self.order, self._text = source, source.order, text

    def filter(self, *conditions: Any, **fields: Any) -> "Searched":
        narrowed = self.source.lists().filter(*conditions, **fields)
        return Searched(Composed(narrowed), text=self._text, column=self.column)

    def order_by(self, *order: str) -> "Searched":
        lists = self.source.lists()
        ordered = Lists(found=lists.found.order_by(*order), visible=lists.visible)
        return Searched(Composed(ordered), text=self._text, column=self.column)

    def first_keys(self, count: int) -> list[int]:
        asked = finding.question(self._text)
        return _Search(self, asked, count).run() if asked and count else []

    def __getitem__(self, wanted: slice) -> list[Incident]:
        return _in_order(questions.rows, self.first_keys(merged.first_so_many(wanted)))

    def __iter__(self) -> Iterator[Incident]:
        for chunk in merged.chunks(self, merged.CHUNK):
            yield from chunk

    def exists(self) -> bool:
        return bool(self[:1])


def shown(keys: Sequence[int]) -> list[Incident]:
    """These incidents as a page lists them: with the name of who is accountable, and their texts."""
    return _in_order(questions.shown, keys)


def _in_order(rows: prepared.Query[Incident], keys: Sequence[int]) -> list[Incident]:
    found = {row.pk: row for row in rows(ids=questions.joined(keys))} if keys else {}
    return [found[pk] for pk in keys if pk in found]


class _Search:
    """One page of one search."""

    def __init__(self, listed: Searched, asked: Sequence[str], count: int) -> None:
        self.listed, self.asked, self.count = listed, asked, count

    def run(self) -> list[int]:
        """The newest few first; then by the index of words where one is rare; else further back, row by row."""
        source, column = self.listed.source, self.listed.column
        newest = source.ask(questions.newest, column, NEWEST, **questions.words_of(self.asked))
        found = [pk for pk, _at, *has in newest if all(has)]
        if len(found) >= self.count or len(newest) < NEWEST:
            return found[: self.count]
        pk, at, *_ = newest[-1]
        after, wanted = (at, pk), self.count - len(found)
        half = (column, self.asked, self._rarest(newest), len(found), self.count)
        public, private = source.half(is_private=False), source.half(is_private=True)
        more = _Public(public, *half).after(after, wanted) if public else []
        if private:
            # Of the private ones only those count that come before the last public one of a full page.
            end = more[-1][0] if len(more) == wanted else None
            more += _Private(private, *half, end=end).after(after, wanted)
        return found + [pk for _at, pk in _first(more, source, wanted)]

    def _rarest(self, newest: Sequence[tuple[Any, ...]]) -> str:
        """The word that the fewest of the newest have; of several the longest."""
        often = {word: sum(row[2 + place] for row in newest) for place, word in enumerate(self.asked)}
        return min(self.asked, key=lambda word: (often[word], -len(word)))


class _Half:
    """What one half of the list has after the newest, of which `so_far` had all words: public or private ones."""

    is_private: bool

    def __init__(
        self,
        source: Composed | Kept,
        column: str,
        asked: Sequence[str],
        rarest: str,
        so_far: int,
        count: int,
        *,
        end: datetime | None = None,
    ) -> None:
        self.source, self.column, self.asked, self.end = source, column, asked, end
        self.so_far, self.count = so_far, count
        self.all_words, self.rarest = finding.tsquery(asked), finding.tsquery([rarest])
        self.way = questions.direction(source.order)

    def after(self, key: Key, wanted: int) -> list[Key]:
        """The next few, by the index of words where one of them is rare."""
        if self.so_far * 100 < NEWEST:
            hits = self._hits(self.way.from_, key[0], RARE)
            if len(hits) <= RARE:
                return self._among(hits, key, wanted)
        return self._by_row(key, wanted)

    def _by_row(self, key: Key, wanted: int) -> list[Key]:
        raise NotImplementedError

    def _among(self, rows: Sequence[tuple[int, datetime]], key: Key, wanted: int) -> list[Key]:
        """The wanted few of these that the list has after the key; `count`, a page, stands in the question's text."""
        if not rows:
            return []
        if self.source.is_whole:
            return _first([each for each in map(_key, rows) if self._is_after(each, key)], self.source, wanted)
        at, pk = key
        ids = questions.joined([pk for pk, _at in rows])
        return [_key(row) for row in self.source.ask(questions.among, self.count, ids=ids, at=at, pk=pk)[:wanted]]

    def _is_after(self, one: Key, key: Key) -> bool:
        return one < key if self.way is questions.LATEST_FIRST else one > key

    def _hits(self, how: str, at: datetime, most: int) -> list[tuple[int, datetime]]:
        """Incidents with all words, one more than `most` at most."""
        asked = questions.of_documents(questions.hits, self.is_private, self.column, how, most + 1)
        return asked(at=at, rarest=self.rarest, words=self.all_words)

    def _others(self, key: Key, wanted: int, **when: datetime) -> list[Key]:
        """What follows after the key, where neither stretches nor the index of words will do."""
        lists, (at, pk) = self.source.lists(), key
        found = questions.read_in_order(lists, self.column, wanted, LONG, words=self.all_words, at=at, pk=pk, **when)
        return [_key(row) for row in found]


class _Public(_Half):
    """Everybody's: documents are read in stretches of time."""

    is_private = False

    def _by_row(self, key: Key, wanted: int) -> list[Key]:
        # Twice as far as it takes to fill the page, if the words are as frequent as among the newest.
        length = _step(2 * wanted * NEWEST // (self.so_far + 1))
        found, left = self._back(key, wanted, (length, LONG))
        if left is None or len(found) >= wanted:
            return found
        hits = self._hits(self.way.past, left, MANY)
        if len(hits) <= MANY:
            return found + self._among(hits, key, wanted - len(found))
        return found + self._others(key, wanted - len(found), **{f"declared_at__{self.way.past}": left})

    def _back(self, key: Key, wanted: int, lengths: Sequence[int]) -> tuple[list[Key], datetime | None]:
        """What stretches of so many documents have, and after which time the next would begin; None at the end."""
        found: list[Key] = []
        how, at = self.way.from_, key[0]
        for length in lengths:
            asked = questions.of_documents(questions.stretch, False, self.column, self.way, how, length)
            found += self._among(asked(at=at, words=self.all_words), key, wanted - len(found))
            if len(found) >= wanted:
                break
            end = questions.of_documents(questions.time_after, False, self.way, how, length).first(at=at)
            if end is None:
                return found, None
            how, at = self.way.past, end
        return found, at


class _Private(_Half):
    """Those of the private ones that the person may see: stretches of time would be other people's."""

    is_private = True

    def _by_row(self, key: Key, wanted: int) -> list[Key]:
        """The person's own list, row by row as far as it is short; what is left as PostgreSQL thinks best."""
        found: list[Key] = []
        until = {} if self.end is None else {"end": self.end}
        for length in (SHORT, LONG):
            at, pk = key
            asked = {"at": at, "pk": pk, **until, **questions.words_of(self.asked)}
            rows = self.source.ask(questions.newest, self.column, length, **asked)
            found += [(at, pk) for pk, at, *has in rows if all(has)]
            if len(rows) < length or len(found) >= wanted:
                return found[:wanted]
            last, at, *_ = rows[-1]
            key = (at, last)
        when = {} if self.end is None else {f"declared_at__{self.way.until}": self.end}
        return found + self._others(key, wanted - len(found), **when)


def _key(row: tuple[int, datetime]) -> Key:
    pk, at = row
    return at, pk


def _first(found: Sequence[Key], source: Composed | Kept, wanted: int) -> list[Key]:
    """The wanted few, in the list's order."""
    return sorted(found, reverse=questions.direction(source.order) is questions.LATEST_FIRST)[:wanted]


def _step(documents: int) -> int:
    """So many or some more: there are few lengths, so that few questions are kept."""
    length = SHORT
    while length < documents:
        length *= 2
    return min(length, LONG)


def column(person: Person | AnonymousUser) -> str:
    """Whose words a person may search: the timeline is read by those who work in the room."""
    return "words" if _reads_rooms(person) else "title_words"


def snippets(rows: Sequence[Any], text: str, person: Person | AnonymousUser) -> dict[int, list[finding.Piece]]:
    """A line of each text of `shown` around what was looked for; none for those who do not read rooms."""
    asked = finding.question(text)
    if not asked or not _reads_rooms(person):
        return {}
    return {row.pk: found for row in rows if (found := finding.snippet(row.text or "", asked))}


def _reads_rooms(person: Person | AnonymousUser) -> bool:
    return isinstance(person, Person) and person.has_role(*roles.ROOM_READERS)
