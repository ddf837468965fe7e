"""What a message says of the impact: who, what, since when (C08), the workaround (C15), how fresh it is (C25)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from comms.choices import FAST_KINDS, FINAL_KINDS, AudienceCode, UpdateKind
from comms.rules.checking import recorded
from comms.rules.checking.draft import Draft
from comms.rules.checking.times import check_times
from mim_portal.lib import times
from mim_portal.lib.findings import ERROR, WARNING, Finding

# Kinds that tell what people cannot do. A correction says what was wrong, a closure what it was in all.
_TELLS_IMPACT: Final = frozenset(set(UpdateKind) - FINAL_KINDS - {UpdateKind.CORRECTION})
_PEOPLE: Final = re.compile(
    r"\b(?:users?|customers?|clients?|people|staff|colleagues?|employees|patients?|students?|everyone|everybody|anyone|"
    r"callers?|agents?|drivers?|visitors?|passengers?|guests?|members?|you)\b",
    re.IGNORECASE,
)
_CANNOT: Final = re.compile(
    r"\b(?:cannot|can['’]?t|could not|unable|not able|unavailable|not working|does not work|do not work|fails?|failing|"
    r"slow(?:er|ly)?|delay(?:s|ed)?|no access|los(?:e|es|ing|t)|wait(?:s|ing)?|late|wrong|missing|offline)\b",
    re.IGNORECASE,
)
_SINCE: Final = re.compile(r"\b(?:since|began|started|from|as of|for the (?:last|past))\b", re.IGNORECASE)
_WORKAROUND: Final = re.compile(
    r"\bwork-?arounds?\b|\binstead\b|\bin the meantime\b|\bmeanwhile\b|\buntil then\b|\balternative(?:ly)?\b|"
    r"\bby (?:phone|hand|"
    r"telephone|e-?mail|paper)\b|\bon paper\b|\bmanual(?:ly)?\b|\b(?:you|they|staff|customers|"
    r"users) can (?:still )?\w+|"
    r"\b(?:please )?use (?:the|your|a)\b|\bno other way\b|\bnothing (?:that )?you can do\b",
    re.IGNORECASE,
)


def present(draft: Draft) -> Iterator[Finding]:
    """C08: whoever reads only this message learns who cannot do what, and since when.

    One of the three missing is said; all three missing stops a later update beyond the desk. Initial and holding
    messages are never stopped for it (DESIGN 1a), only an empty one is.
    """
    if not draft.body.strip():
        message = "Write what people cannot do, what is being done, and what they can do now."
        yield Finding(code="C08", severity=ERROR, message=message, rule="empty")
        return
    record = draft.recorded
    if record is None or draft.kind not in _TELLS_IMPACT:
        return
    text = f"{draft.subject}\n{draft.body}"
    words = recorded.content_words(text)
    lacks = {
        "who": bool(record.who) and not (recorded.content_words(record.who) & words or _PEOPLE.search(text)),
        "activity": bool(record.activity)
        and not (recorded.content_words(record.activity) & words or _CANNOT.search(text)),
        "since": record.since is not None
        and not (check_times.CLOCK.search(text) and (_SINCE.search(text) or not draft.is_english)),
    }
    missing = [name for name, is_missing in lacks.items() if is_missing]
    if len(missing) == len(lacks) and draft.kind not in FAST_KINDS and draft.outside - {AudienceCode.SERVICE_DESK}:
        message = f"This does not say what the incident does to people: {_in_words(draft)}."
        yield Finding(code="C08", severity=ERROR, message=message, rule="no_impact")
        return
    said = {
        "who": f"Say who is affected: {record.who}.",
        "activity": f"Say what they cannot do: {record.activity}.",
        "since": f"Say since when: {times.clock_time(record.since, draft.tz) if record.since else ''}.",
    }
    for name in missing:
        yield Finding(code="C08", severity=WARNING, message=said[name], rule=name)


def recorded_enough(draft: Draft) -> Iterator[Finding]:
    """C08: from the second message on the record answers all seven questions, or says by when it will (3.2).

    What the organisation requires of this service stops a later update; a holding one never (DESIGN 1a).
    """
    record = draft.recorded
    if record is None or draft.kind not in _TELLS_IMPACT or not draft.previous_body.strip():
        return
    for question in record.lacking:
        message = f"The record has no answer to “{question}” Write it, or “not yet known, being checked, by hh:mm”."
        yield Finding(code="C08", severity=WARNING, message=message, rule="record")
    for question in record.required:
        message = (
            f"“{question}” has to be on record here. State it in the impact, "
            "or “not yet known, being checked, by hh:mm”."
        )
        severity = WARNING if draft.kind in FAST_KINDS else ERROR
        yield Finding(code="C08", severity=severity, message=message, rule="required")


def workaround(draft: Draft) -> Iterator[Finding]:
    """C15: steps, or that there is no workaround yet; asked from the second message on."""
    record = draft.recorded
    if record is None or draft.kind not in _TELLS_IMPACT - FAST_KINDS or not draft.body.strip() or not draft.is_english:
        return
    steps = recorded.content_words(record.workaround)
    if _WORKAROUND.search(draft.body) or (steps and steps & recorded.content_words(draft.body)):
        return
    ready = record.workaround.rstrip(".") + "." if record.workaround else "There is no workaround yet."
    message = f"Say what people can do meanwhile: “{ready}”"
    yield Finding(code="C15", severity=WARNING, message=message, suggestions=(), rule="workaround")


def fresh(draft: Draft, *, now: datetime) -> Iterator[Finding]:
    """C25: the impact was looked at within one interval of the cadence."""
    record = draft.recorded
    if record is None or record.as_of is None or record.interval is None or draft.kind in FINAL_KINDS:
        return
    if now - record.as_of > record.interval:
        age = times.duration(now - record.as_of)
        message = (
            f"The impact was last looked at {age} ago. Confirm or revise it, so that the message says what is true now."
        )
        yield Finding(code="C25", severity=WARNING, message=message, rule="stale")


def _in_words(draft: Draft) -> str:
    record = draft.recorded
    assert record is not None
    return " ".join(part for part in (record.who, record.activity) if part) or record.service
