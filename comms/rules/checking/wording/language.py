"""Turns what LanguageTool says about a text into findings (C09).

Misspellings and grammar stop what end users, executives and the public read, and warn elsewhere. Style is advice.
Spacing, punctuation and typography are advice that one click mends. Words of the organisation are no misspellings.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from comms.choices import UpdateKind
from comms.rules.checking import recorded
from comms.rules.checking.draft import Draft, Known
from comms.rules.checking.wording import english, field_words
from comms.rules.checking.wording.language_kinds import Kind, kind_of
from mim_portal.lib import times
from mim_portal.lib.findings import ADVICE, ERROR, WARNING, Finding

SUGGESTIONS: Final = 5
# Not language: references, hosts, versions, addresses, tags.
_CODE_LIKE: Final = re.compile(r".*(?:\d|_|/|@|\\|::|\w\.\w|^#|^\[).*|[A-Z]{2,}s?", re.DOTALL)

_POSSESSIVE: Final = re.compile(r"['’]s$|['’]$")
# How people greet and thank at work, in whatever language the rest is written.
_GREETINGS: Final = recorded.listed(
    "kia ora koutou koe tēnā ngā mihi aloha mahalo hej hei moin servus grüezi ciao olá hola salut bonjour namaste "
    "salam assalam-o-alaikum assalamu alaikum shalom jambo sawubona mabuhay selamat merhaba ahoj cześć diolch sláinte"
)
# Of a correction, what was said: its mistakes are repeated, and not made again.
_QUOTED: Final = re.compile(r"“[^”\n]*”|„[^“\n]*“|«[^»\n]*»|\"[^\"\n]*\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageMatch:
    """One match as LanguageTool reports it. `offset` and `length` count UTF-16 units, as Java does.

    language-tool-python has already turned the offset, and only the offset, into code points: say so with
    `offset_in_code_points`.
    """

    offset: int
    length: int
    message: str
    rule_id: str
    category: str
    issue_type: str
    replacements: tuple[str, ...] = ()
    offset_in_code_points: bool = False


def findings_of(
    draft: Draft,
    text: str,
    matches: Iterable[LanguageMatch],
    *,
    field: str = "body",
) -> tuple[Finding, ...]:
    """The findings of a text, in its order, without what the organisation knows to be right."""
    # Short days and months are the portal's own writing: no Spanish dictionary has “jue” and “sept”.
    known = known_words(draft.known) | times.names(draft.language) | _GREETINGS
    found = list(_findings(draft, text, matches, field=field, known=known))
    found += _slips(draft, text, field=field, besides=found)
    return tuple(sorted(found, key=lambda f: (f.start, f.end)))


def known_words(known: Known) -> frozenset[str]:
    """Every word of names and terms of the organisation, in lower case."""
    lists = (known.people, known.manager_names, known.teams, known.suppliers, known.services, known.sites, known.hosts)
    return frozenset[str]().union(*map(_words, (*lists, tuple(known.glossary), tuple(known.glossary.values()))))


def code_points(text: str, *, start: int, length: int, in_code_points: bool = False) -> tuple[int, int]:
    """Start and end in code points of a span in UTF-16 units; characters beyond the basic plane count two units.

    With `in_code_points` only the length is in units. What lies outside the text is cut off.
    """
    first = min(start, len(text)) if in_code_points else _advance(text, 0, start)
    return first, _advance(text, first, length)


def severity(draft: Draft, match: LanguageMatch) -> str:
    """What a match asks for, by its kind and by who reads the message."""
    kind = _kind(match)
    if kind in {Kind.MENDABLE, Kind.STYLE}:
        return ADVICE
    if kind in {Kind.SPELLING, Kind.GRAMMAR}:
        return ERROR if draft.plain else WARNING
    return WARNING if draft.plain else ADVICE


def rule(match: LanguageMatch) -> str:
    """The kind of a match as the finding names it: mendable ones are put right in one go."""
    kind = _kind(match)
    return Kind.STYLE.value if kind is Kind.OTHER else kind.value


def mend(text: str, found: Sequence[Finding]) -> str:
    """The text with the first suggestion of every mendable finding put in; overlapping ones are left alone."""
    mended, before = text, len(text) + 1
    for finding in sorted(found, key=lambda f: f.start, reverse=True):
        if finding.rule == "mendable" and finding.suggestions and finding.end <= before:
            mended = mended[: finding.start] + finding.suggestions[0] + mended[finding.end :]
            before = finding.start
    return mended


def _findings(
    draft: Draft,
    text: str,
    matches: Iterable[LanguageMatch],
    *,
    field: str,
    known: frozenset[str],
) -> Iterator[Finding]:
    quoted = [hit.span() for hit in _QUOTED.finditer(text)] if draft.kind == UpdateKind.CORRECTION else []
    for match in matches:
        start, end = code_points(
            text,
            start=match.offset,
            length=match.length,
            in_code_points=match.offset_in_code_points,
        )
        marked = text[start:end]
        kind = rule(match)
        if match.issue_type == "duplication" or (kind == "spelling" and _is_known(marked, known)):
            continue
        is_what_was_said = any(first < start and end < last for first, last in quoted)
        yield Finding(
            code="C09",
            severity=ADVICE if is_what_was_said else severity(draft, match),
            field=field,
            start=start,
            end=end,
            text=marked,
            message=match.message,
            suggestions=_suggestions(draft, match),
            rule=kind,
        )


def _suggestions(draft: Draft, match: LanguageMatch) -> tuple[str, ...]:
    """What is offered instead. One key puts the first in, so that words of the record come first: “Payroll” before
    “Patrol”; then names of the organisation; then as LanguageTool has them.
    """
    if len(match.replacements) < 2 or _kind(match) is not Kind.SPELLING:
        return match.replacements[:SUGGESTIONS]
    said = (*(draft.recorded.texts if draft.recorded is not None else ()), draft.previous_body)
    nearest = (_words(said), _words((*draft.known.services, *draft.known.sites, *draft.known.glossary)))

    def distance(words: str) -> int:
        parts = words.casefold().split()
        return next((place for place, near in enumerate(nearest) if near.issuperset(parts)), len(nearest))

    return tuple(sorted(match.replacements, key=distance)[:SUGGESTIONS])


def _slips(draft: Draft, text: str, *, field: str, besides: Sequence[Finding]) -> list[Finding]:
    """What LanguageTool passed over in English; where it said something itself, that stands."""
    if not draft.is_english:
        return []
    return [
        Finding(
            code="C09",
            severity=ERROR if draft.plain else WARNING,
            field=field,
            start=slip.start,
            end=slip.end,
            text=text[slip.start : slip.end],
            message=slip.message,
            suggestions=(slip.suggestion,),
            rule=Kind.GRAMMAR.value,
        )
        for slip in english.slips(text)
        if not any(slip.start < each.end and each.start < slip.end for each in besides)
    ]


def _kind(match: LanguageMatch) -> Kind:
    return kind_of(rule_id=match.rule_id, category=match.category, issue_type=match.issue_type)


@lru_cache(maxsize=16)
def _words(terms: tuple[str, ...]) -> frozenset[str]:
    """Thousands of names seldom change, and are taken apart once; “St Oswin's” is known as “Oswin” too."""
    found = {word.casefold() for term in terms for word in (term, *re.findall(r"[\w'’-]+", term))}
    return frozenset(found | {_POSSESSIVE.sub("", word) for word in found})


def _is_known(marked: str, known: frozenset[str]) -> bool:
    word = _POSSESSIVE.sub("", marked.strip()).casefold()
    parts = [part for part in re.split(r"[\s/-]+", word) if part]
    return (
        word in known
        or bool(_CODE_LIKE.fullmatch(marked))
        or (bool(parts) and all(_knows(part, known) for part in parts))
    )


def _knows(word: str, known: frozenset[str]) -> bool:
    return word in known or field_words.is_known(word)


def _advance(text: str, index: int, units: int) -> int:
    while units > 0 and index < len(text):
        units -= 2 if ord(text[index]) > 0xFFFF else 1
        index += 1
    return index
