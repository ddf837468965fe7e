"""Reads each fact of the desk's form as full, half or nothing, with the reason (domain.md 2.2 and 2.3).

Rules are plain words and patterns, so that each result can be explained to the person who typed the text. They judge
the record, never the agent. "Not known yet, asked at 10:05" is worth half: honesty must beat guessing.
"""

import re
from dataclasses import dataclass
from typing import Final

from mim_portal.lib import zone_names

FULL: Final = "full"
HALF: Final = "half"
NONE: Final = "none"


def _any(*alternatives: str) -> re.Pattern[str]:
    """Any of the alternatives as whole words, in any case."""
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


def _only(*parts: str) -> re.Pattern[str]:
    """The whole text is made of the parts, in any case."""
    return re.compile(rf"\s*{''.join(parts)}\s*[.!]*\s*", re.IGNORECASE)


_ASKED = re.compile(
    r"\b(?:asked|asking|checking|being checked)\b.{0,40}?\b\d{1,2}[:.h]\d{2}\b",
    re.IGNORECASE | re.DOTALL,
)
_UNKNOWN = _only(
    r"(?:[?.-]+|n/?a|unknown|not (?:yet )?known(?: yet)?|don['’]t know(?: yet)?|no idea|tbc|tbd|unclear)",
)
_UNKNOWN_FIRST = re.compile(r"\s*(?:unknown|not (?:yet )?known|don['’]t know|no idea|tbc|\?)", re.IGNORECASE)
_SAFETY = re.compile(r"\s*(yes|no)\b", re.IGNORECASE)
_TIME = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)|\b(?:1[0-2]|[1-9])\s?[ap]m\b", re.IGNORECASE)
_ZONE = re.compile(
    rf"\b(?:UTC|GMT|{'|'.join(zone_names.ONE_OFFSET)})\b|(?<=\d)Z\b|(?<=\d)\s?[+-]\d{{2}}:?\d{{2}}\b", re.IGNORECASE
)
_HOW_KNOWN = _any(
    r"calls?|called|tickets?|reports?|reported|monitor\w*|alerts?|alarms?|logs?|users?|saw|seen|noticed|errors?",
    "e-?mails?|said|says|checks?|dashboard|graph|after the|since the|first|worked until|last worked",
)
_VAGUE_SERVICE = _only(
    r"(?:(?:the|our|whole|all)\s+)*(?:systems?|it|everything|all|network|computers?|apps?|services?)?",
    r"\s*(?:is|are)?\s*(?:down|broken|not working|offline|dead)?",
)
_NOTHING_SAID = _only(
    r"(?:(?:the |our )?(?:it|system|everything|nothing|all|service|network|app|application|site|website)\s*)?",
    r"(?:is|are|works?|has)?\s*(?:completely |totally |all )?",
    r"(?:down|broken|not working|does not work|doesn['’]t work|works|dead|gone|issues?|problems?|error|urgent)?",
)
_CANNOT = re.compile(
    r"\b(?:can\s?not|can['’]t|could\s?not|couldn['’]t|unable to|not able to|no longer|(?:are|is) not being|"
    r"do(?:es)? not (?:get|receive)|don['’]t (?:get|receive)|have to|takes? (?:more|over|up to)|fails? when)\s+\w+",
    re.IGNORECASE,
)
_ACTIVITY = re.compile(
    r"\s*(?:to\s+)?(?:submit|pay|take|log|sign|book|order|print|send|receive|open|approve|access|use|see|view|call|"
    r"phone|enter|record|process|register|search|download|upload|ship|scan|dispatch|prescribe|buy|sell|check|transfer|"
    r"withdraw|read|write|edit|save|create|reset|clock|get|make|answer|reach|find|join|start|close|complete|run|issue|"
    r"collect)\b",
    re.IGNORECASE,
)
_TECHNICAL = _any(
    r"error|time-?outs?|timed out|server|cpu|memory|disk|database|db|node|cluster|latency|http|[45]\d\d|dns|vpn tunnel",
    r"certificate|queue|exception|stack|crash\w*|outage|offline|unreachable|down|not responding|not working|slow|link",
    "unavailable|service|interface|switch|router|backup|job|replication",
)
_VAGUE_COUNT = _any("some|many|several|few|lots?|loads|multiple|numerous|a number of|various|most")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand)\b",
    re.IGNORECASE,
)
_WHOLE = _any("all|every(?:one|body)?|whole|entire")
_NEGATIVE_SCOPE = _any(
    "not affected|unaffected|fine|works? (?:in|at|for|elsewhere)|still works?|others? (?:work|are fine)|only|except",
    "but not|elsewhere|nowhere else|no other|everywhere|all sites|worldwide|rest (?:works|is fine|are fine)",
)
_EXACT_TEXT = re.compile(
    r"[\"“«'‘][^\"”»'’]{4,}[\"”»'’]|\b(?:screen ?shot|attached|attachment|photo|recording)\b|"
    r"\b[A-Z]{1,5}-?\d{3,6}:|\berror (?:code )?[\w-]*\d",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"\b[A-Z]{2,5}-?\d{4,}\b|#\d{2,}\b|\bCA-\d{4}-\d+\b|[\w.+-]+@[\w-]+\.\w+\b")
