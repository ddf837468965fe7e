"""C11, how long it lasted: of a message that it is over, against the start and the return on record."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from comms.choices import FINAL_KINDS
from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import amounts
from comms.rules.checking.places import check_places
from mim_portal.lib import findings, times
from mim_portal.lib.findings import ERROR, Finding

_NUMBER: Final = r"\d{1,3}(?:\.\d)?|[a-z]+(?:-[a-z]+)?"
_LENGTH: Final = re.compile(
    rf"\b(?:(?P<hours>{_NUMBER})\s*(?:hours?|hrs?|h)\b"
    rf"(?:\s*(?:,|and)?\s*(?P<rest>{_NUMBER})\s*(?:minutes?|mins?|min|m)\b)?|"
    rf"(?P<minutes>{_NUMBER})\s*(?:minutes?|mins?|min)\b)",
    re.IGNORECASE,
)
_ROUGHLY: Final = (
    r"(?:about|around|roughly|approximately|nearly|almost|just over|just under|(?:a )?little over|(?:a )?little under|"
    r"more than|less than|over|under|up to|some)"
)
_LASTED: Final = re.compile(
    rf"(?:\b(?:lasted|lasting|duration(?: of)?|length|(?:restored|back|recovered|again) after|total of)\s*[:|]?\s*|"
    # “From 17:25 (UTC+1) until 21:38 (UTC+1), four hours and 13 minutes”
    rf"\b(?:until|to)\s+[\d:.]+\s?(?:[ap]\.?m\.?)?\s*(?:\([^()\n]*\)|[A-Z]{{2,5}}\b)?,\s*|"
    # “From 13:40 BRT, in total 3 hours”, “interrupted at 7:30 a.m. PST for five hours”
    rf"\bin total,?\s+|\d\s?(?:[ap]\.?m\.?)?\s*\(?[A-Z]{{2,5}}\)?,?\s+for\s+|"
    rf"\b(?:unavailable|down|offline|disturbed|disrupted|out|out of (?:use|order|service)|affected)\s+for\s+|"
    # “(UTC+0): five hours and four minutes”, “(UTC-8), for up to 4 hours”
    rf"\b(?:a period of|that(?: is|['’]s)(?: for)?|which is)\s+|(?:^|[.!?,]\s+)for\s+|"
    rf"\d\s?(?:[ap]\.?m\.?)?\s*\([^()\n]*\)\s*:\s*)(?P<roughly>{_ROUGHLY}\s+)?$",
    re.IGNORECASE,
)
# “For two hours we watch it”: no time of the harm.
_OTHER: Final = re.compile(
    r"\b(?:will|watch(?:ing|ed)?|monitor(?:ing|ed)?|"
    r"next(?=\s+(?:\w+\s+)?(?:hours?|minutes?|days?)\b)|within|waiting|please wait|each|every)\b",
    re.I,
)
# “(18:35Z), 134 minutes in all”
_IN_ALL: Final = re.compile(r"\s+(?:in (?:all|total)|altogether|overall)\b", re.IGNORECASE)
# “Confirmations are delayed by up to 40 minutes”, “17 departures 20 to 45 minutes late”
_UNIT: Final = r"(?P<unit>second|minute|min|hour|day)s?"
_SPAN: Final = r"(?P<low>\d{1,3})(?:\s*(?:to|-|–|and)\s*(?P<high>\d{1,3}))?"
_DELAY: Final = re.compile(
    rf"\b(?:delay(?:s|ed)?|late|wait(?:s|ing)?|slower)\b(?:\s+(?:by|of|for|up|to|between|about|around|some|time|times|is|"
    rf"are)){{0,4}}\s+(?P<span>{_SPAN})\s*{_UNIT}\b",
    re.IGNORECASE,
)
_LEAD: Final = 80  # characters before a length that say what it is the length of
_NEAR: Final = timedelta(minutes=5)


def duration(draft: Draft, text: str) -> Iterator[Finding]:
    """“It lasted nine hours” where it began at 14:05 and was back at 20:10. A rough length may be a quarter off, any
    other five minutes or a tenth.
    """
    record = draft.recorded
    if record is None or record.since is None or record.restored_at is None or draft.kind not in FINAL_KINDS:
        return
    if not draft.is_english:
        return
    right = record.restored_at - record.since
    for sentence in sentences.statements(text):
        if _OTHER.search(sentence.text):
            continue
        for hit in _LENGTH.finditer(text, sentence.start, sentence.end):
            lead = _LASTED.search(text[max(sentence.start, hit.start() - _LEAD) : hit.start()])
            said = _length(hit)
            in_all = _IN_ALL.match(text, hit.end())
            if (lead is None and in_all is None) or said is None:
                continue
            near = right / 4 if lead is not None and lead["roughly"] else max(_NEAR, right / 10)
            if abs(said - right) <= near:
                continue
            message = f"By the record it lasted {times.duration(right)}; the text says {hit.group()}."
            yield findings.at(hit, code="C11", severity=ERROR, message=message, rule="duration")


def delays(draft: Draft, text: str) -> Iterator[Finding]:
    """“Delayed by up to 4 minutes” where the record has 40, in the same unit. What was said before is not compared."""
    if draft.recorded is None or not draft.is_english:
        return
    known: dict[str, dict[tuple[str, str], str]] = {}
    for hit in _DELAY.finditer(" ; ".join(draft.recorded.texts)):
        known.setdefault(hit["unit"].casefold()[:3], {})[hit["low"], hit["high"] or ""] = hit["span"]
    if not known:
        return
    for sentence in sentences.statements(text):
        if check_places.tells_of_before(draft, sentence):
            continue
        for hit in _DELAY.finditer(sentence.text):
            right = known.get(hit["unit"].casefold()[:3], {})
            if not right or (hit["low"], hit["high"] or "") in right:
                continue
            said = next(iter(right.values()))
            message = f"The record says {said} {hit['unit']}s; the text says {hit['span']}."
            yield findings.at(
                hit,
                code="C11",
                severity=ERROR,
                message=message,
                suggestions=(said,),
                rule="delay",
                offset=sentence.start,
                group="span",
            )


def tells_length_of_all(text: str, at: int) -> bool:
    """Whether the length of time that begins here is said to be how long it lasted."""
    return _LASTED.search(text[max(at - _LEAD, 0) : at]) is not None


def _length(hit: re.Match[str]) -> timedelta | None:
    """None where a word is no number: “happy hours”."""
    hours, rest, minutes = (amounts.read(hit[name]) if hit[name] else 0 for name in ("hours", "rest", "minutes"))
    if hours is None or rest is None or minutes is None:
        return None
    return timedelta(hours=float(hours), minutes=float(rest) + float(minutes))
