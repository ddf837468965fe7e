"""The numbers of a message that may be facts of the impact, and what each of them counts."""

import re
from collections.abc import Iterator, Set
from dataclasses import replace
from typing import Final

from comms.rules.checking import recorded
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import amounts, counted_nouns, shares
from comms.rules.checking.numbers.amounts import Amount
from comms.rules.checking.times import check_times

# Months in English, German, French and Spanish, whole or cut: no “marks”, “decisions”, “markets”.
_MONTHS: Final = (
    r"(?:jan(?:uary|uar|vier)?|jän(?:ner)?|feb(?:ruary|ruar|rero)?|fév(?:rier)?|mar(?:ch|s|zo)?|märz|apr(?:il)?|avr(?:il)?|"
    r"may|mai|mayo|june?|juni|junio|juin|july?|juli|julio|juil(?:let)?|aug(?:ust)?|août|sept?(?:ember|embre|iembre)?|"
    r"oct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|embre|iembre)?|dec(?:ember)?|dez(?:ember)?|déc(?:embre)?|"
    r"ene(?:ro)?|abr(?:il)?|ago(?:sto)?|dic(?:iembre)?)(?![^\W\d_])"
)

# What follows a number that counts nothing of the impact.
_NO_FACT_AFTER: Final = re.compile(
    r"\s*-?\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h\b|days?|weeks?|months?|years?|working days|business days|"
    r"attempts?|times\b|steps?|ways?|options?|teams?|engineers?|updates?|messages?|calls?\b|reports?|tickets\b|ticket\b(?!\s\w+s\b)|"
    r"(?:st|nd|rd|th)\b|[ap]\.?m\b|(?:kb|mb|gb|tb|ms|px|kbps|mbps)\b|"
    r"(?:sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|uhr|mal|secondes?|heures?|jours?|semaines?|mois|"
    r"ans|fois|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?|veces|vez)\b|"
    rf"\.?\s*(?:de\s)?{_MONTHS})",
    re.IGNORECASE,
)

_REPORTS: Final = re.compile(r"\s+(calls?|messages?|reports?|updates?|tickets?)\b(?!\s\w+s\b)", re.IGNORECASE)

_NO_FACT_BEFORE: Final = re.compile(
    r"(?:\b(?:one|two|three|four|five|six|seven|eight|nine|\d)\s+(?:[a-z]+\s+)?in\s+(?:every\s+)?$|"
    r"\b(?:updates?|steps?|options?|versions?|release|build|error|code|codes|http|status|line|lines|ext\.?|extension|"
    r"number|no\.|room|gate|platform|terminal|page|section|part|phase|tier|level|priority|wave|ring|floor|bay|ward|"
    r"(?:groups|batches|waves|sets|lots|pairs) of|"
    r"windows|ios|android|form|sev|severity|p|v|dial|press|ring|call|on|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:raum|zimmer|schritt|fehler|meldung|message|étape|salle|erreur|sala|paso|"
    r"actualización))|#|№)\s*$",
    re.IGNORECASE,
)

# The few who tried it are no part of those who are affected: “confirmed it with three of them”, “two users tested it”.
_WITNESSES: Final = re.compile(
    r"\b(?:(?:confirm|test|check(?!out|-?in\b)|verif|ask|spoke)\w*|tried|trial)\s(?:\w+\s){0,3}$", re.IGNORECASE
)

_WITNESS_AFTER: Final = re.compile(
    r"\s(?:\w+\s){1,3}(?:have |has )?(?:confirm|test|check(?!out|-?in\b)|verif|tried|submitted|used)\w*\b",
    re.IGNORECASE,
)

_MONEY: Final = re.compile(r"\b([A-Z]{3})\s?$")

# Behind “fourteen (14)” as behind “14”.
_NOUN: Final = re.compile(r"(?:\s*\(\d[\d,.]*\)|\))?(?:\s+of\s+(?:our|your|its|their))?\s+([^\W\d_]{4,})")

