"""C11, what is measured and what is numbered: waits, rates and sizes; extensions, rooms and versions (domain.md 4.3).

Such a number stops the message where the record has another one of the same thing and the text has that nowhere.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from comms.rules.checking import recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import amounts, misread
from comms.rules.checking.places import check_places
from comms.rules.checking.times import check_duration, check_times
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, Finding

# “extension 4417”, “room G.07”, “form 11-B”, “version 7.2”
_NUMBERED: Final = re.compile(
    r"\b(?P<label>ext(?:ension)?|rooms?|versions?|firmware|build|release|channel|form|sheet|nodes?|codes?|dial|"
    r"(?:help|phone|telephone|hot)?line|call|phone|ring|(?:batches|groups|lots|runs|blocks) of)"
    r"\.?\s*:?\s+(?:(?:to|on|at)\s+|(?:no more than|at most|up to)\s+)?"
    r"(?P<number>(?!\d{1,2}:\d)[A-Z]{0,2}[-.]?\d[\dA-Z.-]*(?<![.-])(?:[ \u00a0]\d{2,7}){0,3})(?![\w:%])",
    re.IGNORECASE,
)
_ONE_LABEL: Final = {
    "ext": "extension", "rooms": "room", "versions": "version", "firmware": "version", "build": "version",
    "release": "version", "nodes": "node", "codes": "code",
    **dict.fromkeys(("dial", "line", "helpline", "phoneline", "hotline", "call", "phone", "ring"), "phone"),
}  # fmt: skip
# “Payroll 4.12.3”; no date and no address of a machine
_VERSION: Final = re.compile(r"(?<![\w.])(?P<number>\d{1,4}\.\d{1,3}\.\d{1,3})(?![\w.]*\d)")
_LONG: Final = 4  # digits of a number that people dial; a shorter one counts what they call

_VALUE: Final = r"(?<![\w.,:/–-])(?P<number>\d{1,3}(?:[, \u00a0]\d{3})+|\d+(?:\.\d+)?)"
_TIMES: Final = "second|sec|minute|min|hour|hr|day|night|week|month|run"
# “18 lorries an hour”, “95 trucks/h”, “45 a second”
_RATE: Final = re.compile(
    rf"{_VALUE}(?:[ \u00a0-][a-z]+){{0,4}}?(?:\s+(?:an?|per|each|every)\s+|/)(?P<unit>(?:{_TIMES})\b|[smh]\b)",
    re.IGNORECASE,
)
# “940 ms”, “48 seconds”, “5 MB”, “7 days”, “22 calls”
_SIZE: Final = re.compile(
    rf"{_VALUE}[ \u00a0-]?(?P<unit>(?:milliseconds?|ms|(?:{_TIMES})s?|s|h|[kmgt]b|calls?|messages?|reports?|"
    rf"tickets?|attempts?|tries|degrees)\b)(?!\s+(?:an?|per|each|every)\s)",
    re.IGNORECASE,
)  # fmt: skip
_UNIT_WORDS: Final = re.compile(rf"\b(?:{_TIMES}|millisecond|call|message|report|ticket|attempt)s?\b", re.IGNORECASE)
_TIME_UNITS: Final = frozenset({"sec", "min", "hou", "day", "nig", "wee", "mon"})
# Words that a sentence shares with the record's: of lengths of time, which are many, two.
_ALIKE_TIMES: Final = 2


class _Measure(NamedTuple):
    """A number with its unit, where it stands, and the words and times of day around it."""

    unit: str
    number: Decimal
    hit: re.Match[str]
    about: frozenset[str]


def numbered(draft: Draft, text: str) -> Iterator[Finding]:
    """“Extension 4471” where the record has 4417 and the text says that nowhere: people call, go and search by it."""
    if draft.recorded is None:
        return
    known: dict[str, dict[str, str]] = {}
    for said in draft.recorded.texts:
        for label, number, hit in _labelled(said):
            known.setdefault(label, {})[number] = hit["number"]
    if not known:
        return
    parts = tuple(sentences.statements(text))
    labelled = list(_labelled(text))
    told = {number for _label, number, _hit in labelled}
    allowed = set(map(_plain, draft.known.allowed_contacts))
    for label, number, hit in labelled:
        right = known.get(label, {})
        left = [shown for each, shown in right.items() if each not in told]
        if not left or number in right or number in allowed:
            continue
        if check_places.tells_of_before(draft, sentences.around(parts, hit.start())):
            continue
        message = f"The record says {left[0]}; the text says {hit['number']}."
        yield findings.at(
            hit, code="C11", severity=ERROR, message=message, suggestions=(left[0],), rule="numbered", group="number"
        )


def measured(draft: Draft, text: str) -> Iterator[Finding]:
    """“The oldest message is 74 minutes old” where the record says 47 minutes of it, in words of its own, and the text
    says 47 nowhere. Of rates and sizes one such word is enough, of lengths of time two, or one beside the same digits.
    """
    if draft.recorded is None or not draft.is_english:
        return
    known = [each for said in draft.recorded.texts for each in _measures(said)]
    if not known:
        return
    told = {end for each in amounts.amounts(text) for end in (each.low, each.high)}
    written = [(sentence, list(_measures(sentence.text))) for sentence in sentences.statements(text)]
    told |= {each.number for _sentence, several in written for each in several}
    for sentence, several in written:
        if check_places.tells_of_before(draft, sentence):
            continue
        for each in several:
            alike = [one for one in known if one.unit == each.unit and _is_about_same(each, one)]
            left = [one for one in alike if one.number not in told]
            if not left or any(one.number == each.number for one in known if one.unit == each.unit):
                continue
            if check_duration.tells_length_of_all(sentence.text, each.hit.start("number")):
                continue
            right = left[0].hit["number"]
            yield findings.at(
                each.hit,
                code="C11",
                severity=ERROR,
                message=f"The record says {left[0].hit.group().strip()}; the text says {each.hit.group().strip()}.",
                suggestions=(right,),
                rule="measure",
                offset=sentence.start,
                group="number",
            )


def _labelled(text: str) -> Iterator[tuple[str, str, re.Match[str]]]:
    """What is numbered in a text: by what kind of number, the number, and where."""
    seen: set[int] = set()
    for hit in _NUMBERED.finditer(text):
        seen.add(hit.start("number"))
        label = hit["label"].casefold()
        number = _plain(hit["number"])
        kind = _ONE_LABEL.get(label, label)
        if kind != "phone" or sum(each.isdigit() for each in number) >= _LONG:
            yield kind, number, hit
    for hit in _VERSION.finditer(text):
        if hit.start("number") not in seen:
            yield "version", _plain(hit["number"]), hit


def _plain(number: str) -> str:
    return re.sub(r"[+ \u00a0-]", "", number).casefold()


def _measures(text: str) -> Iterator[_Measure]:
    times = {f"{each:%H:%M}" for each in check_times.times_of_day((text,))}
    about = recorded.content_words(_UNIT_WORDS.sub(" ", text)) | times
    taken: set[int] = set()
    for pattern, head in ((_RATE, "per "), (_SIZE, "")):
        for hit in pattern.finditer(text):
            if hit.start("number") in taken:
                continue
            taken.add(hit.start("number"))
            unit = hit["unit"].casefold()
            unit = {"s": "sec", "h": "hou", "hr": "hou", "hrs": "hou", "m": "min", "ms": "mil"}.get(unit, unit[:3])
            number = amounts.read(hit["number"])
            if number is not None:
                yield _Measure(head + unit, number, hit, about)


def _is_about_same(written: _Measure, said: _Measure) -> bool:
    """Whether the two most likely measure one thing, by the words around them and by their digits."""
    shared = len(written.about & said.about)
    one, other = f"{written.number:f}", f"{said.number:f}"
    if written.unit not in _TIME_UNITS:
        return shared >= 1 or (len(one) >= misread.MANY_DIGITS and misread.same_digits(one, other))
    return shared >= _ALIKE_TIMES or (shared == 1 and len(one) > 1 and misread.same_digits(one, other))
