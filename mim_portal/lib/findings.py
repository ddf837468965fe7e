"""What a check says about a text: one shape for messages, reviews and ledger sentences."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

ERROR: Final = "error"
WARNING: Final = "warning"
ADVICE: Final = "advice"

_STRENGTH: Final = {ERROR: 0, WARNING: 1, ADVICE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at.

    `start` and `end` count code points in the text of `field` (both 0 where the finding is about the whole). `rule`
    says which part of `code` spoke, for example B05 inside C07. `suggestions` can replace the marked text as they are.
    Where one message has several texts, `audience` names the readers of the one that this is about.
    """

    code: str
    severity: str
    message: str
    field: str = "body"
    start: int = 0
    end: int = 0
    text: str = ""
    suggestions: tuple[str, ...] = ()
    rule: str = ""
    audience: str = ""


def at(
    match: re.Match[str],
    *,
    code: str,
    severity: str,
    message: str,
    field: str = "body",
    suggestions: tuple[str, ...] = (),
    rule: str = "",
    offset: int = 0,
    group: int | str = 0,
) -> Finding:
    """The finding for the text that a pattern matched, or for one group of it; `offset` is where what was searched
    begins in the whole.
    """
    return Finding(
        code=code,
        severity=severity,
        message=message,
        field=field,
        start=offset + match.start(group),
        end=offset + match.end(group),
        text=match.group(group),
        suggestions=suggestions,
        rule=rule,
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What stops comes first, then as the text reads; the same remark about the same place is said once."""
    unique = dict.fromkeys(findings)
    return tuple(
        sorted(unique, key=lambda f: (_STRENGTH[f.severity], f.audience, f.field != "subject", f.start, f.end, f.code))
    )


def any_of(words: Iterable[str], *, within: str | None = None, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """A pattern that matches any of `words` as whole words, the longest first; with no words it never matches.

    Given the text to be searched as `within`, only words that occur in it go into the pattern: a directory has
    thousands of names.
    """
    fold = str.casefold if flags & re.IGNORECASE else str
    text = None if within is None else fold(within)
    kept = {word for word in words if word.strip() and (text is None or fold(word) in text)}
    ordered = sorted(kept, key=len, reverse=True)
    if not ordered:
        return re.compile(r"(?!)")
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in ordered) + r")(?!\w)", flags)


def outside(matches: Iterable[re.Match[str]], spans: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """The matches that touch none of the spans."""
    kept = list(spans)
    for match in matches:
        if not any(match.start() < end and start < match.end() for start, end in kept):
            yield match
