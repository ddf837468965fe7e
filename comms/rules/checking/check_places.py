"""C11, places: where the impact is, and where it is not, as the record says it."""

import re
from collections.abc import Iterator
from typing import Final

from comms.choices import FINAL_KINDS
from comms.rules.checking import recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, WARNING, Finding

_AFFECTED: Final = re.compile(
    r"\b(?:cannot|can['’]?t|could not|couldn['’]?t|unable|not able|no access|without|affected|impacted|"
    r"unavailable|offline|"
    r"fail(?:s|ing|ed)?|tim(?:es?|ed) out|hangs?|crash(?:es|ed)|refuse[sd]?|returns? (?:an? )?(?:error|[45]\d\d)|"
    r"not working|not (?:be )?possible|impossible|stand(?:s|ing)? still|"
    r"(?:is|are|was|were) (?:still )?out(?= (?:in|at|of order|since|for)\b|[.;,]|\s*$)|"
    r"(?:do|does|is|are) not (?:work|open|load|arrive|reach|respond|print|start)(?:ing)?|"
    r"down|slow(?:er|ly)?|delayed|interrupted|los(?:e|"
    r"es|ing|t))\b|\b(?:problems?|issues?|trouble|difficult(?:y|ies)|outages?|disruptions?)\s+"
    r"(?:with\s+[^.,;\n]{1,40}?\s+)?(?:at|in|for|across)\b",
    re.IGNORECASE,
)
# Of a message that says that it is over, the sentences that say for whom.
_WAS_AFFECTED: Final = re.compile(rf"{_AFFECTED.pattern}|\b(?:again|restored|back|recovered|can now)\b", re.IGNORECASE)
_UNAFFECTED: Final = re.compile(
    r"\b(?:not|un|never)[ -]?(?:be(?:en)? )?affected\b|\bnot impacted\b|"
    r"\bno (?:impact|problems?|issues?|trouble|outages?|disruptions?)\b|"
    r"\bworks? (?:normally|"
    r"as usual|fine)\b|"
    r"\bworking (?:normally|as usual)\b|\b(?:is|are|remains?|stays?) (?:fine|normal|available|open)\b|\bexcept\b|"
    r"\bother than\b|\bapart from\b",
    re.IGNORECASE,
)
# What was said before, and was wrong or has changed.
_SAID: Final = re.compile(
    r"\b(?:we|our (?:last|first|previous|earlier) (?:update|message))\s+(?:said|wrote|reported|told|stated|"
    r"named|gave)\b|"
    r"\b(?:earlier|previous(?:ly)?|last|first) (?:update|message|we)\b|\bthat was (?:wrong|not right|incorrect)\b",
    re.IGNORECASE,
)
_EVERYWHERE: Final = re.compile(
    r"\b(?:everywhere|worldwide|global(?:ly)?|nationwide|all (?:\w+ ){0,2}(?:sites?|stores?|offices?|locations?|"
    r"countries|"
    r"regions?|branches|schools|hospitals|customers|users))\b",
    re.IGNORECASE,
)
# “Terminal 1” and “Building C” are names with what follows.
_NUMBERED: Final = (
    r"(?:Terminal|Building|Gate|Hall|Block|Floor|Line|Zone|Region|Plant|Ward|Tower|Warehouse|Pier|Dock|Depot|Level)"
    r"\s(?:\d{1,3}|[A-Z]\d{0,2})(?!\w)"
)
_WORDS: Final = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s+(?:(?:of|the|upon|and the|de|la|du|am|on)\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]+){0,3}"
_NAME: Final = rf"(?:{_NUMBERED}|{_WORDS})"
_NAMES: Final = re.compile(_NAME)
# “in Ireland and Scotland”, “at Leeds, York and Hull”
_LOCATED: Final = re.compile(
    rf"\b(?:in|at|across|throughout|from)\s+(?:the\s+|our\s+|all of\s+)?(?P<names>{_NAME}(?:(?:\s*,\s*|"
    rf"\s*,?\s+(?:and|or)\s+)(?:the\s+)?{_NAME})*)"
)
_BRACKET: Final = re.compile(r"\((?=\w)")  # “310 handlers (Norwich, Bristol)”
_NO_PLACE: Final = recorded.listed(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december utc gmt update english"
)


def places(draft: Draft, text: str) -> Iterator[Finding]:
    """C11 for the places of the sentences that say who is affected, or who is not."""
    record = draft.recorded
    if record is None or not recorded.content_words(record.where + " " + record.not_affected):
        return
    hurt = _WAS_AFFECTED if draft.kind in FINAL_KINDS else _AFFECTED
    for sentence in sentences.statements(text):
        if _SAID.search(sentence.text):
            continue
        said_unaffected = _UNAFFECTED.search(sentence.text)
        if said_unaffected is not None:
            yield from _called_unaffected(record, sentence)
        elif hurt.search(sentence.text) or _says_who(record, sentence) or _says_what(record, sentence):
            yield from _called_affected(draft, record, sentence)


def stated(draft: Draft, text: str) -> Iterator[tuple[Sentence, bool]]:
    """The sentences of a text that say where it is (true) or where it is not (false); neither where one says both."""
    hurt = _WAS_AFFECTED if draft.kind in FINAL_KINDS else _AFFECTED
    for sentence in sentences.statements(text):
        if _SAID.search(sentence.text):
            continue
        if _UNAFFECTED.search(sentence.text) is None:
            if hurt.search(sentence.text):
                yield sentence, True
        elif not _AFFECTED.search(_UNAFFECTED.sub("", sentence.text)):
            yield sentence, False


