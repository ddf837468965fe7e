"""Slips of English grammar that LanguageTool lets pass and people who write under pressure make (C09)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# “Staff cannot to sign in”
_MODAL_TO: Final = re.compile(
    r"\b(?P<modal>cannot|can['’]t|can|must|should|could|would|shall)(?P<to> to) (?!date\b|that\b|this\b|the\b)[a-z]+",
    re.IGNORECASE,
)
# “The service have been restored”, “This issue affect all customers”: a sentence about one thing.
_ONE: Final = (
    r"service|system|site|website|portal|application|app|issue|problem|incident|outage|update|network|fix|workaround|"
    r"server|database|release|change|error|fault|cause"
)
_ONE_MANY: Final = re.compile(
    rf"(?:^|(?<=[.!?:;]\s)|(?<=\n))(?:The|This|That|Each|Every|Our)\s+(?:{_ONE})\s+"
    r"(?P<verb>have|are|were|do|affect|cause|prevent|stop|need|remain)\b(?!-)",
    re.IGNORECASE,
)
_SINGULAR: Final = {"have": "has", "are": "is", "were": "was", "do": "does"}
# “300 user cannot sign in”
_MANY_ONE: Final = re.compile(
    r"(?<![\w.,:-])(?:[2-9]|\d{2,}|\d{1,3}(?:,\d{3})+|two|three|four|five|six|seven|eight|nine|ten|several|many)\s+"
    r"(?P<noun>user|customer|employee|colleague|patient|student|store|site|branch|office|order|payment|ticket|caller|"
    r"passenger|member)(?=[.,;:!?)]|\s+(?:cannot|can|are|were|have|had|in|at|on|who|report|affected|still|now)\b)",
    re.IGNORECASE,
)
# “It effects all stores”
_EFFECTS: Final = re.compile(r"\b(?:it|this|issue|problem|incident|outage)\s+(?P<verb>effects?)\b(?! of)", re.I)
# “We are works on it”
_BE_VERBS: Final = re.compile(
    r"\b(?:am|is|are|was|were)\s+(?P<verb>works|looks|tries|investigates|restores|checks|restarts|fixes)\s+"
    r"(?:on|at|into|to|the|it|this|a|our)\b",
    re.IGNORECASE,
)
_ING: Final = {"tries": "trying", "investigates": "investigating", "restores": "restoring", "fixes": "fixing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A span of the text in code points, what is wrong with it, and what would be right."""

    start: int
    end: int
    message: str
    suggestion: str


def slips(text: str) -> Iterator[Slip]:
    """Every slip of the text, kind by kind."""
    for hit in _MODAL_TO.finditer(text):
        start, end = hit.start("modal"), hit.end("to")
        yield _slip(start, end, f"No “to” follows “{hit['modal']}”.", hit["modal"])
    for hit in _ONE_MANY.finditer(text):
        verb = hit["verb"].casefold()
        right = _SINGULAR.get(verb, f"{verb}s")
        yield _slip(*hit.span("verb"), f"One thing: “{right}”, not “{verb}”.", right)
    for hit in _MANY_ONE.finditer(text):
        right = f"{hit['noun']}{'es' if hit['noun'].endswith('ch') else 's'}"
        yield _slip(*hit.span("noun"), f"More than one: “{right}”.", right)
    for hit in _EFFECTS.finditer(text):
        right = hit["verb"].casefold().replace("e", "a", 1)
        yield _slip(*hit.span("verb"), f"“{right}” is the verb that you mean.", right)
    for hit in _BE_VERBS.finditer(text):
        verb = hit["verb"].casefold()
        right = _ING.get(verb, f"{verb.removesuffix('s')}ing")
        yield _slip(*hit.span("verb"), f"“{right}” follows a form of “be”.", right)


def _slip(start: int, end: int, message: str, suggestion: str) -> Slip:
    return Slip(start=start, end=end, message=message, suggestion=suggestion)
