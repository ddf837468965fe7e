"""C30, inconsistent between audiences: the texts of one message say the same numbers and places (domain.md 3.3).

A text that merely says less than another agrees with it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from comms.choices import AudienceCode
from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import amounts, check_numbers, written_numbers
from comms.rules.checking.numbers.amounts import Amount
from comms.rules.checking.places import check_places, place_names
from comms.rules.texts import CORE
from mim_portal.lib import findings
from mim_portal.lib.findings import WARNING, Finding

RULE: Final = "inconsistent_between_audiences"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A number or a name, and where it stands in its text."""

    part: str
    start: int
    text: str
    amount: Amount | None = None
    places: frozenset[str] = frozenset()  # of a number: the places of its sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one of the texts says: numbers by what they count, places by whether they are affected."""

    readers: str
    audience: str
    numbers: Mapping[str, list[_Said]]
    hurt: Mapping[str, _Said] = field(default_factory=dict)
    well: Mapping[str, _Said] = field(default_factory=dict)


def between(texts: Mapping[str, Draft]) -> Iterator[Finding]:
    """What a text says otherwise than the first one that speaks of it, as the page has them: the core text first."""
    if len(texts) < 2:
        return
    shared = _shared(texts)
    read = [_read(audience, draft, shared=shared) for audience, draft in texts.items()]
    groups = _peers(next(iter(texts.values())))
    for at, later in enumerate(read):
        yield from _numbers(read[:at], later)
        yield from _places(read[:at], later, groups=groups)


def _numbers(before: list[_Read], later: _Read) -> Iterator[Finding]:
    for what, here in later.numbers.items():
        earlier = next((each for each in before if what in each.numbers), None)
        if earlier is None:
            continue
        there = earlier.numbers[what]
        if not any(_may_be_one(one, other) for one in here for other in there):
            yield _found(later, here[0], earlier, there[0])


def _may_be_one(one: _Said, other: _Said) -> bool:
    """Whether two numbers agree, or the smaller one is of a part of the places that the greater one is of."""
    assert one.amount is not None
    assert other.amount is not None
    if amounts.agree(one.amount, other.amount) or amounts.agree(other.amount, one.amount):
        return True
    part, whole = (one, other) if one.amount.high < other.amount.high else (other, one)
    return bool(part.places) and part.places < whole.places


def _places(before: list[_Read], later: _Read, *, groups: tuple[frozenset[str], ...]) -> Iterator[Finding]:
    """A place that is affected in one text and well in another; else places of which each text names its own."""
    told: set[str] = set()
    for earlier in before:
        for here, there in ((later.hurt, earlier.well), (later.well, earlier.hurt)):
            for name in here.keys() & there.keys() - told:
                told.add(name)
                yield _opposed(later, here[name], earlier, is_hurt=here is later.hurt)
    for peers in groups:
        here = {name: said for name, said in later.hurt.items() if name in peers}
        spoke = next((each for each in before if each.hurt.keys() & peers), None)
        if spoke is None:
            continue
        there = {name: said for name, said in spoke.hurt.items() if name in peers}
        only = here.keys() - there.keys() - told
        if only and there.keys() - here.keys():
            told |= only
            first = min((here[name] for name in only), key=lambda said: said.start)
            missing = min((there[name] for name in there.keys() - here.keys()), key=lambda said: said.start)
            yield _found(later, first, spoke, missing)


def _read(audience: str, draft: Draft, *, shared: frozenset[str]) -> _Read:
    numbers: dict[str, list[_Said]] = {}
    hurt: dict[str, _Said] = {}
    well: dict[str, _Said] = {}
    for part, text in (("subject", draft.subject), ("body", draft.body)):
        if part in shared:
            continue
        names = findings.any_of(frozenset().union(*_peers(draft)), within=text, flags=re.NOFLAG)
        parts = tuple(sentences.statements(text))
        for amount, what in written_numbers.counted(draft, text):
            around = sentences.around(parts, amount.start).text
            said = _Said(
                part=part,
                start=amount.start,
                text=text[amount.start : amount.end],
                amount=amount,
                places=frozenset(names.findall(around)),
            )
            numbers.setdefault(what, []).append(said)
        for sentence, is_hurt in check_places.stated(draft, text):
            for hit in names.finditer(sentence.text):
                said = _Said(part=part, start=sentence.start + hit.start(), text=hit.group())
                (hurt if is_hurt else well).setdefault(hit.group(), said)
    return _Read(readers=_readers(audience, draft), audience=audience, numbers=numbers, hurt=hurt, well=well)


def _shared(texts: Mapping[str, Draft]) -> frozenset[str]:
    """Parts that all texts have in common say nothing different."""
    return frozenset(part for part in ("subject", "body") if len({getattr(each, part) for each in texts.values()}) == 1)


def _peers(draft: Draft) -> tuple[frozenset[str], ...]:
    """Names that stand beside each other: the organisation's sites, and the places of the record.

    A site and the country around it are compared with nothing: “Dublin” may be all that “Ireland” means.
    """
    record = draft.recorded
    where = place_names.names(record.where) | place_names.names(record.not_affected) if record is not None else ()
    return frozenset(draft.known.sites), frozenset(where)


def _readers(audience: str, draft: Draft) -> str:
    """Whose text it is, as the page calls them."""
    if audience == CORE:
        if len(draft.audiences) != 1:
            return "everybody else"
        (audience,) = draft.audiences
    if audience in AudienceCode.values:
        return str(AudienceCode(audience).label)
    return audience.replace("_", " ").capitalize()


def _found(later: _Read, here: _Said, earlier: _Read, there: _Said) -> Finding:
    message = (
        f"The text for {later.readers} says {here.text.strip()}, the one for {earlier.readers} says"
        f" {there.text.strip()}. Make them agree, or say in each what it counts."
    )
    right = check_numbers.like(here.text, there.text) if here.amount is not None else there.text
    return _at(later, here, message=message, suggestions=(right,))


def _opposed(later: _Read, here: _Said, earlier: _Read, *, is_hurt: bool) -> Finding:
    one, other = ("is affected", "is not") if is_hurt else ("is not affected", "it is")
    message = (
        f"The text for {later.readers} says that {here.text} {one}, the one for {earlier.readers} that {other}."
        " Say the same in both."
    )
    return _at(later, here, message=message)


def _at(later: _Read, here: _Said, *, message: str, suggestions: tuple[str, ...] = ()) -> Finding:
    return Finding(
        code="C30",
        severity=WARNING,
        message=message,
        field=here.part,
        start=here.start,
        end=here.start + len(here.text),
        text=here.text,
        suggestions=suggestions,
        rule=RULE,
        audience=later.audience,
    )
