"""C11, numbers: how many are affected, as the record says it (domain.md 4.3, DESIGN 1a).

A number of people (or of whatever the record counts) that does not agree with the record stops the message; a number
that the record does not know is named, and may stand. Numbers that count nothing of the impact are passed over.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cache
from typing import Final

from comms.choices import FINAL_KINDS, UpdateKind
from comms.rules.checking import recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import amounts, check_parts, counted_nouns, misread, series, shares, written_numbers
from comms.rules.checking.numbers.amounts import Amount
from comms.rules.checking.numbers.shares import Parted
from comms.rules.checking.places import check_places
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.times import check_since, since_words
from mim_portal.lib.findings import ERROR, WARNING, Finding

# The number may be of what is done already, or left to do.
_DONE: Final = re.compile(
    r"\b(?:so far|already|another|more|first|last|"
    r"left(?!\s+(?:late|early|on time|\d|about|around|some|many|them|people|unable|without))|remain(?:s|ing)?|"
    r"done|again|"
    r"(?<!held )back|restored|"
    r"working|works|(?:clear|process|repair|replay|complet|deliver|send|finish|fix|recover|resolv|restart|migrat|handl|"
    r"test|check(?!-?in\b))(?:e?d|ing|s|es)?|sent|open|every|each)\b",
    re.IGNORECASE,
)

_MANY: Final = 100
# Of what is over, everything was.
_CHANGED_AFTER: Final = re.compile(
    r"\b(?:no longer|instead of|rather than|down from|up from|previously|earlier|initially|(?:we )?said|reported|"
    r"corrected|increased|fallen|risen|dropped|grown)\b",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    r"\b(?:now|no longer|instead of|rather than|down from|up from|from|was|were|previously|earlier|initially|first|"
    r"(?:we )?said|reported|corrected|increased|fallen|risen|dropped|grown)\b",
    re.IGNORECASE,
)


def numbers(draft: Draft, text: str) -> Iterator[Finding]:
    """C11 for every number of the text that counts something."""
    if draft.recorded is not None:
        yield from _Comparison(draft, draft.recorded, text).findings()


class _Said:
    """What the record counts, and in which words."""

    def __init__(self, draft: Draft, record: Recorded) -> None:
        self.by_text = [(each, list(written_numbers.of_record(draft, each))) for each in record.texts]
        self.all = [(text, amount) for text, several in self.by_text for amount in several]
        self.count = tuple(written_numbers.of_record(draft, record.count))
        self.known = {value for _text, amount in self.all for value in (amount.low, amount.high)}
        self.kind = (
            written_numbers.kind_of(written_numbers.head_of_count(record.count))
            or written_numbers.kind_of(record.who)
            or "people"
        )
        self.nouns = recorded.content_words(record.count)
        self.by_noun = _by_noun(self.all)
        self.shares = shares.said(record.count, self.all)
        self.moments = series.recorded(self.by_text)
        self.harm = recorded.content_words(record.activity)

    def done_words(self, noun: str) -> frozenset[str]:
        """The words of progress in the texts that count by this noun: “410,000 payments declined so far”."""
        texts = {text for text, amount in self.all if noun in _nouns(text, amount)}
        return frozenset(each for text in texts for each in _done_in(text))


class _Comparison:
    """The numbers of one text, held against the record."""

    def __init__(self, draft: Draft, record: Recorded, text: str) -> None:
        self.draft, self.record, self.text = draft, record, text
        self.said = said = _Said(draft, record)
        self.written = list(written_numbers.written(draft, text))
        alone = [amount for amount, _about in self.written]
        self.noun_at = {amount.start: written_numbers.noun_of(text, amount) for amount in alone}
        self.right = [
            amount.start for amount, about in self.written if about == said.kind and _agrees(amount, said.count)
        ]
        self.shares_told = [each for _text, each in said.shares]
        self.told = [amount.start for amount in alone if amount.is_percent and _agrees(amount, self.shares_told)]
        self.parts = tuple(sentences.statements(text))
        nouns = ((each, self.noun_at[each.start]) for each in alone)
        self.given = {noun for each, noun in nouns if _agrees(each, said.by_noun.get(noun, ()))}
        parted = shares.parted(text, alone)
        self.of_wholes = shares.of_record(said.by_text, parted)
        self.wholes = {whole.start for _part, whole in parted}
        self.moments = series.told(text, alone)
        self.done_in = cache(_done_in)
        self.told_values = {end for each in alone for end in (each.low, each.high)}
        self.places = check_parts.listed_places(draft)

    def findings(self) -> Iterator[Finding]:
        """Each number in the one way in which it can be compared; none that a correction repeats beside the right."""
        counts = any(_agrees(amount, self.said.count) for amount, _about in self.written)
        is_correction = counts and self.draft.kind == UpdateKind.CORRECTION
        for amount, about in self.written:
            around = sentences.around(self.parts, amount.start)
            if is_correction and check_places.tells_of_before(self.draft, around):
                continue
            found = list(self._compared(amount, about))
            right = None if any(each.severity == ERROR for each in found) else self._misread(amount)
            yield from found if right is None else [_contradiction(amount, right.text, [right])]

    def _compared(self, amount: Amount, about: str) -> Iterator[Finding]:
        if amount.start in self.moments and not _agrees(amount, self.said.count):
            yield from self._of_moment(amount)
        elif (part := self.of_wholes.get(amount.start)) is not None:
            yield from self._of_whole(amount, part)
        elif about == self.said.kind and not amount.is_percent and any(not each.is_percent for each in self.said.count):
            yield from self._of_count(amount)
        elif amount.is_percent and self.said.shares:
            yield from self._of_share(amount)
        elif {amount.low, amount.high} - self.said.known and amount.high > 1:
            yield from self._of_noun(amount, about)

    def _misread(self, amount: Amount) -> Amount | None:
        """The recorded number that stands nowhere in the text and that this one, which the record does not have,
        is most likely meant to be. How far the work has come may have changed since.
        """
        is_short = amount.is_percent or amount.high < _MANY
        may_be_part = self._tells_part(amount)
        if not {amount.low, amount.high} - self.said.known or (is_short and may_be_part):
            return None
        noun = self.noun_at[amount.start]
        for text, each in self.said.all:
            if {each.low, each.high} & self.told_values and amount.low == amount.high:
                continue
            if misread.is_like(
                amount, each, is_same=bool(noun) and noun in _nouns(text, each), may_be_part=may_be_part
            ):
                return each
        return None

    def _of_moment(self, amount: Amount) -> Iterator[Finding]:
        """“41 % at 11:10”: against what the record says of that moment, else it is another one's."""
        then = [each for moment in self.moments[amount.start] for each in self.said.moments.get(moment, ())]
        then = [each for each in then if each.is_percent == amount.is_percent]
        if then and not _agrees(amount, then):
            yield _contradiction(amount, then[0].text.strip(), then)
        elif not then and {amount.low, amount.high} - self.said.known:
            yield _unknown(amount)

    def _of_whole(self, amount: Amount, part: Parted) -> Iterator[Finding]:
        """“31 of 48”, a whole that the record parts too. Of what is done the record may say what stands (“5 of 9
        tills”), or what is done itself; then what is left may be told as well.
        """
        if _agrees(amount, part.parts) or self._is_earlier(amount, self.right):
            return
        is_told = part.is_whole or any(map(_done_in, part.texts))
        if not self._tells_part(amount) or (is_told and not _agrees(amount, part.left)):
            yield _contradiction(amount, part.parts[0].text, part.parts)

    def _of_count(self, amount: Amount) -> Iterator[Finding]:
        """A number of what the record counts."""
        said, noun = self.said, self.noun_at[amount.start]
        is_right = _agrees(amount, said.count) or _agrees(amount, said.by_noun.get(noun, ()))
        is_right = is_right or (noun not in said.nouns and self._is_of_other(amount))
        # A recorded part of those, or the whole that they are part of: “Leeds (980 pupils)”, “46 of 212 firms”.
        is_smaller = any(amount.high < each.low for each in said.count if not each.is_percent)
        is_known = {amount.low, amount.high} <= said.known
        is_right = is_right or (is_known and (is_smaller or amount.start in self.wholes))
        others = said.nouns - {noun} if noun in said.nouns else frozenset()  # “7,800 students and 410 teachers”
        beside = [start for start in self.right if self.noun_at[start] not in others]
        if not is_right and not self._is_earlier(amount, beside):
            yield _contradiction(amount, self.record.count, said.count)

    def _of_share(self, amount: Amount) -> Iterator[Finding]:
        if shares.is_other(self.text, amount, self.said.shares):
            yield _unknown(amount)
        elif (
            not _agrees(amount, self.shares_told)
            and not self._is_earlier(amount, self.told)
            and not self._is_share_of_other(amount)
        ):
            yield (
                _unknown(amount)
                if self.told and not self._tells_harm(amount)
                else _contradiction(amount, self.said.shares[0][0], self.shares_told)
            )

    def _of_noun(self, amount: Amount, about: str) -> Iterator[Finding]:
        """What else the record counts by this noun. A part may be smaller than the whole; money is no part."""
        noun = self.noun_at[amount.start]
        whole = self.said.by_noun.get(noun, [])
        is_more = bool(whole) and (noun.isupper() or amount.low > max(each.high for each in whole))
        is_one_kind = counted_nouns.BY_STEM.get(noun, about) == about and amount.start not in self.wholes
        is_whole = bool(whole) and is_one_kind and noun not in self.given
        is_places = counted_nouns.BY_STEM.get(noun) == "places" and amount.low == amount.high == self.places
        is_wrong = is_more or (
            is_whole and not is_places and not self._tells_part(amount, usual=self.said.done_words(noun))
        )
        if is_wrong and not _agrees(amount, whole):
            yield _contradiction(amount, " or ".join(each.text for each in whole), whole)
        else:
            yield _unknown(amount)

    def _is_share_of_other(self, amount: Amount) -> bool:
        """Whether the record has this share in another text, of whose own words the sentence has one: “the disk swap
        stands at 60 %”.
        """
        words = recorded.content_words(sentences.around(self.parts, amount.start).text)
        return any(
            words & (recorded.content_words(text) - self.said.nouns)
            for text, each in self.said.all
            if each.is_percent and (each.low, each.high) == (amount.low, amount.high)
        )

    def _is_of_other(self, amount: Amount) -> bool:
        """Whether a number is one that the record has of something else than it counts: “23 of them are emergencies”,
        or how many places it lists, in another word than it counts places by.
        """
        is_places = amount.low == amount.high == self.places and self.places > 1
        return {amount.low, amount.high} <= self.said.known or is_places

    def _tells_part(self, amount: Amount, *, usual: Set[str] = frozenset()) -> bool:
        """Whether the number is of what is done, or of what is asked for; the words of the harm itself say neither, nor
        do those that are usual with the number.
        """
        return bool(self.done_in(sentences.around(self.parts, amount.start).text) - self.said.harm - usual)

    def _tells_harm(self, amount: Amount) -> bool:
        """Whether the sentence tells the harm. A share in another one, of a text that gives the right one too, is most
        likely of something else.
        """
        around = sentences.around(self.parts, amount.start)
        return check_places.tells_harm(self.draft, around) or check_since.tells_harm(around.text)

    def _is_earlier(self, amount: Amount, right: Sequence[int]) -> bool:
        """Whether the number is what was said or true before: a right one begins in the same sentence, or, in a
        correction, anywhere.
        """
        if self.draft.kind == UpdateKind.CORRECTION and right:
            return True
        around = sentences.around(self.parts, amount.start)
        is_beside = bisect_left(right, around.start) < bisect_left(right, around.end)
        changed = _CHANGED_AFTER if self.draft.kind in FINAL_KINDS else _CHANGED
        return is_beside and bool(changed.search(around.text))


def _by_noun(said: Iterable[tuple[str, Amount]]) -> dict[str, list[Amount]]:
    """What the record counts, by noun or currency: “140 machines”, “EUR 180,000”."""
    found: dict[str, list[Amount]] = {}
    for text, amount in said:
        for noun in _nouns(text, amount) - {""}:
            found.setdefault(noun, []).append(amount)
    return found


def _nouns(text: str, amount: Amount) -> set[str]:
    return {written_numbers.noun_of(text, amount), written_numbers.second_noun(text, amount)}


def _done_in(text: str) -> frozenset[str]:
    """The stems of the words that tell of what is done, or left to do; what is not working is neither."""
    said = since_words.NOT_WORKING.sub("", text)
    return frozenset(recorded.stem(hit.group().casefold()) for hit in _DONE.finditer(said))


def _agrees(amount: Amount, stated: Iterable[Amount]) -> bool:
    return any(amounts.agree(amount, each) for each in stated)


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
