"""C11, what the record counts beside people: how many places it lists, and how much money it names."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import amounts
from comms.rules.checking.places import check_places, place_words
from comms.rules.checking.sentences import Sentence
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, Finding

_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        (
            *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
        ),
        start=2,
    )
}
_KINDS_OF_PLACE: Final = (
    r"(?P<noun>sites|stores|shops|branches|offices|depots|warehouses|hospitals|clinics|wards|schools|campuses|plants|"
    r"factories|stations|locations|countries|regions|counties|cities|towns|buildings|hotels|terminals|airports|ports|"
    r"cent(?:re|er)s|states|provinces|districts|boroughs|areas|markets|zones)"
)
# “Two of four regions”, “three of our terminals”, “four hospitals”
_SO_MANY_PLACES: Final = re.compile(
    rf"(?<![\w.,:/-])(?P<number>{'|'.join(_NUMBERS)}|1[0-5]|[2-9])\s+"
    rf"(?:of\s+(?:(?:the|our|all|its)\s+){{0,2}}(?:(?:{'|'.join(_NUMBERS)}|\d{{1,3}})\s+)?)?(?:[a-z]+\s)?"
    rf"{_KINDS_OF_PLACE}\b",
    re.IGNORECASE,
)
# “At three campuses: Riverside, Hillcrest and City.”; what goes on behind the names may name more.
_SO_MANY_NAMED: Final = re.compile(
    rf"(?<![\w.,:/-])(?<!of )(?<!of the )(?<!of our )(?<!of all )(?<!of its )(?<!other )"
    rf"(?P<number>{'|'.join(_NUMBERS)}|1[0-5]|[2-9])\s+(?:[a-z]+\s)?"
    rf"{_KINDS_OF_PLACE}\s*(?:[:,(]|,?\s+(?:namely|that is))\s*"
    rf"(?P<names>(?:the\s+)?(?-i:{place_words.NAME})(?:,\s+(?:the\s+)?(?-i:{place_words.NAME}))*,?\s+and\s+"
    rf"(?:the\s+)?(?-i:{place_words.NAME}))(?=\s*(?:[.;:)\n]|$)|\s+(?:cannot|have|are|is|since|who|which|can)\b)",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"(?:\bof\s+|\bof (?:the|our|all) |\bout of\s+|[–-]\s?|\b(?:other|further|more|up to)\s)$", re.I
)
_PARTED: Final = re.compile(
    r"\b(?:other|more|further|another|already|again|so far|back|working|works|restored|left|remaining|reached|"
    r"each|every)\b",
    re.IGNORECASE,
)
_ITEMS: Final = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+(?:the\s+)?|\s*&\s*")
_FRACTIONS: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_SMALL: Final = r"one|two|three|four|five|six|seven|eight|nine|ten|twenty|\d{1,2}"
_FRACTION: Final = re.compile(
    rf"(?<![\w.,:/-])(?<!\band an )(?<!\band a )(?P<share>"
    rf"(?P<part>{_SMALL})\s+(?:(?P<what>[a-z]{{3,}})\s+)?in\s+(?:every\s+)?(?P<whole>{_SMALL}|hundred|100)(?![\w:.,]\d)|"
    rf"(?:(?P<many>{_SMALL})[\s-]+(?P<units>halves|(?:third|quarter|fifth|sixth|eighth|tenth)s?)|"
    r"(?<!\band )(?:an?\s+)?(?P<unit>half|(?:third|quarter|fifth|sixth|eighth|tenth))))\b"
    r"(?!\s+(?:past|to|an?|the way|hour|day|hourly|dozen|of an hour|million|thousand)\b|-)"
    r"(?:\s+(?:of\s+)?(?:(?:all|the|our|its|their|th[eo]se|this|[a-z]+['’]s|\d[\d,]*)\s+){0,4}(?P<of>[a-z-]{3,}))?",
    re.IGNORECASE,
)
# “31 of 48 nodes rebuilt; the other 17”, “nine of fourteen; five remain”, “55 of 92 at 04:20, which leaves 37”
_COUNT: Final = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{'|'.join(_NUMBERS)})\b)"
# “Three of eight fail. The first is back; the other two are not.”
_FIRST_DONE: Final = re.compile(r"\b(?:the first|one)\b(?=\s+(?:of\s+them\s+)?(?:was|is|has|had))", re.IGNORECASE)
_REST: Final = re.compile(
    rf"(?<![\w.,:/-])(?P<part>{_COUNT})\s+(?:out\s+)?of\s+(?:(?:the|our|all)\s+)?(?P<whole>{_COUNT})\b(?:(?!\sof\s+\d)[^\n]){{0,90}}?"
    rf"(?:\b(?:the\s+(?:other|remaining)|(?:which|that)\s+leaves|leaving)\s+(?P<left>{_COUNT})(?![\w.,:%/-]*\d|\s+of\b)"
    rf"|(?<![\w.,:/-])(?P<left_too>{_COUNT})\s+(?:remain|are\s+left|to\s+go)\b)",
    re.IGNORECASE,
)
_COUNTED_PART: Final = re.compile(
    r"(?<![\w.,])(?P<part>\d[\d,]*)\s+(?:out\s+)?of\s+(?:(?:the|our|all|its)\s+)?(?P<whole>\d[\d,]*)\s+"
    r"(?P<of>[a-z-]{3,})",
    re.IGNORECASE,
)
_NEAR: Final = 8  # points of a per cent: “one in four” is 20 to 25 %
_MONEY: Final = re.compile(
    r"(?P<symbol>[£$€¥])\s?(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:\s?(?P<scale>k|m|bn|thousand|million|billion)\b)?",
    re.IGNORECASE,
)
_SCALES: Final = {
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "million": 1_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}


def so_many_places(draft: Draft, text: str) -> Iterator[Finding]:
    """“Four hospitals” where the record lists two. Only where it counts none of that kind itself, and of those who are
    affected: a part of them may be told of too.
    """
    record = draft.recorded
    listed = listed_places(draft) if record is not None and draft.is_english else 0
    if record is None or listed < 2:
        return
    said = record.folded
    for sentence in sentences.statements(text):
        if not check_places.tells_harm(draft, sentence) or check_places.tells_of_before(draft, sentence):
            continue
        for hit in _SO_MANY_PLACES.finditer(sentence.text):
            number = _so_many(hit)
            if number == listed or hit["noun"].casefold() in said or _is_part(sentence, hit):
                continue
            message = f"The record names {record.where}; the text says {hit['number']} {hit['noun']}."
            yield findings.at(
                hit,
                code="C11",
                severity=ERROR,
                message=message,
                suggestions=(next((word for word, each in _NUMBERS.items() if each == listed), str(listed)),),
                rule="places_counted",
                offset=sentence.start,
                group="number",
            )


def so_many_named(draft: Draft, text: str) -> Iterator[Finding]:
    """“Three hospitals, Leeds and York”: how many it says, and then names."""
    if draft.recorded is None or not draft.is_english:
        return
    for hit in _SO_MANY_NAMED.finditer(text):
        number = _so_many(hit)
        names = [each for each in _ITEMS.split(hit["names"]) if each.strip()]
        if number == len(names):
            continue
        message = f"The text says {hit['number']} {hit['noun']} and names {len(names)}. Which is right?"
        yield findings.at(hit, code="C11", severity=ERROR, message=message, rule="places_named", group="number")


def _so_many(hit: re.Match[str]) -> int:
    return _NUMBERS.get(hit["number"].casefold()) or int(hit["number"])


def _is_part(sentence: Sentence, hit: re.Match[str]) -> bool:
    return _PARTED.search(sentence.text) is not None or _BEFORE.search(sentence.text[: hit.start()]) is not None


def listed_places(draft: Draft) -> int:
    """How many places the record names, where it names nothing else; 0 where that cannot be told."""
    where = draft.recorded.where if draft.recorded is not None else ""
    items = [each for each in _ITEMS.split(re.sub(r"\([^()]*\)", "", where)) if each.strip()]
    are_names = all(each in draft.known.sites or re.search(r"(?:^|\s)[A-ZÀ-ÖØ-Þ]", each) for each in items)
    return len(items) if are_names and not re.search(r"\d", where) else 0


def fractions(draft: Draft, text: str) -> Iterator[Finding]:
    """“Seven in ten”, “two thirds of the machines”, where the record has another share: of whoever is affected, or of
    what the record's own share is of. How far the work has come is none.
    """
    record = draft.recorded
    if record is None or not draft.is_english:
        return
    said = " ; ".join(record.texts)
    stated = [(hit.group(), _share(hit)) for hit in _FRACTION.finditer(said)]
    stated += [
        (each.text.strip(), (each.low + each.high) / 2)
        for every in record.texts
        for each in amounts.amounts(every)
        if each.is_percent
    ]
    counted, nameless = _counted_parts(record.texts), list[tuple[str, Decimal]]()
    for hit in _FRACTION.finditer(said):
        if what := _of_what(hit):
            counted.setdefault(what, []).append((hit.group(), _share(hit)))
        else:
            nameless.append((hit.group(), _share(hit)))
    on_record, told = ([_share(hit) for hit in _FRACTION.finditer(each) if hit["whole"]] for each in (said, text))
    is_left_out = len(on_record) == 1 and not any(abs(share - on_record[0]) <= _NEAR for share in told)
    for sentence in sentences.statements(text):
        is_harm = check_places.tells_harm(draft, sentence) and not check_places.tells_of_before(draft, sentence)
        for hit in _FRACTION.finditer(sentence.text):
            is_harm_told = (is_harm or (is_left_out and bool(hit["whole"]))) and not _PARTED.search(sentence.text)
            is_told = _of_what(hit) in counted or is_harm_told
            named = counted.get(_of_what(hit))
            right = named or stated
            is_right = any(abs(_share(hit) - share) <= _NEAR for _text, share in right)
            # “2,900 pupils (one third)”, beside “8,700 of 14,500 pupils”
            is_right = is_right or any(abs(_share(hit) - share) < 1 for _text, share in nameless)
            if not right or not is_told or is_right:
                continue
            yield findings.at(
                hit,
                code="C11",
                severity=ERROR,
                message=f"The record says {right[0][0]}; the text says {hit['share']}.",
                suggestions=(right[0][0],),
                rule="share",
                offset=sentence.start,
                group="share",
            )


def rest(draft: Draft, text: str) -> Iterator[Finding]:
    """“31 of 48 are rebuilt; the other 27 follow”: what is left of a whole that the same lines part."""
    if draft.recorded is None or not draft.is_english:
        return
    known = {each.low for said in draft.recorded.texts for each in amounts.amounts(said)}
    for hit in _REST.finditer(text):
        name = "left" if hit["left"] else "left_too"
        part, whole, left = (_digits(hit[each]) for each in ("part", "whole", name))
        if not 0 < part < whole or left == whole - part or left in known:
            continue
        if left == part - 1 and _FIRST_DONE.search(hit.group()):
            continue
        right = f"{whole - part:,}"
        message = f"{hit['part']} of {hit['whole']} leave {right}; the text says {hit[name]}."
        yield findings.at(
            hit, code="C11", severity=ERROR, message=message, suggestions=(right,), rule="rest", group=name
        )


def _of_what(hit: re.Match[str]) -> str:
    """What the share is of: “machine” of “two thirds of the machines”, “call” of “one call in five”."""
    return (hit["what"] or hit["of"] or "").casefold().removesuffix("s")


def _counted_parts(texts: tuple[str, ...]) -> dict[str, list[tuple[str, Decimal]]]:
    """“64 of 96 kiosks”, as the record counts a part of a whole: what per cent of which."""
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for hit in _COUNTED_PART.finditer(" ; ".join(texts)):
        part, whole = (amounts.read(hit[name]) or Decimal(0) for name in ("part", "whole"))
        if 0 < part < whole:
            found.setdefault(hit["of"].casefold().removesuffix("s"), []).append((hit.group(), 100 * part / whole))
    return found


def _share(hit: re.Match[str]) -> Decimal:
    """What per cent it is."""
    if hit["whole"]:
        part, whole = (_digits(hit[name]) for name in ("part", "whole"))
        return 100 * part / whole if whole else Decimal(0)
    many = _digits(hit["many"]) if hit["many"] else Decimal(1)
    unit = (hit["units"] or hit["unit"]).casefold()
    return 100 * many / _FRACTIONS[unit.removesuffix("s").replace("halve", "half")]


def _digits(number: str) -> Decimal:
    return amounts.read(number) or Decimal(1)


def money(draft: Draft, text: str) -> Iterator[Finding]:
    """Another amount than the record names in the same currency. An amount of money is no part."""
    record = draft.recorded
    if record is None or not draft.is_english:
        return
    stated: dict[str, list[tuple[str, Decimal]]] = {}
    for hit in _MONEY.finditer(" ; ".join(record.texts)):
        stated.setdefault(hit["symbol"], []).append((hit.group(), _value(hit)))
    for hit in _MONEY.finditer(text):
        known = stated.get(hit["symbol"], [])
        if not known or any(abs(_value(hit) - value) * 20 <= value for _text, value in known):
            continue
        said = " or ".join(each for each, _value_of in known)
        message = f"The record says {said}; the text says {hit.group()}. Make them the same, or revise it."
        yield findings.at(hit, code="C11", severity=ERROR, message=message, suggestions=(known[0][0],), rule="money")


def _value(hit: re.Match[str]) -> Decimal:
    number = amounts.read(hit["number"]) or Decimal(0)
    return number * _SCALES.get((hit["scale"] or "").casefold(), 1)