_EXAMPLES = _any(
    r"(?:[2-9]|\d{2,}|two|three|four|five|six|several)\s+(?:example\s+)?"
    r"(?:users?|tickets?|calls?|callers?|people|examples?|reports?|cases?)",
)
_URGENT = _only(
    r"(?:very |extremely |super )?(?:urgent|important|critical|high|asap|now|immediately|vip|top priority)",
)
_VIP = _any("vip|ceo|cfo|cio|director|boss|minister|president|lots of calls|many calls|calls? keep")
_CAUSE = _any("caused by|because of|due to|root cause|is the cause|must be the|probably the")
_CHECKS = {
    "reproduced or not": _any(
        r"reproduc\w*|repeat(?:ed|able)?|tried (?:it )?(?:myself|ourselves|here)|same (?:here|for us)|tested",
    ),
    "monitoring": _any(r"monitor\w*|alerts?|alarms?|dashboards?|graphs?|green|red"),
    "known errors": _any(r"known (?:errors?|issues?|problems?)|knowledge|kb|problem record|similar|seen before"),
    "changes in the last 24 h": _any(
        r"chang\w*|releases?|deploy\w*|maintenance|patch\w*|upgrad\w*|supplier notice|chg\w*",
    ),
}
_NOT_ASKED = _any(
    r"(?:not|nobody|didn['’]t|did not|have not|haven['’]t)\b.{0,12}\b(?:asked?|checked?|tried)",
)
_PHONE = re.compile(r"(?:\d[\s()./-]?){5,}|\b(?:ext|extension|x)\.?\s?\d{2,}\b", re.IGNORECASE)
_MAILBOX = re.compile(r"\b(?:service|help|info|support|desk|team|shared|office|noreply|admin)[\w.-]*@", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What a fact is worth and why; `deficit` is the common shortcoming that it shows, by code."""

    grade: str
    reason: str
    deficit: str | None = None


def asked(text: str) -> bool:
    """Whether a text says that somebody was asked, and when."""
    return bool(_ASKED.search(text))


def unknown_but_asked(text: str) -> bool:
    """Whether a text says that it is not known, and when somebody was asked."""
    return bool(_UNKNOWN_FIRST.match(text)) and asked(text)


def unknown(text: str) -> bool:
    """Whether a text says nothing: empty, a mark, or only that it is not known."""
    return not text.strip() or bool(_UNKNOWN.fullmatch(text))


def safety_in(text: str) -> str | None:
    """What an answer to the safety question says: it begins with yes, no, or that it is not known; else None."""
    first = _SAFETY.match(text)
    if first is None:
        return "unknown" if _UNKNOWN_FIRST.match(text) else None
    return first.group(1).lower()


def service(text: str, *, in_catalogue: bool) -> Grade:
    """A service of the catalogue is full; a name in free text half; "system down" nothing."""
    if in_catalogue:
        return Grade(grade=FULL, reason="The service is in the catalogue.")
    if unknown(text) or _VAGUE_SERVICE.fullmatch(text):
        return Grade(grade=NONE, reason="No service is named.")
    return Grade(grade=HALF, reason="The service is not in the catalogue.")


def cannot_do(text: str) -> Grade:
    """A user's verb and object is full; only a technical symptom is half; "it is down" nothing."""
    if unknown(text) or _NOTHING_SAID.fullmatch(text):
        return Grade(grade=NONE, reason="It does not say what people cannot do.", deficit="symptom_not_activity")
    words = len(text.split())
    if (_CANNOT.search(text) or _ACTIVITY.match(text)) and words > 1:
        return Grade(grade=FULL, reason="It says what people cannot do.")
    if _TECHNICAL.search(text):
        return Grade(grade=HALF, reason="It is a technical symptom, not an activity.", deficit="symptom_not_activity")
    return Grade(grade=HALF, reason="The activity is not clear: which verb, and what?", deficit="symptom_not_activity")


def affected_count(count: str, basis: str) -> Grade:
    """A number with its basis is full; a number alone or "all of site X" half; "some", "many" nothing."""
    if unknown(count) or (not _NUMBER.search(count) and not _WHOLE.search(count)):
        reason = f"“{count.strip()}” is not a number." if _VAGUE_COUNT.search(count) else "There is no number."
        return Grade(grade=NONE, reason=reason, deficit="count_without_basis")
    if not _NUMBER.search(count):
        return Grade(grade=HALF, reason="“All” is not a number yet.", deficit="single_user_generalised")
    if unknown(basis):
        return Grade(grade=HALF, reason="The number has no basis.", deficit="count_without_basis")
    return Grade(grade=FULL, reason="The number has a basis.")


def where(text: str) -> Grade:
    """Places with what is not affected are full; a place alone half."""
    if unknown(text):
        return Grade(grade=NONE, reason="No place is named.", deficit="where_missing")
    if _NEGATIVE_SCOPE.search(text):
        return Grade(grade=FULL, reason="It says where, and where not.")
    return Grade(grade=HALF, reason="It does not say who is not affected.", deficit="no_negative_scope")


def since_when(text: str) -> Grade:
    """The first symptom with its zone and how it is known is full; a time alone half; "this morning" nothing."""
    if unknown(text) or not _TIME.search(text):
        return Grade(grade=NONE, reason="There is no start time.", deficit="report_time_as_start")
    if not _ZONE.search(text):
        return Grade(grade=HALF, reason="The time has no zone.", deficit="report_time_as_start")
    if not _HOW_KNOWN.search(text):
        return Grade(grade=HALF, reason="It does not say how the time is known.", deficit="report_time_as_start")
    return Grade(grade=FULL, reason="The start time has its zone and source.")


def evidence(text: str) -> Grade:
    """The exact words and two examples are full; one of them half."""
    if unknown(text):
        return Grade(grade=NONE, reason="There is no evidence yet.", deficit="paraphrased_error")
    exact = bool(_EXACT_TEXT.search(text))
    examples = len(set(_EXAMPLE.findall(text))) >= 2 or bool(_EXAMPLES.search(text))
    if exact and examples:
        return Grade(grade=FULL, reason="The exact words and two examples are there.")
    if exact:
        return Grade(grade=HALF, reason="Two example users or tickets are missing.", deficit="single_user_generalised")
    return Grade(grade=HALF, reason="The exact words of the error are missing.", deficit="paraphrased_error")


def business_consequence(consequence: str, critical_time: str) -> Grade:
    """What is lost and by when is full; one of them half; "urgent" alone nothing."""
    said = not unknown(consequence) and not _URGENT.fullmatch(consequence)
    timed = not unknown(critical_time)
    if said and timed:
        return Grade(grade=FULL, reason="It says what is lost, and by when.")
    if said and _VIP.search(consequence) and len(consequence.split()) < 6:
        return Grade(grade=HALF, reason="Who calls is not what is lost.", deficit="priority_by_volume_or_vip")
    if said:
        return Grade(grade=HALF, reason="It does not say by when.")
    if timed:
        return Grade(grade=HALF, reason="It says by when, and not what is lost.")
    deficit = "priority_by_volume_or_vip" if _URGENT.fullmatch(consequence) else None
    return Grade(grade=NONE, reason="It does not say what is lost.", deficit=deficit)


def checks_done(text: str) -> Grade:
    """Reproduction, monitoring, known errors and changes each answered is full; some of them half."""
    if unknown(text):
        return Grade(grade=NONE, reason="No check is recorded.", deficit="no_change_check")
    open_checks = [name for name, pattern in _CHECKS.items() if not pattern.search(text)]
    if not open_checks:
        return Grade(grade=FULL, reason="All four checks are answered.")
    deficit = "no_change_check" if "changes in the last 24 h" in open_checks else None
    return Grade(grade=HALF, reason=f"Not answered: {', '.join(open_checks)}.", deficit=deficit)


def workaround(text: str) -> Grade:
    """Works, does not, or none known is full; stated as not asked half; blank nothing."""
    if unknown(text):
        return Grade(grade=NONE, reason="Nothing is said about a workaround.")
    if _NOT_ASKED.search(text):
        return Grade(grade=HALF, reason="Nobody was asked for a workaround yet.")
    return Grade(grade=FULL, reason="The workaround is stated.")


def contact(text: str) -> Grade:
    """A name with a number is full; a mailbox or a name alone half."""
    if unknown(text):
        return Grade(grade=NONE, reason="There is nobody to call back.", deficit="no_contact")
    named = re.search(r"[^\W\d_]{2,}", text) is not None
    if named and _PHONE.search(text) and not _MAILBOX.search(text):
        return Grade(grade=FULL, reason="There is a name and a number.")
    return Grade(grade=HALF, reason="A name with a phone number is missing.", deficit="no_contact")


def asserts_cause(text: str) -> bool:
    """Whether a report states a cause, which is for the technical teams to find."""
    return bool(_CAUSE.search(text))