_NO_NOUNS: Final = frozenset(recorded.stem(each) for each in recorded.listed("this across less always unless does"))

_SHARE_OF: Final = re.compile(r"\s+of\s+(?:(?:all|the|our|its|these|those)\s+){0,2}([^\W\d_]{3,})", re.IGNORECASE)

_MANY: Final = 20

_PROGRESS: Final = re.compile(
    r"\s*(?:load|cpu|memory|disk|capacity|utili[sz]ation|usage|full|complete|done|finished|restored|recovered|"
    r"of the (?:way|rollback|work|restart|recovery)|through)",
    re.IGNORECASE,
)

# “The number is about 1,200”, “1,200 of them”: whatever the record counts.
_THE_COUNT_IS: Final = re.compile(
    r"\b(?:number|count|total|figure)\b[^.\n\d]{0,36}\b(?:is|are|was|now|to|at|of|stays?|remains?)\s*$|(?:^|\n)[^\w\n]*total\s*[:|=]?\s*$",
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

_OF_MANY: Final = re.compile(r"\s+of\s+(?:the\s+|our\s+|all\s+)?\d[\d,]*(?:\s+[a-z]+){0,2}?\s+[a-z]+s\b")

_DATE: Final = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:de\s)?{_MONTHS}\.?(?:\s+(?:de\s)?\d{{4}})?|\b20\d\d\b|"
    r"\b(?:[01]?\d|2[0-3])\s?h\s?[0-5]\d\b",
    re.IGNORECASE,
)

# “Ten past seven”, “at twenty to eight”, “nine o’clock”
_HOURS: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TIME_IN_WORDS: Final = re.compile(
    rf"\b(?:(?:half|(?:an?\s+)?quarter|five|ten|twenty(?:-five)?)(?:\s+minutes)?\s+past\s+(?:{_HOURS})|"
    rf"(?<=\b(?:at|by) )(?:(?:an?\s+)?quarter|five|ten|twenty(?:-five)?)(?:\s+minutes)?\s+to\s+(?:{_HOURS})|"
    rf"(?:{_HOURS})\s+o['’]clock)\b",
    re.IGNORECASE,
)

_PHONE: Final = re.compile(r"(?<![\w.])\+?\(?\d[\d ()\-]{7,18}\d(?!\w)")


def counted(draft: Draft, text: str) -> Iterator[tuple[Amount, str]]:
    """The numbers of the text that count something, with what: people, places, machines, else its own noun or currency.

    A share says of what. A pace (“900 claims a day”) counts nothing that another text could be held against.
    """
    for amount, about in written(draft, text):
        if _PACE.match(text, amount.end):
            continue
        if amount.is_percent:
            of = _SHARE_OF.match(text, amount.end)
            yield amount, f"% {recorded.stem(of[1].casefold())}" if of is not None else "%"
        elif what := about or noun_of(text, amount):
            yield amount, what


def written(draft: Draft, text: str) -> Iterator[tuple[Amount, str]]:
    """The facts of the text, with the kind of what they count as the record means it; nothing where it is none."""
    record = draft.recorded
    who = record.who if record is not None else ""
    people = kind_of(who) or "people"
    meant = {"counted": (record is not None and kind_of(head_of_count(record.count))) or people, "affected": people}
    affected = _head(who)
    counted = _reports_counted(record.count) if record is not None else frozenset[str]()
    for amount in _facts(text if draft.is_english else amounts.as_english(text), counted=counted):
        about = _kind_after(text, amount, affected=affected)
        yield replace(amount, text=text[amount.start : amount.end]), meant.get(about, about)


def _reports_counted(count: str) -> frozenset[str]:
    """The stems of what the record counts among calls, messages and the like: “1,750 calls dropped”; no “ticket
    holders”.
    """
    hits = (_REPORTS.match(count, amount.end) for amount in amounts.amounts(count))
    return frozenset(recorded.stem(hit[1].casefold()) for hit in hits if hit is not None)


