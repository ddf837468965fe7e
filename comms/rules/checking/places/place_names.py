"""The places that a message and its record name (C11): words with a capital where a place may stand."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from comms.rules.checking.draft import Draft
from comms.rules.checking.places import place_words
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from mim_portal.lib import findings


def recorded(draft: Draft, record: Recorded) -> frozenset[str]:
    """The places where the record says that it is."""
    return names(record.where) | {site for site in draft.known.sites if site in record.where}


def beside_recorded(draft: Draft, sentence: Sentence, recorded_names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """What stands in one list with a recorded place: “Leeds and York”. Other languages write their nouns large, so
    that only sites of ours count there.
    """
    yield from _sites_listed(draft, sentence, recorded_names)
    if not draft.is_english:
        return
    taken, ours = _taken(draft, sentence), {*draft.known.sites, *well(draft)}
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


def well(draft: Draft) -> frozenset[str]:
    """The places that the record calls not affected."""
    said = draft.recorded.not_affected if draft.recorded is not None else ""
    found = {site for site in draft.known.sites if site in said}
    for service in draft.known.services:  # “Click and Collect” is one name
        if service in said:
            found.add(service)
            said = said.replace(service, "")
    return names(said) | found


def sites_after_in(draft: Draft, sentence: Sentence, recorded_names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Sites of ours after “in” and the like, where a recorded place stands after one too."""
    if any(
        place_words.IN.search(sentence.text[: hit.start()])
        for hit in findings.any_of(recorded_names, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text)
    ):
        for hit in findings.any_of(draft.known.sites, within=sentence.text, flags=re.NOFLAG).finditer(sentence.text):
            is_recorded = any(name in hit.group() or hit.group() in name for name in recorded_names)
            if not is_recorded and place_words.IN.search(sentence.text[: hit.start()]):
                yield hit.start(), hit.group()


def behind_service(draft: Draft, sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Places right behind the service: “Payroll in Wales”."""
    service = draft.recorded.service if draft.recorded is not None else ""
    taken = _taken(draft, sentence)
    ours = findings.any_of(draft.known.sites, within=sentence.text, flags=re.NOFLAG)
    for hit in ours.finditer(sentence.text):
        if service and place_words.BEHIND_COMMA.fullmatch(sentence.text[: hit.start()].rpartition(service)[2]):
            yield hit.start(), hit.group()
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


def named(draft: Draft, sentence: Sentence) -> Iterator[tuple[int, str]]:
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


def names(text: str) -> frozenset[str]:
    """The names in a text: words with a capital. The first word of a text is one only where it is no common word."""
    return frozenset(
        hit.group()
        for hit in place_words.NAMES.finditer(text)
        if hit.group().casefold() not in place_words.NO_PLACE and not place_words.COMMON.fullmatch(hit.group())
    )
