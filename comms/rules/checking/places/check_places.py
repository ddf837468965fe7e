"""C11, places: where the impact is, and where it is not, as the record says it."""

import re
from collections.abc import Iterable, Iterator

from comms.choices import FINAL_KINDS, UpdateKind
from comms.rules.checking import recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.places import place_names, place_words
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
    parts = tuple(_brackets_apart(sentences.statements(text)))
    fields, well = _fields(parts, place_words.WHERE), _fields(parts, place_words.WELL)
    for sentence in parts:
        if tells_of_before(draft, sentence) or sentence.text.endswith("?"):
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


def _brackets_apart(parts: Iterable[Sentence]) -> Iterator[Sentence]:
    """“Rocklea (Yatala is fine)” says two things: what brackets call well is a statement of its own."""
    for part in parts:
        rest = part.text
        for bracket in place_words.BRACKETED.finditer(part.text):
            if place_words.UNAFFECTED.search(bracket["inside"]) is not None:
                yield Sentence(bracket["inside"], part.start + bracket.start("inside"))
                rest = rest[: bracket.start()] + " " * len(bracket.group()) + rest[bracket.end() :]
        if rest.strip():
            yield Sentence(rest, part.start)


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
    recorded_names, ours = place_names.recorded(draft, record), findings.any_of(draft.known.sites, within=draft.body)
    begun = [(each, ours.match(each.text)) for each in parts]
    for before, (sentence, hit), after in zip([None, *begun], begun, [*begun[1:], None], strict=False):
        mates = [each[1].group() for each in (before, after) if each is not None and each[1] is not None]
        if hit is None or hit.end() == len(sentence.text) or not any(mate in recorded_names for mate in mates):
            continue
        if hit.group() in (recorded_names | place_names.well(draft)) or _is_recorded(record, hit.group()):
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
    hurt = place_names.recorded(draft, record) - place_names.well(draft)
    begin = _clause_called_well(sentence.text)
    for hit in findings.any_of(hurt, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text, begin):
        message = f"The record says that {hit.group()} is affected; the text says that it is not."
        yield _found(sentence, hit.start(), hit.group(), message=message, severity=ERROR, rule="affected_place")


def _clause_called_well(text: str) -> int:
    """Where the clause begins that calls something well: “Leeds has parts, and | York is running normally”."""
    well = place_words.UNAFFECTED.search(text)
    turns = list(place_words.NEXT_CLAUSE.finditer(text, 0, well.start())) if well is not None else []
    return turns[-1].end() if turns and place_words.HAS_VERB.search(text, 0, turns[-1].start()) else 0


def _called_affected(draft: Draft, record: Recorded, sentence: Sentence) -> Iterator[Finding]:
    """A place that the record calls well, or another than it names."""
    well = place_names.well(draft) - place_names.recorded(draft, record)
    # Where the text names every recorded place elsewhere and this sentence none and no harm, it most likely calls
    # others well.
    here = {each for each in place_names.recorded(draft, record) if each in sentence.text}
    is_sure = bool(here) or place_words.AFFECTED.search(sentence.text) is not None
    is_sure = is_sure or not all(each in draft.body for each in place_names.recorded(draft, record))
    for hit in findings.any_of(well, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
        if place_words.DESTINED.search(sentence.text, 0, hit.start()) or (
            hit.group() in draft.known.services and place_words.PLEASE.search(sentence.text)
        ):
            continue
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
    recorded_names = place_names.recorded(draft, record)
    listed = dict(place_names.beside_recorded(draft, sentence, recorded_names))
    mates = set(listed.values())
    named = dict(place_names.named(draft, sentence)) | listed
    for start, name in sorted(named.items()):
        if name in well or _is_recorded(record, name) or _is_explained(sentence, start, recorded_names):
            continue
        if place_words.HOSTED.search(sentence.text[:start]) and not place_words.WHOSE.search(sentence.text[:start]):
            continue
        is_against = recorded_names and not (
            (name not in mates and _may_lie_within(draft, sentence, start, recorded_names))
            or (name not in mates and _may_be_region(draft, name, recorded_names))
        )
        severity = ERROR if is_against else WARNING
        yield _other_place(record, sentence, start, name, recorded_names, severity=severity)


def _beside_affected(draft: Draft, record: Recorded, sentence: Sentence) -> Iterator[Finding]:
    """Of a sentence that tells no harm: another place in one list with the recorded ones, or a site of ours beside
    them, or where the service is. Whoever works on it, or is told of it, may be anywhere.
    """
    recorded_names, said = place_names.recorded(draft, record), place_words.QUOTED.sub("", sentence.text)
    if not recorded_names or place_words.EVERYWHERE.search(record.where) or place_words.TELLS.search(said):
        return
    well = place_names.well(draft) - place_names.recorded(draft, record)
    mates = dict(place_names.beside_recorded(draft, sentence, recorded_names))
    works = draft.kind not in FINAL_KINDS and place_words.WORKS.search(said)
    found = (
        mates
        | dict(place_names.sites_after_in(draft, sentence, recorded_names))
        | dict(place_names.behind_service(draft, sentence))
    )
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


def _other_place(
    record: Recorded, sentence: Sentence, start: int, name: str, recorded_names: Iterable[str], *, severity: str
) -> Finding:
    message = f"The record says {record.where}; the text says {name}. Make them the same, or revise the impact."
    missing = tuple(sorted(each for each in recorded_names if each not in sentence.text))
    return _found(sentence, start, name, message=message, severity=severity, rule="place", suggestions=missing[:3])


def _instead(record: Recorded, sentence: Sentence) -> tuple[str, ...]:
    """What may stand in the place of a wrong one: the recorded places that the sentence does not name already."""
    known = sorted(place_names.names(record.where), key=record.where.index)
    missing = [name for name in known if name not in sentence.text]
    if len(missing) == len(known):
        return (record.where,)
    return (" and ".join(missing),) if len(missing) in (1, 2) else ()


def _is_explained(sentence: Sentence, start: int, recorded_names: frozenset[str]) -> bool:
    """Whether the recorded places follow in brackets: “in France and Belgium (Lyon and Ghent)”."""
    after = place_words.IN_BRACKETS.match(sentence.text, start)
    return after is not None and any(name in after["inside"] for name in recorded_names)


def _is_recorded(record: Recorded, name: str) -> bool:
    return name.casefold() in record.folded


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
