"""C11, places: where the impact is, and where it is not, as the record says it."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from comms.choices import FINAL_KINDS, UpdateKind
from comms.rules.checking import place_words, recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from incidents.choices import IncidentState
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, WARNING, Finding


def places(draft: Draft, text: str) -> Iterator[Finding]:
    """C11 for the places of the sentences that say who is affected, or who is not."""
    record = draft.recorded
    if record is None or not recorded.content_words(record.where + " " + record.not_affected):
        return
    parts = tuple(sentences.statements(text))
    fields, well = _fields(parts, place_words.WHERE), _fields(parts, place_words.WELL)
    for sentence in parts:
        if tells_of_before(draft, sentence):
            continue
        if sentence in well or _is_unaffected(sentence) or (not _is_back(draft) and _can_do(record, sentence)):
            if sentence in well or not _is_back(draft) or place_words.NEVER_AFFECTED.search(sentence.text):
                yield from _called_unaffected(draft, record, sentence)
            elif place_words.NORMAL_SINCE.search(sentence.text):
                yield from _called_affected(draft, record, sentence)
        elif sentence in fields or tells_harm(draft, sentence):
            yield from _called_affected(draft, record, sentence)
        else:
            yield from _beside_affected(draft, record, sentence)
    yield from _rows(draft, record, parts)


def tells_harm(draft: Draft, sentence: Sentence) -> bool:
    """Whether the sentence says who is affected, or of what."""
    record = draft.recorded
    hurt = place_words.WAS_AFFECTED if draft.kind in FINAL_KINDS else place_words.AFFECTED
    if hurt.search(sentence.text) is not None:
        return True
    return record is not None and (_says_who(record, sentence) or says_what(record, sentence))


def _is_unaffected(sentence: Sentence) -> bool:
    """Whether the sentence says that it is well somewhere, and not only what is open there instead."""
    said = place_words.OPEN_INSTEAD.sub("", sentence.text)
    return place_words.UNAFFECTED.search(said) is not None


def _fields(parts: Iterable[Sentence], heads: re.Pattern[str]) -> frozenset[Sentence]:
    """What stands in a field with such a head, one that says where: in its line, or in the line under its heading."""
    found: set[Sentence] = set()
    is_under = False
    for sentence in parts:
        label = heads.match(sentence.text)
        is_alone = label is not None and label.end() == len(sentence.text)
        if is_under or (label is not None and not is_alone and label.group().rstrip("*_").endswith((":", "?"))):
            found.add(sentence)
        is_under = is_alone
    return frozenset(found)


def _can_do(record: Recorded, sentence: Sentence) -> bool:
    """“The Troy clinic can book”: what the record says that nobody can, and nothing else."""
    able = place_words.CAN.search(sentence.text)
    said = recorded.content_words(able[1]) if able is not None else frozenset()
    return bool(said) and said <= recorded.content_words(record.activity)


def _rows(draft: Draft, record: Recorded, parts: tuple[Sentence, ...]) -> Iterator[Finding]:
    """A site of ours that begins a line of a table whose other lines begin with recorded places."""
    recorded_names, ours = _recorded_names(draft, record), findings.any_of(draft.known.sites, within=draft.body)
    begun = [(each, ours.match(each.text)) for each in parts]
    for before, (sentence, hit), after in zip([None, *begun], begun, [*begun[1:], None], strict=False):
        mates = [each[1].group() for each in (before, after) if each is not None and each[1] is not None]
        if hit is None or hit.end() == len(sentence.text) or not any(mate in recorded_names for mate in mates):
            continue
        if hit.group() in (recorded_names | _well(draft)) or _is_recorded(record, hit.group()):
            continue
        if place_words.UNAFFECTED.search(sentence.text) is None:
            yield _other_place(record, sentence, 0, hit.group(), recorded_names, severity=ERROR)


def stated(draft: Draft, text: str) -> Iterator[tuple[Sentence, bool]]:
    """The sentences of a text that say where it is (true) or where it is not (false); neither where one says both."""
    hurt = place_words.WAS_AFFECTED if draft.kind in FINAL_KINDS else place_words.AFFECTED
    for sentence in sentences.statements(text):
        if tells_of_before(draft, sentence):
            continue
        if place_words.UNAFFECTED.search(sentence.text) is None:
            if hurt.search(sentence.text):
                yield sentence, True
        elif not place_words.AFFECTED.search(place_words.UNAFFECTED.sub("", sentence.text)):
            yield sentence, False


def _is_back(draft: Draft) -> bool:
    """Whether the service works again where it did not."""
    return draft.kind in FINAL_KINDS or draft.state == IncidentState.MONITORING


def tells_of_before(draft: Draft, sentence: Sentence) -> bool:
    """Whether the sentence repeats what was said earlier; in a correction, as whatever it was sent."""
    is_told = draft.kind == UpdateKind.CORRECTION and place_words.TOLD.search(sentence.text) is not None
    return is_told or place_words.SAID.search(sentence.text) is not None


def _says_who(record: Recorded, sentence: Sentence) -> bool:
    """Whether the sentence names those whom the record calls affected, or “all of them”, and where they are."""
    if place_words.REQUEST.match(sentence.text):
        return False
    who = recorded.content_words(f"{record.who} {record.count}")
    before = [
        sentence.text[max(where.start() - 60, 0) : where.start()]
        for pattern in (place_words.LOCATED, place_words.BRACKET)
        for where in pattern.finditer(sentence.text)
    ]
    return any(
        place_words.OF_THEM.search(each) or who & recorded.content_words(" ".join(each.split()[-2:])) for each in before
    )


def says_what(record: Recorded, sentence: Sentence) -> bool:
    """Whether the sentence tells the harm in the record's own words, where they are no “cannot”: “see empty charts”."""
    told = recorded.content_words(record.activity)
    return (
        len(told) > 1
        and not place_words.AFFECTED.search(record.activity)
        and told <= recorded.content_words(sentence.text)
    )