def _says_who(record: Recorded, sentence: Sentence) -> bool:
    """Whether the sentence names those whom the record calls affected, and where they are."""
    who = recorded.content_words(record.who)
    return any(
        who & recorded.content_words(" ".join(sentence.text[max(where.start() - 60, 0) : where.start()].split()[-2:]))
        for pattern in (_LOCATED, _BRACKET)
        for where in pattern.finditer(sentence.text)
    )


def _says_what(record: Recorded, sentence: Sentence) -> bool:
    """Whether the sentence tells the harm in the record's own words, where they are no “cannot”: “see empty charts”."""
    told = recorded.content_words(record.activity)
    return len(told) > 1 and not _AFFECTED.search(record.activity) and told <= recorded.content_words(sentence.text)


def _called_unaffected(record: Recorded, sentence: Sentence) -> Iterator[Finding]:
    """A recorded place that the text calls well."""
    if _AFFECTED.search(_UNAFFECTED.sub("", sentence.text)):
        return  # both are said in one sentence: which place belongs to which cannot be told
    hurt = names(record.where) - names(record.not_affected)
    for hit in findings.any_of(hurt, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
        message = f"The record says that {hit.group()} is affected; the text says that it is not."
        yield _found(sentence, hit.start(), hit.group(), message=message, severity=ERROR, rule="affected_place")


def _called_affected(draft: Draft, record: Recorded, sentence: Sentence) -> Iterator[Finding]:
    """A place that the record calls well, or another than it names."""
    well = names(record.not_affected) - names(record.where)
    for hit in findings.any_of(well, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
        message = f"The record says that {hit.group()} is not affected. Name where it is: {record.where}."
        yield _found(
            sentence,
            hit.start(),
            hit.group(),
            message=message,
            severity=ERROR,
            rule="unaffected_place",
            suggestions=_instead(record, sentence),
        )
    if _EVERYWHERE.search(record.where):
        return
    recorded_names = names(record.where) | {site for site in draft.known.sites if site in record.where}
    for start, name in _named(draft, sentence):
        if name in well or _is_recorded(record, name) or _is_explained(sentence, start, recorded_names):
            continue
        severity = ERROR if recorded_names else WARNING
        message = f"The record says {record.where}; the text says {name}. Make them the same, or revise the impact."
        missing = tuple(sorted(each for each in recorded_names if each not in sentence.text))
        yield _found(sentence, start, name, message=message, severity=severity, rule="place", suggestions=missing[:3])


def _instead(record: Recorded, sentence: Sentence) -> tuple[str, ...]:
    """What may stand in the place of a wrong one: the recorded places that the sentence does not name already."""
    known = sorted(names(record.where), key=record.where.index)
    missing = [name for name in known if name not in sentence.text]
    if len(missing) == len(known):
        return (record.where,)
    return (" and ".join(missing),) if len(missing) in (1, 2) else ()


def _named(draft: Draft, sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Places of the sentence: sites of the organisation anywhere, other names after “in”, “at” and the like."""
    taken: list[tuple[int, int]] = []
    for hit in findings.any_of(draft.known.sites, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
        taken.append(hit.span())
        yield hit.start(), hit.group()
    other = findings.any_of(
        (*draft.known.services, *draft.known.teams, *draft.known.people, *draft.known.glossary), within=sentence.text
    )
    taken += [hit.span() for hit in other.finditer(sentence.text)]
    for located in _LOCATED.finditer(sentence.text):
        for hit in _NAMES.finditer(sentence.text, *located.span("names")):
            if any(hit.start() < end and start < hit.end() for start, end in taken):
                continue
            if hit.group().casefold() not in _NO_PLACE and not hit.group().isupper():
                yield hit.start(), hit.group()


_IN_BRACKETS: Final = re.compile(r"[^.;()\n]{0,60}\((?P<inside>[^()\n]*)\)")


def _is_explained(sentence: Sentence, start: int, recorded_names: frozenset[str]) -> bool:
    """Whether the recorded places follow in brackets: “in France and Belgium (Lyon and Ghent)”."""
    after = _IN_BRACKETS.match(sentence.text, start)
    return after is not None and any(name in after["inside"] for name in recorded_names)


def names(text: str) -> frozenset[str]:
    """The names in a text: words with a capital. The first word of a text is one only where it is no common word."""
    return frozenset(
        hit.group()
        for hit in _NAMES.finditer(text)
        if hit.group().casefold() not in _NO_PLACE and not _COMMON.fullmatch(hit.group())
    )


_COMMON: Final = re.compile(
    r"(?:All|Every|Some|Most|Both|Only|The|Our|Any|Each|Not|No|Head|Online|Web|Mobile)\b.*", re.S
)


def _is_recorded(record: Recorded, name: str) -> bool:
    said = " ".join(record.texts).casefold()
    return name.casefold() in said


def _found(
    sentence: Sentence,
    start: int,
    words: str,
    *,
    message: str,
    severity: str,
    rule: str,
    suggestions: tuple[str, ...] = (),
) -> Finding:
    begin = sentence.start + start
    return Finding(
        code="C11",
        severity=severity,
        message=message,
        start=begin,
        end=begin + len(words),
        text=words,
        suggestions=suggestions,
        rule=rule,
    )
