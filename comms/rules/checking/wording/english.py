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
# “Please to call the desk”
_PLEASE_TO: Final = re.compile(r"\bplease(?P<to> to)(?= [a-z])", re.IGNORECASE)
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
_MANY_VERB: Final = {"is": "are", "has": "have", "was": "were", "does": "do", "remains": "remain"}
_SINGULAR: Final = {"have": "has", "are": "is", "were": "was", "do": "does"}
_COUNTED: Final = (
    r"user|customer|employee|colleague|patient|student|store|site|branch|office|order|payment|ticket|caller|"
    r"passenger|member"
)
# “300 user cannot sign in”
_MANY_ONE: Final = re.compile(
    r"(?<![\w.,:-])(?:[2-9]|\d{2,}|\d{1,3}(?:,\d{3})+|two|three|four|five|six|seven|eight|nine|ten|several|many)\s+"
    rf"(?P<noun>{_COUNTED})(?=[.,;:!?)]|\s+(?:cannot|can|are|were|have|had|in|at|on|who|report|affected|still|now)\b)",
    re.IGNORECASE,
)
# “410 containers is held”, “Engineers has been called”: many, at the beginning of what is said
_MANY_PEOPLE: Final = (
    r"users|customers|clients|employees|colleagues|patients|students|pupils|passengers|members|engineers|technicians|"
    r"specialists|doctors|nurses|teachers|drivers|guests|callers|residents|visitors|shoppers|merchants|stores|shops|"
    r"branches|offices|machines|tills|terminals|printers|servers|payments|orders|bookings|reminders|results"
)
_MANY_IS: Final = re.compile(
    r"(?:^|(?<=[.!?:;,]\s)|(?<=\n)|(?<=and\s))(?:(?:all|about|around|some|over|nearly|roughly|more than)\s+){0,2}"
    r"(?:(?:[2-9]|\d{2,}|\d{1,3}(?:,\d{3})+|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|"
    r"(?:[a-z]+ )?(?:hundred|thousand))\s+"
    r"(?!(?:seconds|minutes|hours|days|weeks|months|years|times|percent|euros|dollars|pounds|francs|metres|meters|miles)\b)"
    rf"[a-z]{{3,}}(?<![sui])s|(?:the\s+|our\s+)?(?:{_MANY_PEOPLE}))\s+(?P<verb>is|has|was|does|remains)\b"
    r"(?!\s+(?:an?|the|enough|too|not enough)\b)",
    re.IGNORECASE,
)
# “We are look into it”; “there is work on it” is right
_BE_BASE: Final = re.compile(
    r"\b(?:we|they|engineers|teams?|technicians|specialists|who)\s+(?:is|are|was|were)\s+(?:still\s+|now\s+)?"
    r"(?P<verb>work|look|try|investigate|restore|check|restart|fix|move|test|watch|prepare)(?=\s+(?:on|at|into|to|the|it|"
    r"this|a|our)\b|[.,;]|\s*$)",
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
# “Some of the store are closed”
_SOME_OF_ONE: Final = re.compile(
    rf"\b(?:some|many|most|several|all|both|few|half)\s+of\s+(?:the|our|these|those|your)\s+(?P<noun>{_COUNTED})\s+"
    r"(?:are|were|have|had|cannot|can)\b",
    re.IGNORECASE,
)
# “Users which cannot sign in”; “in which” and “, which” are right.
_WHO_WHICH: Final = re.compile(
    r"\b(?:users|customers|employees|colleagues|patients|students|pupils|callers|passengers|members|people|staff|"
    r"doctors|nurses|teachers|drivers|guests|everybody|everyone|those of you)\s+(?P<which>which)\s+(?!of\b|team\b)",
    re.IGNORECASE,
)
# “We are looking in to it”
_IN_TO: Final = re.compile(r"\blook(?:s|ed|ing)?\s+(?P<in_to>in\s+to)\b(?!\s+(?:see|check|find|say)\b)", re.IGNORECASE)
# “Nobody can not sign in”
_TWICE_NOT: Final = re.compile(
    r"\b(?:nobody|no\s?one|none of (?:the|our|you) ?\w*|nothing)\s+(?P<verb>can\s?not|can['’]t|could not|does not|"
    r"doesn['’]t|is not|isn['’]t|has not|hasn['’]t)\b",
    re.IGNORECASE,
)
_ING: Final = {"tries": "trying", "investigates": "investigating", "restores": "restoring", "fixes": "fixing"}


_YES: Final = {"can": "can", "ca": "can", "could": "could", "does": "does", "is": "is", "has": "has"}


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
    for hit in _PLEASE_TO.finditer(text):
        yield _slip(*hit.span(), "No “to” follows “please”.", hit.group().removesuffix(hit["to"]))
    for hit in _ONE_MANY.finditer(text):
        verb = hit["verb"].casefold()
        right = _SINGULAR.get(verb, f"{verb}s")
        yield _slip(*hit.span("verb"), f"One thing: “{right}”, not “{verb}”.", right)
    for hit in _MANY_ONE.finditer(text):
        right = f"{hit['noun']}{'es' if hit['noun'].endswith('ch') else 's'}"
        yield _slip(*hit.span("noun"), f"More than one: “{right}”.", right)
    for hit in _SOME_OF_ONE.finditer(text):
        right = f"{hit['noun']}{'es' if hit['noun'].endswith('ch') else 's'}"
        yield _slip(*hit.span("noun"), f"More than one: “{right}”.", right)
    for hit in _WHO_WHICH.finditer(text):
        yield _slip(*hit.span("which"), "Of people: “who”.", "who")
    for hit in _IN_TO.finditer(text):
        yield _slip(*hit.span("in_to"), "One word: “into”.", "into")
    for hit in _TWICE_NOT.finditer(text):
        right = _YES[hit["verb"].casefold().replace("’", "'").split()[0].removesuffix("n't").removesuffix("not")]
        yield _slip(*hit.span("verb"), f"The sentence says no twice: “{right}”.", right)
    for hit in _MANY_IS.finditer(text):
        right = _MANY_VERB[hit["verb"].casefold()]
        yield _slip(*hit.span("verb"), f"More than one: “{right}”.", right)
    for hit in _BE_BASE.finditer(text):
        right = f"{hit['verb'].removesuffix('e')}ing"
        yield _slip(*hit.span("verb"), f"“{right}” follows a form of “be”.", right)
    for hit in _EFFECTS.finditer(text):
        right = hit["verb"].casefold().replace("e", "a", 1)
        yield _slip(*hit.span("verb"), f"“{right}” is the verb that you mean.", right)
    for hit in _BE_VERBS.finditer(text):
        verb = hit["verb"].casefold()
        right = _ING.get(verb, f"{verb.removesuffix('s')}ing")
        yield _slip(*hit.span("verb"), f"“{right}” follows a form of “be”.", right)


def _slip(start: int, end: int, message: str, suggestion: str) -> Slip:
    return Slip(start=start, end=end, message=message, suggestion=suggestion)
