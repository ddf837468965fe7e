"""C11, places: where the impact is, and where it is not, as the record says it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from comms.choices import FINAL_KINDS, UpdateKind
from comms.rules.checking import recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from incidents.choices import IncidentState
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, WARNING, Finding

_AFFECTED: Final = re.compile(
    r"\b(?:cannot|can['’]?t|could not|couldn['’]?t|unable|not able|no access|without|"
    r"affect(?:s|ed|ing)|impact(?:s|ed|ing)|(?:nobody|no one|none)\b[^.;\n]{0,60}?\bcan|"
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
# Of what works again, “works normally” is no claim that it always did.
_NEVER_AFFECTED: Final = re.compile(
    r"\b(?:not|un|never)[ -]?(?:be(?:en)? )?affected\b|\bnot impacted\b|\bno impact\b", re.IGNORECASE
)
# What was said before, and was wrong or has changed.
_SAID: Final = re.compile(
    r"\b(?:we|our (?:last|first|previous|earlier) (?:update|message))\s+(?:said|wrote|reported|told|stated|"
    r"named|gave)\b|"
    r"\b(?:earlier|previous(?:ly)?|last|first) (?:update|message|we)\b|\bthat was (?:wrong|not right|incorrect)\b",
    re.IGNORECASE,
)
# Of a correction, whatever tells of a message: “Our message of 04:10 (UTC+0) gave Jakarta as affected.”
_TOLD: Final = re.compile(
    r"(?<!next )\b(?:update|message|notice|post|e-?mail)\b[^.;\n]{0,60}?"
    r"\b(?:said|wrote|reported|told|stated|named|gave|listed|called|mentioned|counted|included|was wrong)\b",
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
# “Leeds, York and Hull”, wherever it stands
_LIST: Final = re.compile(rf"{_NAME}(?:\s*,\s+(?:the\s+)?{_NAME})*\s*,?\s+(?:and|or|&)\s+(?:in\s+)?(?:the\s+)?{_NAME}")
# “Leeds, York, Hull”, of which a name must be one of ours to be a place
_COMMAS: Final = re.compile(rf"{_NAME}(?:\s*,\s+{_NAME})+")
_IN: Final = re.compile(r"\b(?:in|at|across|throughout)\s+(?:the\s+)?$", re.IGNORECASE)
# Who works on it, and what is moved about, is somewhere else.
_AT_WORK: Final = re.compile(
    r"\b(?:engineers?|technicians?|teams?|crews?|specialists?|colleagues|experts?|suppliers?|providers?|vendors?|"
    r"data cent(?:re|er)s?|traffic|spares?|between|check(?:s|ed|ing)?|compar(?:e|es|ed|ing)|inspect(?:s|ed|ing)?)\b"
    r"[^.;,\n]{0,25}$",
    re.IGNORECASE,
)
# Where a service runs says nothing of who is affected: “Payroll runs in Frankfurt and Ireland”.
_HOSTED: Final = re.compile(
    r"(?<!not )(?<!nothing )(?<!no longer )\b"
    r"(?:runs?|(?:is|are|was|were)\s+(?:\w+\s+)?(?:hosted|housed|run|stored|kept|served|operated))"
    r"\s+(?:both\s+|only\s+)?(?:in|from|at|out of)\s+(?:the\s+|our\s+)?[^.;\n]{0,40}$",
    re.IGNORECASE,
)
_PART_OF: Final = re.compile(
    r"\b(?:(?:most|half|many|some|several|a third|a quarter|the majority) of (?:them|these|those|whom|you|us)|mainly|"
    r"mostly|chiefly|especially|particularly|above all|including|such as|for example|among them)\b[^.;\n]{0,60}$",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"\b(?:and|or|nor|plus|as well as|to)\b|[&,/+]", re.IGNORECASE)
_TELLS: Final = re.compile(
    r"\b(?:t(?:old|ell(?:s|ing)?)|inform(?:s|ed|ing)?|notif(?:y|ies|ied)|wr(?:ote|ite|iting|itten)|"
    r"(?:another|next|this) (?:message|update))\b",
    re.I,
)
_WORKS: Final = re.compile(r"\b(?:works?|working|runs?|running|back|online|normal(?:ly)?|fine|open|again)\b", re.I)
_QUOTED: Final = re.compile(r"[“„«\"][^“”„«»\"\n]{0,80}[”“»\"]")  # what others say or screens show
_OF_THEM: Final = re.compile(r"\bof (?:them|these|those|you|us) $", re.IGNORECASE)
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
        if tells_of_before(draft, sentence):
            continue
        said_unaffected = _UNAFFECTED.search(sentence.text)
        if said_unaffected is not None:
            if not _is_back(draft) or _NEVER_AFFECTED.search(sentence.text):
                yield from _called_unaffected(record, sentence)
        elif hurt.search(sentence.text) or _says_who(record, sentence) or says_what(record, sentence):
            yield from _called_affected(draft, record, sentence)
        else:
            yield from _beside_affected(draft, record, sentence)


def stated(draft: Draft, text: str) -> Iterator[tuple[Sentence, bool]]:
    """The sentences of a text that say where it is (true) or where it is not (false); neither where one says both."""
    hurt = _WAS_AFFECTED if draft.kind in FINAL_KINDS else _AFFECTED
    for sentence in sentences.statements(text):
        if tells_of_before(draft, sentence):
            continue
        if _UNAFFECTED.search(sentence.text) is None:
            if hurt.search(sentence.text):
                yield sentence, True
        elif not _AFFECTED.search(_UNAFFECTED.sub("", sentence.text)):
            yield sentence, False


def _is_back(draft: Draft) -> bool:
    """Whether the service works again where it did not."""
    return draft.kind in FINAL_KINDS or draft.state == IncidentState.MONITORING


def tells_of_before(draft: Draft, sentence: Sentence) -> bool:
    """Whether the sentence repeats what was said earlier; in a correction, as whatever it was sent."""
    is_told = draft.kind == UpdateKind.CORRECTION and _TOLD.search(sentence.text) is not None
    return is_told or _SAID.search(sentence.text) is not None


def _says_who(record: Recorded, sentence: Sentence) -> bool:
    """Whether the sentence names those whom the record calls affected, or “all of them”, and where they are."""
    who = recorded.content_words(f"{record.who} {record.count}")
    before = [
        sentence.text[max(where.start() - 60, 0) : where.start()]
        for pattern in (_LOCATED, _BRACKET)
        for where in pattern.finditer(sentence.text)
    ]
    return any(_OF_THEM.search(each) or who & recorded.content_words(" ".join(each.split()[-2:])) for each in before)


def says_what(record: Recorded, sentence: Sentence) -> bool:
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
    recorded_names = _recorded_names(draft, record)
    named = dict(_named(draft, sentence)) | dict(_mates(draft, sentence, recorded_names))
    for start, name in sorted(named.items()):
        if name in well or _is_recorded(record, name) or _is_explained(sentence, start, recorded_names):
            continue
        if _HOSTED.search(sentence.text[:start]):
            continue
        is_against = recorded_names and not _may_lie_within(draft, sentence, start, recorded_names)
        severity = ERROR if is_against else WARNING
        yield _other_place(record, sentence, start, name, recorded_names, severity=severity)


def _beside_affected(draft: Draft, record: Recorded, sentence: Sentence) -> Iterator[Finding]:
    """Of a sentence that tells no harm: another place in one list with the recorded ones, or a site of ours beside
    them, or where the service is. Whoever works on it, or is told of it, may be anywhere.
    """
    recorded_names, said = _recorded_names(draft, record), _QUOTED.sub("", sentence.text)
    if not recorded_names or _EVERYWHERE.search(record.where) or _TELLS.search(said):
        return
    well = names(record.not_affected) - names(record.where)
    mates = dict(_mates(draft, sentence, recorded_names))
    works = draft.kind not in FINAL_KINDS and _WORKS.search(said)
    found = mates | dict(_sites_beside(draft, sentence, recorded_names)) | dict(_where_service_is(draft, sentence))
    for start, name in sorted(found.items()):
        lead = sentence.text[max(start - 60, 0) : start]
        if _AT_WORK.search(lead) or _HOSTED.search(lead):
            continue
        if name in well:
            if start in mates and not works:
                message = f"The record says that {name} is not affected. Name where it is: {record.where}."
                yield _found(
                    sentence,
                    start,
                    name,
                    message=message,
                    severity=ERROR,
                    rule="unaffected_place",
                    suggestions=_instead(record, sentence),
                )
        elif not _is_recorded(record, name) and not _is_explained(sentence, start, recorded_names):
            yield _other_place(record, sentence, start, name, recorded_names, severity=ERROR)


def _recorded_names(draft: Draft, record: Recorded) -> frozenset[str]:
    return names(record.where) | {site for site in draft.known.sites if site in record.where}


def _mates(draft: Draft, sentence: Sentence, recorded_names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """What stands in one list with a recorded place: “Leeds and York”. Other languages write their nouns large."""
    if not draft.is_english:
        return
    taken, ours = _taken(draft, sentence), {*draft.known.sites, *_well(draft)}
    for pattern in (_LIST, _COMMAS):
        for listed in pattern.finditer(sentence.text):
            items = list(_NAMES.finditer(sentence.text, *listed.span()))
            if not any(name in item.group() for item in items for name in recorded_names):
                continue
            for item in items:
                is_sure = pattern is _LIST or item.group() in ours
                if is_sure and not any(name in item.group() for name in recorded_names) and _may_be_place(item, taken):
                    yield item.start(), item.group()


def _well(draft: Draft) -> frozenset[str]:
    """The places that the record calls not affected."""
    return names(draft.recorded.not_affected) if draft.recorded is not None else frozenset()


def _may_lie_within(draft: Draft, sentence: Sentence, start: int, recorded_names: Iterable[str]) -> bool:
    """Whether the place may be a part of a recorded one: the sentence names that one before it, and not in one list
    (“Staff in Ireland cannot sign in at Cork”), or calls it a part of what the text says (“most of them in Cork”).
    """
    lead = sentence.text[:start]
    pattern = findings.any_of(recorded_names, within=draft.body, flags=re.NOFLAG)
    if pattern.search(draft.body) and _PART_OF.search(lead):
        return True
    before = list(pattern.finditer(lead))
    return bool(before) and not _JOINED.search(lead[before[-1].end() :])


def _sites_beside(draft: Draft, sentence: Sentence, recorded_names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Sites of ours after “in” and the like, where a recorded place stands after one too."""
    if any(
        _IN.search(sentence.text[: hit.start()])
        for hit in findings.any_of(recorded_names, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text)
    ):
        for hit in findings.any_of(draft.known.sites, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
            is_recorded = any(name in hit.group() or hit.group() in name for name in recorded_names)
            if not is_recorded and _IN.search(sentence.text[: hit.start()]):
                yield hit.start(), hit.group()


def _where_service_is(draft: Draft, sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Places right behind the service: “Payroll in Wales”."""
    service = draft.recorded.service if draft.recorded is not None else ""
    taken = _taken(draft, sentence)
    for located in _LOCATED.finditer(sentence.text):
        if service and sentence.text[: located.start()].rstrip().endswith(service):
            for hit in _NAMES.finditer(sentence.text, *located.span("names")):
                if _may_be_place(hit, taken):
                    yield hit.start(), hit.group()


def _may_be_place(hit: re.Match[str], taken: Iterable[tuple[int, int]]) -> bool:
    """Whether the name is none of a person, a team, a service, a day, nor an abbreviation."""
    if any(hit.start() < end and start < hit.end() for start, end in taken):
        return False
    return hit.group().casefold() not in _NO_PLACE and not hit.group().isupper() and not _COMMON.fullmatch(hit.group())


def _other_place(
    record: Recorded, sentence: Sentence, start: int, name: str, recorded_names: Iterable[str], *, severity: str
) -> Finding:
    message = f"The record says {record.where}; the text says {name}. Make them the same, or revise the impact."
    missing = tuple(sorted(each for each in recorded_names if each not in sentence.text))
    return _found(sentence, start, name, message=message, severity=severity, rule="place", suggestions=missing[:3])


def _instead(record: Recorded, sentence: Sentence) -> tuple[str, ...]:
    """What may stand in the place of a wrong one: the recorded places that the sentence does not name already."""
    known = sorted(names(record.where), key=record.where.index)
    missing = [name for name in known if name not in sentence.text]
    if len(missing) == len(known):
        return (record.where,)
    return (" and ".join(missing),) if len(missing) in (1, 2) else ()


def _named(draft: Draft, sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Places of the sentence: sites of the organisation anywhere, other names after “in”, “at” and the like."""
    taken = _taken(draft, sentence)
    for hit in findings.any_of(draft.known.sites, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
        taken.append(hit.span())
        yield hit.start(), hit.group()
    for located in _LOCATED.finditer(sentence.text):
        for hit in _NAMES.finditer(sentence.text, *located.span("names")):
            if any(hit.start() < end and start < hit.end() for start, end in taken):
                continue
            if hit.group().casefold() not in _NO_PLACE and not hit.group().isupper():
                yield hit.start(), hit.group()


def _taken(draft: Draft, sentence: Sentence) -> list[tuple[int, int]]:
    """Where services, teams, people and words of the glossary stand, which are no places."""
    other = findings.any_of(
        (*draft.known.services, *draft.known.teams, *draft.known.people, *draft.known.glossary), within=sentence.text
    )
    return [hit.span() for hit in other.finditer(sentence.text)]


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