def of_record(draft: Draft, text: str) -> Iterator[Amount]:
    """The numbers of a text of the record, which people write as they write updates."""
    for amount in amounts.amounts(text if draft.is_english else amounts.as_english(text)):
        yield replace(amount, text=text[amount.start : amount.end])


def head_of_count(count: str) -> str:
    """What the record counts first: “about 1,200” of “about 1,200 (40 % of the stores)”."""
    return re.split(r"[(;]|,\s", count, maxsplit=1)[0]


def second_noun(text: str, amount: Amount) -> str:
    """“order” of “38,600 open orders”."""
    first = _NOUN.match(text, amount.end)
    second = _NOUN.match(text, first.end()) if first is not None and not first[1].endswith("s") else None
    return recorded.stem(second[1].casefold()) if second is not None else ""


def noun_of(text: str, amount: Amount) -> str:
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


def _facts(text: str, *, counted: Set[str] = frozenset()) -> Iterator[Amount]:
    """The numbers that may be facts: no times, dates, phone numbers, durations, steps, versions; calls and messages
    only where the record counts them.
    """
    taken = bytearray(len(text))
    for start, end in (
        *(hit.span() for hit in _DATE.finditer(text)),
        *(hit.span() for hit in _PHONE.finditer(text)),
        *(hit.span() for hit in _TIME_IN_WORDS.finditer(text)),
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
        if amount.high < _MANY and not amount.is_percent and (_WITNESSES.search(before) or _WITNESS_AFTER.match(after)):
            continue
        is_label = not amount.is_percent and _NO_FACT_BEFORE.search(before) and not _is_on_places(before, after)
        of_record = _REPORTS.match(after)
        is_counted = of_record is not None and recorded.stem(of_record[1].casefold()) in counted
        if (_NO_FACT_AFTER.match(after) and not is_counted) or is_label:
            continue
        if amount.is_percent and _PROGRESS.match(after):
            continue
        if _begins_line(text, amount.start) and re.match(r"[.)]\s", after):
            continue
        yield amount


def _is_on_places(before: str, after: str) -> bool:
    """“On nineteen wards”, “on 42 departures”, “on 12 of 18 lines”: no telephone number, no day."""
    noun = _NOUN.match(after)
    if not before.casefold().endswith("on "):
        return False
    return (noun is not None and noun[1].endswith("s")) or _OF_MANY.match(after) is not None


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
    if listed is not None and (kind := kind_of(listed["noun"] or "")):
        return kind
    following = _OF_WHAT.split(shares.NEXT_PART.split(text[amount.end : amount.end + 70])[0])[0]
    words = re.findall(r"[^\W\d_]+", following.casefold())[:5]
    is_affected = any(recorded.stem(word) == affected for word in words)
    if listed is not None and listed["label"] and not words:  # “Policyholders | 16,200”
        is_affected = recorded.stem(listed["label"].casefold()) == affected
        return kind_of(listed["label"]) or ("affected" if is_affected else "")
    is_counted = listed is not None and not listed["label"]
    return kind_of(" ".join(words)) or ("affected" if is_affected else "counted" if is_counted else "")


def _head(who: str) -> str:
    """The stem of the noun that says who: “handler” of “claims handlers in the North”."""
    words = re.findall(r"[^\W\d_]+", shares.NEXT_PART.split(re.split(r"\s(?:of|for|on)\s", who)[0])[0].casefold())
    return recorded.stem(words[-1]) if words else ""


def kind_of(words: str) -> str:
    # “Mitarbeiter der Filialen”, “les employés des magasins” and “empleados de las tiendas” are people.
    head = re.split(r"\s(?:der|des|von|im|du|de|del)\s", words.casefold())[0]
    stems = [recorded.stem(word) for word in re.findall(r"[^\W\d_]+", head) if not word.endswith("ed")]
    # The noun comes last: “store staff”.
    return next((counted_nouns.BY_STEM[name] for name in reversed(stems) if name in counted_nouns.BY_STEM), "")