def _called_unaffected(draft: Draft, record: Recorded, sentence: Sentence) -> Iterator[Finding]:
    """A recorded place that the text calls well."""
    if place_words.AFFECTED.search(place_words.UNAFFECTED.sub("", sentence.text)):
        return  # both are said in one sentence: which place belongs to which cannot be told
    hurt = _recorded_names(draft, record) - _well(draft)
    for hit in findings.any_of(hurt, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
        message = f"The record says that {hit.group()} is affected; the text says that it is not."
        yield _found(sentence, hit.start(), hit.group(), message=message, severity=ERROR, rule="affected_place")


def _called_affected(draft: Draft, record: Recorded, sentence: Sentence) -> Iterator[Finding]:
    """A place that the record calls well, or another than it names."""
    well = _well(draft) - _recorded_names(draft, record)
    # Where the text names every recorded place elsewhere and this sentence none and no harm, it most likely calls
    # others well.
    here = {each for each in _recorded_names(draft, record) if each in sentence.text}
    is_sure = bool(here) or place_words.AFFECTED.search(sentence.text) is not None
    is_sure = is_sure or not all(each in draft.body for each in _recorded_names(draft, record))
    for hit in findings.any_of(well, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
        message = f"The record says that {hit.group()} is not affected. Name where it is: {record.where}."
        yield _found(
            sentence,
            hit.start(),
            hit.group(),
            message=message,
            severity=ERROR if is_sure or hit.group() in draft.known.services else WARNING,
            rule="unaffected_place",
            suggestions=_instead(record, sentence),
        )
    if place_words.EVERYWHERE.search(record.where):
        return
    recorded_names = _recorded_names(draft, record)
    listed = dict(_mates(draft, sentence, recorded_names))
    mates = set(listed.values())
    named = dict(_named(draft, sentence)) | listed
    for start, name in sorted(named.items()):
        if name in well or _is_recorded(record, name) or _is_explained(sentence, start, recorded_names):
            continue
        if place_words.HOSTED.search(sentence.text[:start]):
            continue
        is_against = recorded_names and not (
            _may_lie_within(draft, sentence, start, recorded_names)
            or (name not in mates and _may_be_region(draft, name, recorded_names))
        )
        severity = ERROR if is_against else WARNING
        yield _other_place(record, sentence, start, name, recorded_names, severity=severity)


def _beside_affected(draft: Draft, record: Recorded, sentence: Sentence) -> Iterator[Finding]:
    """Of a sentence that tells no harm: another place in one list with the recorded ones, or a site of ours beside
    them, or where the service is. Whoever works on it, or is told of it, may be anywhere.
    """
    recorded_names, said = _recorded_names(draft, record), place_words.QUOTED.sub("", sentence.text)
    if not recorded_names or place_words.EVERYWHERE.search(record.where) or place_words.TELLS.search(said):
        return
    well = _well(draft) - _recorded_names(draft, record)
    mates = dict(_mates(draft, sentence, recorded_names))
    works = draft.kind not in FINAL_KINDS and place_words.WORKS.search(said)
    found = mates | dict(_sites_beside(draft, sentence, recorded_names)) | dict(_where_service_is(draft, sentence))
    for start, name in sorted(found.items()):
        lead = sentence.text[max(start - 60, 0) : start]
        if place_words.AT_WORK.search(lead) or place_words.HOSTED.search(lead):
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
    """What stands in one list with a recorded place: “Leeds and York”. Other languages write their nouns large, so
    that only sites of ours count there.
    """
    yield from _sites_listed(draft, sentence, recorded_names)
    if not draft.is_english:
        return
    taken, ours = _taken(draft, sentence), {*draft.known.sites, *_well(draft)}
    for pattern in (place_words.LIST, place_words.COMMAS):
        for listed in pattern.finditer(sentence.text):
            items = list(place_words.NAMES.finditer(sentence.text, *listed.span()))
            if not any(name in item.group() for item in items for name in recorded_names):
                continue
            for item in items:
                is_sure = pattern is place_words.LIST or item.group() in ours
                if is_sure and not any(name in item.group() for name in recorded_names) and _may_be_place(item, taken):
                    yield item.start(), item.group()


def _sites_listed(draft: Draft, sentence: Sentence, recorded_names: frozenset[str]) -> Iterator[tuple[int, str]]:
    known = findings.any_of({*draft.known.sites, *recorded_names}, within=sentence.text, flags=re.NOFLAG)
    hits = list(known.finditer(sentence.text))
    for one, other in pairwise(hits):
        if not place_words.BETWEEN.fullmatch(sentence.text, one.end(), other.start()):
            continue
        for here, there in ((one, other), (other, one)):
            if there.group() in recorded_names and here.group() not in recorded_names:
                yield here.start(), here.group()


def _well(draft: Draft) -> frozenset[str]:
    """The places that the record calls not affected."""
    said = draft.recorded.not_affected if draft.recorded is not None else ""
    return names(said) | {site for site in draft.known.sites if site in said}


def _may_lie_within(draft: Draft, sentence: Sentence, start: int, recorded_names: Iterable[str]) -> bool:
    """Whether the place may be a part of a recorded one: the sentence names that one before it, and not in one list
    (“Staff in Ireland cannot sign in at Cork”), or calls it a part of what the text says (“most of them in Cork”).
    """
    lead = sentence.text[:start]
    pattern = findings.any_of(recorded_names, within=draft.body, flags=re.NOFLAG)
    if pattern.search(draft.body) and place_words.PART_OF.search(lead):
        return True
    before = list(pattern.finditer(lead))
    return bool(before) and not place_words.JOINED.search(lead[before[-1].end() :])


def _may_be_region(draft: Draft, name: str, recorded_names: Iterable[str]) -> bool:
    """Whether it is none of our sites and the text names every recorded place itself: “down in the Hunter” may be
    what their readers call them together.
    """
    return name not in draft.known.sites and all(each in draft.body for each in recorded_names)


def _sites_beside(draft: Draft, sentence: Sentence, recorded_names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Sites of ours after “in” and the like, where a recorded place stands after one too."""
    if any(
        place_words.IN.search(sentence.text[: hit.start()])
        for hit in findings.any_of(recorded_names, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text)
    ):
        for hit in findings.any_of(draft.known.sites, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
            is_recorded = any(name in hit.group() or hit.group() in name for name in recorded_names)
            if not is_recorded and place_words.IN.search(sentence.text[: hit.start()]):
                yield hit.start(), hit.group()


def _where_service_is(draft: Draft, sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Places right behind the service: “Payroll in Wales”."""
    service = draft.recorded.service if draft.recorded is not None else ""
    taken = _taken(draft, sentence)
    for located in place_words.LOCATED.finditer(sentence.text):
        if service and sentence.text[: located.start()].rstrip().endswith(service):
            for hit in place_words.NAMES.finditer(sentence.text, *located.span("names")):
                if _may_be_place(hit, taken):
                    yield hit.start(), hit.group()


def _may_be_place(hit: re.Match[str], taken: Iterable[tuple[int, int]]) -> bool:
    """Whether the name is none of a person, a team, a service, a day, nor an abbreviation."""
    if any(hit.start() < end and start < hit.end() for start, end in taken):
        return False
    return (
        hit.group().casefold() not in place_words.NO_PLACE
        and not hit.group().isupper()
        and not place_words.COMMON.fullmatch(hit.group())
    )


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
    for located in place_words.LOCATED.finditer(sentence.text):
        for hit in place_words.NAMES.finditer(sentence.text, *located.span("names")):
            if any(hit.start() < end and start < hit.end() for start, end in taken):
                continue
            if hit.group().casefold() not in place_words.NO_PLACE and not hit.group().isupper():
                yield hit.start(), hit.group()


def _taken(draft: Draft, sentence: Sentence) -> list[tuple[int, int]]:
    """Where services, teams, people and words of the glossary stand, which are no places."""
    other = findings.any_of(
        (*draft.known.services, *draft.known.teams, *draft.known.people, *draft.known.glossary), within=sentence.text
    )
    return [hit.span() for hit in other.finditer(sentence.text)]


def _is_explained(sentence: Sentence, start: int, recorded_names: frozenset[str]) -> bool:
    """Whether the recorded places follow in brackets: “in France and Belgium (Lyon and Ghent)”."""
    after = place_words.IN_BRACKETS.match(sentence.text, start)
    return after is not None and any(name in after["inside"] for name in recorded_names)


def names(text: str) -> frozenset[str]:
    """The names in a text: words with a capital. The first word of a text is one only where it is no common word."""
    return frozenset(
        hit.group()
        for hit in place_words.NAMES.finditer(text)
        if hit.group().casefold() not in place_words.NO_PLACE and not place_words.COMMON.fullmatch(hit.group())
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
