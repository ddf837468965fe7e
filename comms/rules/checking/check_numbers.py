"""C11, numbers: how many are affected, as the record says it (domain.md 4.3, DESIGN 1a).

A number of people (or of whatever the record counts) that does not agree with the record stops the message; a number
that the record does not know is named, and may stand. Numbers that count nothing of the impact are passed over.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from typing import Final

from comms.choices import UpdateKind
from comms.rules.checking import amounts, check_parts, check_times, counted_nouns, recorded, sentences, series, shares
from comms.rules.checking.amounts import Amount
from comms.rules.checking.draft import Draft
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from mim_portal.lib.findings import ERROR, WARNING, Finding

# Months by how they begin, in English, German, French and Spanish.
_MONTHS: Final = (
    r"jan|jän|feb|fév|mar|märz|apr|avr|may|mai(?!\w)|jun|juin|jul|juil|aug|août|sep|oct|okt|nov|dec|dez|déc|"
    r"(?:ene(?:ro)?|abr(?:il)?|ago(?:sto)?|dic(?:iembre)?)(?!\w)"
)
# What follows a number that counts nothing of the impact.
_NO_FACT_AFTER: Final = re.compile(
    r"\s*-?\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h\b|days?|weeks?|months?|years?|working days|business days|"
    r"attempts?|times\b|steps?|ways?|options?|teams?|engineers?|updates?|messages?|calls?\b|reports?|tickets?|"
    r"(?:st|nd|rd|th)\b|[ap]\.?m\b|(?:kb|mb|gb|tb|ms|px|kbps|mbps)\b|"
    r"(?:sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|uhr|mal|secondes?|heures?|jours?|semaines?|mois|"
    r"ans|fois|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?|veces|vez)\b|"
    rf"\.?\s*(?:de\s)?(?:{_MONTHS})[^\W\d_]*)",
    re.IGNORECASE,
)
_NO_FACT_BEFORE: Final = re.compile(
    r"(?:\b(?:one|two|three|four|five|six|seven|eight|nine|\d)\s+(?:[a-z]+\s+)?in\s+(?:every\s+)?$|"
    r"\b(?:updates?|steps?|options?|versions?|release|build|error|code|codes|http|status|line|lines|ext\.?|extension|"
    r"number|no\.|room|gate|platform|terminal|page|section|part|phase|tier|level|priority|wave|ring|floor|bay|ward|"
    r"(?:groups|batches|waves|sets|lots|pairs) of|"
    r"windows|ios|android|form|sev|severity|p|v|dial|press|ring|call|on|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|"
    r"aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|(?:raum|zimmer|schritt|fehler|meldung|message|étape|salle|erreur|sala|paso|"
    r"actualización))|#|№)\s*$",
    re.IGNORECASE,
)
# The few who tried it are no part of those who are affected: “confirmed it with three of them”, “two users tested it”.
_WITNESSES: Final = re.compile(r"\b(?:confirm|test|check|verif|tri|ask|spoke)\w*\s(?:\w+\s){0,3}$", re.IGNORECASE)
_WITNESS_AFTER: Final = re.compile(
    r"\s(?:\w+\s){1,3}(?:have |has )?(?:confirm|test|check|verif|tried|submitted|used)\w*\b", re.IGNORECASE
)
_MONEY: Final = re.compile(r"\b([A-Z]{3})\s?$")
# Behind “fourteen (14)” as behind “14”.
_NOUN: Final = re.compile(r"(?:\s*\(\d[\d,.]*\)|\))?\s+([^\W\d_]{4,})")
_NO_NOUNS: Final = frozenset(recorded.stem(each) for each in recorded.listed("this across less always unless does"))
_SHARE_OF: Final = re.compile(r"\s+of\s+(?:(?:all|the|our|its|these|those)\s+){0,2}([^\W\d_]{3,})", re.IGNORECASE)
# The number may be of what is done already, or left to do.
_DONE: Final = re.compile(
    r"\b(?:so far|already|another|more|first|last|left|remain(?:s|ing)?|done|again|(?<!held )back|restored|"
    r"working|works|(?:clear|process|repair|replay|complet|deliver|send|finish|fix|recover|resolv|restart|migrat|handl|test|check)"
    r"(?:e?d|ing|s|es)?|sent|open|every|each)\b",
    re.IGNORECASE,
)
_MANY: Final = 20
_PROGRESS: Final = re.compile(
    r"\s*(?:complete|done|finished|restored|recovered|of the (?:way|rollback|work|restart|recovery)|through)", re.I
)
# “The number is about 1,200”, “1,200 of them”: whatever the record counts.
_THE_COUNT_IS: Final = re.compile(
    r"\b(?:number|count|total|figure)\b[^.\n\d]{0,24}\b(?:is|are|was|now|to|at|of)\s*$|(?:^|\n)[^\w\n]*total\s*[:|=]?\s*$",
    re.IGNORECASE,
)
# “Guests affected: 900”
_AFFECTED_IS: Final = re.compile(
    # “Policyholders | 16,200”, “Users: 2,150”
    r"(?:(?P<noun>\w+)\s+)?\b(?:affected|impacted)\s*[:|]\s*$|(?:^|\n)[^\w\n]*(?:\w+\s+)?(?P<label>(?!affected|impacted)\w+)\s*[:|]\s*$",
    re.IGNORECASE,
)
_OF_THEM: Final = re.compile(r"\s+(?:of (?:them|these|those|you|us)|in (?:all|total)|altogether)\b", re.IGNORECASE)
# “About 900 claims a day”
_PACE: Final = re.compile(
    r"\s+(?:[\w-]+\s+){0,3}?(?:an?|per|each|every)\s+(?:second|minute|hour|day|night|shift|week|month)\b", re.IGNORECASE
)
# “Three more people help tonight”: added to what the record counts.
_MORE: Final = re.compile(r"\s+(?:more|further|additional|extra)\b", re.IGNORECASE)
# “pupils of all 38 schools” are pupils.
_OF_WHAT: Final = re.compile(r"(?<=\w)\s+of\s", re.IGNORECASE)
_DATE: Final = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:de\s)?(?:{_MONTHS})[^\W\d_]*\.?(?:\s+(?:de\s)?\d{{4}})?|\b20\d\d\b|"
    r"\b(?:[01]?\d|2[0-3])\s?h\s?[0-5]\d\b",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?<![\w.])\+?\(?\d[\d ()\-]{7,18}\d(?!\w)")
_CHANGED: Final = re.compile(
    r"\b(?:now|no longer|instead of|rather than|down from|up from|from|was|were|previously|earlier|initially|first|"
    r"(?:we )?said|reported|corrected|increased|fallen|risen|dropped|grown)\b",
    re.IGNORECASE,
)


def numbers(draft: Draft, text: str) -> Iterator[Finding]:
    """C11 for every number of the text that counts something."""
    record = draft.recorded
    if record is None:
        return
    stated = tuple(_amounts(draft, record.count))
    places = check_parts.listed_places(draft)
    kind = _kind_of(_head_of_count(record.count)) or _kind_of(record.who) or "people"
    by_text = [(each, list(_amounts(draft, each))) for each in record.texts]
    said = [(each, amount) for each, several in by_text for amount in several]
    known = {value for _each, amount in said for value in (amount.low, amount.high)}
    written = list(_written(draft, text))
    elsewhere = _counted_elsewhere(said)
    right = [amount.start for amount, about in written if about == kind and _agrees(amount, stated)]
    recorded_shares = shares.said(record.count, said)
    shares_told = [each for _text, each in recorded_shares]
    told = [amount.start for amount, _about in written if amount.is_percent and _agrees(amount, shares_told)]
    noun_at = {amount.start: _noun(text, amount) for amount, _about in written}
    nouns = recorded.content_words(record.count)
    parts = tuple(sentences.statements(text))
    given = {noun_at[each.start] for each, _about in written if _agrees(each, elsewhere.get(noun_at[each.start], ()))}
    parted = shares.parted(text, [amount for amount, _about in written])
    of_shares = shares.of_record(by_text, parted)
    moments, of_moments = series.told(text, (amount for amount, _about in written)), series.recorded(by_text)
    wholes = {whole.start for _part, whole in parted}
    for amount, about in written:
        noun = noun_at[amount.start]
        if amount.start in moments and not _agrees(amount, stated):
            then = [each for each in of_moments.get(moments[amount.start], ()) if each.is_percent == amount.is_percent]
            if then and not _agrees(amount, then):
                yield _contradiction(amount, then[0].text.strip(), then)
            elif not then and {amount.low, amount.high} - known:
                yield _unknown(amount)
        elif (part := of_shares.get(amount.start)) is not None:
            told_of, left = part
            is_right = _agrees(amount, told_of) or (_tells_part(record, parts, amount) and _agrees(amount, left))
            if not is_right and not _is_earlier(draft, parts, amount, right):
                yield _contradiction(amount, told_of[0].text, told_of)
        elif about == kind and not amount.is_percent and any(not each.is_percent for each in stated):
            is_right = _agrees(amount, stated) or _agrees(amount, elsewhere.get(noun, ()))
            is_right = is_right or (noun not in nouns and _is_of_other(amount, known, places))
            # A recorded part of those, or the whole that they are part of: “Leeds (980 pupils)”, “46 of 212 firms”.
            is_smaller = any(amount.high < each.low for each in stated if not each.is_percent)
            is_right = is_right or ({amount.low, amount.high} <= known and (is_smaller or amount.start in wholes))
            others = nouns - {noun} if noun in nouns else frozenset()  # “7,800 students and 410 teachers”
            beside = [start for start in right if noun_at[start] not in others]
            if not is_right and not _is_earlier(draft, parts, amount, beside):
                yield _contradiction(amount, record.count, stated)
        elif amount.is_percent and recorded_shares:
            if shares.is_other(text, amount, recorded_shares):
                yield _unknown(amount)
            elif not _agrees(amount, shares_told) and not _is_earlier(draft, parts, amount, told):
                yield _contradiction(amount, recorded_shares[0][0], shares_told)
        elif {amount.low, amount.high} - known and amount.high > 1:
            whole = elsewhere.get(noun, [])
            # A part may be smaller than the whole; an amount of money is no part.
            is_more = bool(whole) and (noun.isupper() or amount.low > max(each.high for each in whole))
            is_one_kind = counted_nouns.BY_STEM.get(noun, about) == about and amount.start not in wholes
            is_part = _tells_part(record, parts, amount, usual=_done_words(said, noun))
            is_whole = bool(whole) and is_one_kind and noun not in given and not is_part
            if (is_more or is_whole) and not _agrees(amount, whole):
                yield _contradiction(amount, " or ".join(each.text for each in whole), whole)
            else:
                yield _unknown(amount)


def _is_of_other(amount: Amount, known: Set[Decimal], places: int) -> bool:
    """Whether a number is one that the record has of something else than it counts: “23 of them are emergencies”, or
    how many places it lists, in another word than it counts places by.
    """
    return {amount.low, amount.high} <= known or (amount.low == amount.high == places and places > 1)


def counted(draft: Draft, text: str) -> Iterator[tuple[Amount, str]]:
    """The numbers of the text that count something, with what: people, places, machines, else its own noun or currency.

    A share says of what. A pace (“900 claims a day”) counts nothing that another text could be held against.
    """
    for amount, about in _written(draft, text):
        if _PACE.match(text, amount.end):
            continue
        if amount.is_percent:
            of = _SHARE_OF.match(text, amount.end)
            yield amount, f"% {recorded.stem(of[1].casefold())}" if of is not None else "%"
        elif what := about or _noun(text, amount):
            yield amount, what


def _written(draft: Draft, text: str) -> Iterator[tuple[Amount, str]]:
    """The facts of the text, with the kind of what they count as the record means it; nothing where it is none."""
    record = draft.recorded
    who = record.who if record is not None else ""
    people = _kind_of(who) or "people"
    meant = {"counted": (record is not None and _kind_of(_head_of_count(record.count))) or people, "affected": people}
    affected = _head(who)
    for amount in _facts(text if draft.is_english else amounts.as_english(text)):
        about = _kind_after(text, amount, affected=affected)
        yield replace(amount, text=text[amount.start : amount.end]), meant.get(about, about)


def _amounts(draft: Draft, text: str) -> Iterator[Amount]:
    """The numbers of a text of the record, which people write as they write updates."""
    for amount in amounts.amounts(text if draft.is_english else amounts.as_english(text)):
        yield replace(amount, text=text[amount.start : amount.end])


def _head_of_count(count: str) -> str:
    """What the record counts first: “about 1,200” of “about 1,200 (40 % of the stores)”."""
    return re.split(r"[(;]|,\s", count, maxsplit=1)[0]


def _tells_part(record: Recorded, parts: Sequence[Sentence], amount: Amount, *, usual: Set[str] = frozenset()) -> bool:
    """Whether the number is of what is done, or of what is asked for; the words of the harm itself say neither, nor do
    those that the record has with the same number (“410,000 payments declined so far”).
    """
    around = sentences.around(parts, amount.start).text
    harm = recorded.content_words(record.activity) | usual
    return any(recorded.stem(hit.group().casefold()) not in harm for hit in _DONE.finditer(around))


def _counted_elsewhere(said: Iterable[tuple[str, Amount]]) -> dict[str, list[Amount]]:
    """What else the record counts, by noun or currency: “140 machines”, “EUR 180,000”."""
    found: dict[str, list[Amount]] = {}
    for text, amount in said:
        for noun in {_noun(text, amount), _second_noun(text, amount)} - {""}:
            found.setdefault(noun, []).append(amount)
    return found


def _done_words(said: Iterable[tuple[str, Amount]], noun: str) -> frozenset[str]:
    """The words of progress in the texts of the record that count by this noun."""
    texts = {text for text, amount in said if noun in {_noun(text, amount), _second_noun(text, amount)}}
    return frozenset(recorded.stem(hit.group().casefold()) for text in texts for hit in _DONE.finditer(text))


def _second_noun(text: str, amount: Amount) -> str:
    """“order” of “38,600 open orders”."""
    first = _NOUN.match(text, amount.end)
    second = _NOUN.match(text, first.end()) if first is not None and not first[1].endswith("s") else None
    return recorded.stem(second[1].casefold()) if second is not None else ""


def _noun(text: str, amount: Amount) -> str:
    """The currency before a number, or the stem of the word behind it; nothing where neither stands there."""
    money = _MONEY.search(text[max(amount.start - 6, 0) : amount.start])
    if money is not None:
        return money[1]
    after = _NOUN.match(text, amount.end)
    if after is None:
        label = _AFFECTED_IS.search(text[max(amount.start - 40, 0) : amount.start])
        return recorded.stem((label["noun"] or "").casefold()) if label is not None else ""
    noun, following = recorded.stem(after[1].casefold()), _NOUN.match(text, after.end())
    if following is not None and after[1].endswith("ed"):  # “5,200 stored sales”
        noun, following = recorded.stem(following[1].casefold()), _NOUN.match(text, following.end())
    # “twelve late branches”
    head = recorded.stem(following[1].casefold()) if following is not None else ""
    if head in counted_nouns.BY_STEM and noun not in counted_nouns.BY_STEM:
        return head
    # “three order queues”: of two nouns the last one is counted.
    is_compound = head and not after[1].endswith("s") and re.fullmatch(r"[a-z]+s", following[1] if following else "")
    return head if is_compound and head not in _NO_NOUNS and noun not in counted_nouns.BY_STEM else noun


def _facts(text: str) -> Iterator[Amount]:
    """The numbers that may be facts: no times, dates, phone numbers, durations, steps, versions."""
    taken = bytearray(len(text))
    for start, end in (
        *(hit.span() for hit in _DATE.finditer(text)),
        *(hit.span() for hit in _PHONE.finditer(text)),
        *(
            (hit.start(), check_times.zone_end(text, hit.end()) or hit.end())
            for hit in check_times.CLOCK.finditer(text)
        ),
    ):
        taken[start:end] = b"\1" * (end - start)
    for amount in amounts.amounts(text):
        if any(taken[amount.start : amount.end]):
            continue
        before, after = text[max(amount.start - 24, 0) : amount.start], text[amount.end : amount.end + 40]
        if amount.high < _MANY and (_WITNESSES.search(before) or _WITNESS_AFTER.match(after)):
            continue
        if _NO_FACT_AFTER.match(after) or (_NO_FACT_BEFORE.search(before) and not _is_on_places(before, after)):
            continue
        if amount.is_percent and _PROGRESS.match(after):
            continue
        if _begins_line(text, amount.start) and re.match(r"[.)]\s", after):
            continue
        yield amount


def _is_on_places(before: str, after: str) -> bool:
    """“On nineteen wards”, “on 42 departures”: no telephone number, no day."""
    noun = _NOUN.match(after)
    return before.casefold().endswith("on ") and noun is not None and noun[1].endswith("s")


def _begins_line(text: str, start: int) -> bool:
    """Whether nothing but a few spaces stands before it on its line."""
    before = text[max(start - 12, 0) : start].rpartition("\n")
    return not before[2].strip() and (bool(before[1]) or start <= 12)


def _kind_after(text: str, amount: Amount, *, affected: str) -> str:
    """What the number counts, by the words that follow it up to the verb: people, places or machines, or whom the
    record calls affected (the stem of their noun); nothing where none of them stands there, or a pace (“a day”).
    """
    if _PACE.match(text, amount.end) or _MORE.match(text, amount.end):
        return ""
    if _THE_COUNT_IS.search(text[max(amount.start - 40, 0) : amount.start]) or _OF_THEM.match(text, amount.end):
        return "counted"
    listed = _AFFECTED_IS.search(text[max(amount.start - 40, 0) : amount.start])
    if listed is not None and (kind := _kind_of(listed["noun"] or "")):
        return kind
    following = _OF_WHAT.split(shares.NEXT_PART.split(text[amount.end : amount.end + 70])[0])[0]
    words = re.findall(r"[^\W\d_]+", following.casefold())[:5]
    is_affected = any(recorded.stem(word) == affected for word in words)
    if listed is not None and listed["label"] and not words:  # “Policyholders | 16,200”
        is_affected = recorded.stem(listed["label"].casefold()) == affected
        return _kind_of(listed["label"]) or ("affected" if is_affected else "")
    is_counted = listed is not None and not listed["label"]
    return _kind_of(" ".join(words)) or ("affected" if is_affected else "counted" if is_counted else "")


def _head(who: str) -> str:
    """The stem of the noun that says who: “handler” of “claims handlers in the North”."""
    words = re.findall(r"[^\W\d_]+", shares.NEXT_PART.split(re.split(r"\s(?:of|for|on)\s", who)[0])[0].casefold())
    return recorded.stem(words[-1]) if words else ""


def _kind_of(words: str) -> str:
    # “Mitarbeiter der Filialen”, “les employés des magasins” and “empleados de las tiendas” are people.
    head = re.split(r"\s(?:der|des|von|im|du|de|del)\s", words.casefold())[0]
    stems = [recorded.stem(word) for word in re.findall(r"[^\W\d_]+", head) if not word.endswith("ed")]
    # The noun comes last: “store staff”.
    return next((counted_nouns.BY_STEM[name] for name in reversed(stems) if name in counted_nouns.BY_STEM), "")


def _agrees(amount: Amount, stated: Iterable[Amount]) -> bool:
    return any(amounts.agree(amount, each) for each in stated)


def _is_earlier(draft: Draft, parts: Sequence[Sentence], amount: Amount, right: Sequence[int]) -> bool:
    """Whether the number is what was said or true before: a right one begins in the same sentence, or, in a
    correction, anywhere.
    """
    if draft.kind == UpdateKind.CORRECTION and right:
        return True
    around = sentences.around(parts, amount.start)
    is_beside = bisect_left(right, around.start) < bisect_left(right, around.end)
    return is_beside and bool(_CHANGED.search(around.text))


def _contradiction(amount: Amount, count: str, stated: Iterable[Amount]) -> Finding:
    right = next((each.text for each in stated), count)
    return Finding(
        code="C11",
        severity=ERROR,
        message=f"The record says {count}; the text says {amount.text.strip()}. Make them the same, or revise it.",
        start=amount.start,
        end=amount.end,
        text=amount.text,
        suggestions=(like(amount.text, right),),
        rule="count",
    )


def _unknown(amount: Amount) -> Finding:
    message = f"{amount.text.strip()} is not in the record. Is it right? Record it, so that everybody says the same."
    return Finding(
        code="C11",
        severity=WARNING,
        message=message,
        start=amount.start,
        end=amount.end,
        text=amount.text,
        rule="unknown_number",
    )


def like(written: str, right: str) -> str:
    """The right number with a capital where the wrong one began a sentence with one."""
    return right[:1].upper() + right[1:] if written[:1].isupper() else right[:1].lower() + right[1:]
