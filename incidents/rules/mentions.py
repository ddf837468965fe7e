"""“@mia” in a note: stored as a reference and shown by whatever name the person has today.

In the record a mention is `@{p12}` (a person) or `@{t3}` (a team), and the entry's data names the same numbers: people
are referenced, never copied into append-only rows.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

LONGEST: Final = 150  # of a username
AT_MOST: Final = 20  # in one note: more is a mailing list
_HANDLE: Final = re.compile(r"(?<![\w@.])@([A-Za-z0-9](?:[\w.+-]|@(?=\w))*)")
_TOKEN: Final = re.compile(r"@\{([pt])(\d{1,18})\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom a handle may stand for: people by username, teams by slug, both in lower case."""

    people: Mapping[str, int]
    teams: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as stored: its text, and who stands in it."""

    text: str
    people: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()

    @property
    def data(self) -> dict[str, Any]:
        """What the entry keeps beside the text."""
        if not (self.people or self.teams):
            return {}
        return {"mentions": {"people": list(self.people), "teams": list(self.teams)}}


def handles(text: str) -> tuple[str, ...]:
    """Every word that may be a mention, with the shorter forms of one that ends a sentence."""
    found = dict.fromkeys(form.lower() for match in _HANDLE.finditer(text) for form in _forms(match[1]))
    return tuple(form for form in found if len(form) <= LONGEST)


def unknown(stored_text: str) -> tuple[str, ...]:
    """The handles in a stored note that stand for nobody who may read it."""
    return tuple(dict.fromkeys(match[1].rstrip(".-+") for match in _HANDLE.finditer(stored_text)))


def stored(text: str, known: Known) -> Note:
    """The note with references in place of known handles; a handle that nobody has stays as typed."""
    people: dict[int, None] = {}
    teams: dict[int, None] = {}

    def put(match: re.Match[str]) -> str:
        for form in _forms(match[1]):
            for letter, numbers, group, other in (
                ("p", known.people, people, teams),
                ("t", known.teams, teams, people),
            ):
                pk = numbers.get(form.lower())
                if pk is not None and (pk in group or len(group) + len(other) < AT_MOST):
                    group[pk] = None
                    return f"@{{{letter}{pk}}}{match[1][len(form) :]}"
        return match[0]

    written = _HANDLE.sub(put, text)
    return Note(text=written, people=tuple(people), teams=tuple(teams))


def shown(text: str, data: Mapping[str, Any], *, name: Callable[[str, int], str]) -> str:
    """The text with each reference that the entry's data vouches for replaced by `name("p" or "t", number)`."""
    vouched = {("p", pk) for pk in people_in(data)} | {("t", pk) for pk in teams_in(data)}

    def put(match: re.Match[str]) -> str:
        key = (match[1], int(match[2]))
        return name(*key) if key in vouched else match[0]

    return _TOKEN.sub(put, text)


def people_in(data: Mapping[str, Any]) -> tuple[int, ...]:
    """Who is mentioned in an entry with this data."""
    return _numbers(data, "people")


def teams_in(data: Mapping[str, Any]) -> tuple[int, ...]:
    """Which teams are."""
    return _numbers(data, "teams")


def _numbers(data: Mapping[str, Any], of: str) -> tuple[int, ...]:
    mentions = data.get("mentions")
    given = mentions.get(of) if isinstance(mentions, Mapping) else None
    return tuple(pk for pk in given if isinstance(pk, int)) if isinstance(given, list) else ()


def _forms(handle: str) -> Iterator[str]:
    """“mia.” is mia at the end of a sentence; a username may itself hold dots and an @."""
    yield handle
    trimmed = handle.rstrip(".-+")
    if trimmed != handle:
        yield trimmed
    if "@" in trimmed:
        yield trimmed.partition("@")[0]
