"""Turns what LanguageTool says about a text into findings (C09).

Misspellings and grammar stop what end users, executives and the public read, and warn elsewhere. Style is advice.
Spacing, punctuation and typography are advice that one click mends. Words of the organisation are no misspellings.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from comms.rules.draft import Draft, Known
from mim_portal.lib.findings import ADVICE, ERROR, WARNING, Finding

SUGGESTIONS: Final = 5
_MENDABLE_TYPES: Final = frozenset({"whitespace", "typographical"})
_MENDABLE_CATEGORIES: Final = frozenset({"TYPOGRAPHY", "PUNCTUATION"})
_STYLE_TYPES: Final = frozenset({"style", "register", "inconsistency", "formatting", "length", "characters"})
_STYLE_CATEGORIES: Final = frozenset(
    (
        *("STYLE", "REDUNDANCY", "PLAIN_ENGLISH", "REPETITIONS_STYLE", "WORDINESS"),
        *("CREATIVE_WRITING", "COLLOCATIONS", "GENDER_NEUTRALITY"),
    ),
)
_ERROR_TYPES: Final = frozenset(
    {"misspelling", "grammar", "non-conformance", "numbers", "terminology", "addition", "omission"},
)
_ERROR_CATEGORIES: Final = frozenset({"TYPOS", "GRAMMAR", "CONFUSED_WORDS"})
# Not language: references, hosts, versions, addresses, tags.
_CODE_LIKE: Final = re.compile(r".*(?:\d|_|/|@|\\|::|\w\.\w|^#|^\[).*|[A-Z]{2,}s?", re.DOTALL)


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
    known = known_words(draft.known)
    return tuple(sorted(_findings(draft, text, matches, field=field, known=known), key=lambda f: (f.start, f.end)))


def known_words(known: Known) -> frozenset[str]:
    """Every word of names and terms of the organisation, in lower case."""
    terms = (
        *(*known.people, *known.manager_names, *known.teams, *known.suppliers),
        *(*known.services, *known.sites, *known.hosts, *known.glossary, *known.glossary.values()),
    )
    return frozenset(word.casefold() for term in terms for word in (term, *re.findall(r"[\w'’-]+", term)))


def code_points(text: str, *, start: int, length: int, in_code_points: bool = False) -> tuple[int, int]:
    """Start and end in code points of a span in UTF-16 units; characters beyond the basic plane count two units.

    With `in_code_points` only the length is in units. What lies outside the text is cut off.
    """
    first = min(start, len(text)) if in_code_points else _advance(text, 0, start)
    return first, _advance(text, first, length)


def severity(draft: Draft, match: LanguageMatch) -> str:
    """What a match asks for, by its type and by who reads the message."""
    if match.issue_type in _MENDABLE_TYPES or match.category in _MENDABLE_CATEGORIES:
        return ADVICE
    if match.issue_type in _STYLE_TYPES or match.category in _STYLE_CATEGORIES:
        return ADVICE
    if match.issue_type in _ERROR_TYPES or match.category in _ERROR_CATEGORIES:
        return ERROR if draft.plain else WARNING
    return WARNING if draft.plain else ADVICE


def rule(match: LanguageMatch) -> str:
    """The kind of a match: mendable ones are put right in one go."""
    if match.issue_type in _MENDABLE_TYPES or match.category in _MENDABLE_CATEGORIES:
        return "mendable"
    if match.issue_type == "misspelling" or match.category == "TYPOS":
        return "spelling"
    return "grammar" if match.issue_type == "grammar" or match.category == "GRAMMAR" else "style"


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
        yield Finding(
            code="C09",
            severity=severity(draft, match),
            field=field,
            start=start,
            end=end,
            text=marked,
            message=match.message,
            suggestions=match.replacements[:SUGGESTIONS],
            rule=kind,
        )


def _is_known(marked: str, known: frozenset[str]) -> bool:
    word = re.sub(r"['’]s$|['’]$", "", marked.strip()).casefold()
    parts = [part for part in re.split(r"[\s-]+", word) if part]
    return word in known or bool(_CODE_LIKE.fullmatch(marked)) or (bool(parts) and all(part in known for part in parts))


def _advance(text: str, index: int, units: int) -> int:
    while units > 0 and index < len(text):
        units -= 2 if ord(text[index]) > 0xFFFF else 1
        index += 1
    return index
