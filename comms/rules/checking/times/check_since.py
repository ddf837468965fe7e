"""C11, since when it is and until when it was, as the record says it."""

import re
from collections.abc import Collection, Iterator, Set
from datetime import datetime, time, timedelta
from typing import Final

from comms.choices import FINAL_KINDS
from comms.rules.checking import recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.places import check_places, place_words
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from comms.rules.checking.times import check_times
from comms.rules.checking.times import since_words as words
from mim_portal.lib import findings, times
from mim_portal.lib.findings import ERROR, WARNING, Finding

# A start that is only known roughly agrees with what lies this near to it.
ROUGHLY: Final = timedelta(minutes=10)
NEAR: Final = 400  # characters; longer than sentences are
ALIKE: Final = 2  # words of the impact that a sentence has which tells how it began
BESIDE: Final = 160  # characters; most of a sentence
_BEGAN: Final = "began at"
_RETURNED: Final = "works again since"
_HARMS: Final = (words.HARM, words.TROUBLE, place_words.AFFECTED)


def since(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: “since 08:10” where the record says 09:10; in a message that it is over, also since when it works again."""
    record = draft.recorded
    if record is None:
        return
    parts = tuple(sentences.statements(text))
    of_other_starts = _of_other_starts(draft, parts)
    right = _told_at(record.since, draft, text) if record.since is not None else frozenset[int]()
    of_other = _recorded_of_other(draft, record, is_told=bool(right))
    seen: set[int] = set()
    for clock in check_times.CLOCK.finditer(text):
        if clock.start() in seen:
            continue
        before = _lead(text, clock.start())
        part = sentences.around(parts, clock.start())
        same = (clock, *check_times.restated(text, clock))
        is_back = _tells_return(before, part, clock.start()) or _returns_in_table(text, clock, record.service)
        is_back = is_back and record.restored_at is not None and draft.kind in FINAL_KINDS
        if is_back and _is_recorded_of_other(draft, record, text, clock):
            continue
        if is_back and record.restored_at is not None:
            seen |= {each.start() for each in same}
            is_exact = not words.ROUGHLY.search(before)
            for each in same:
                yield from _compared(draft, text, each, record.restored_at, is_exact=is_exact, what=_RETURNED)
        elif (
            record.since is not None
            and (
                _tells_start(before, part, clock.start(), of_other_starts)
                or _starts_in_table(text, clock, part)
                or (_harm_follows(record, text, clock) and not check_places.tells_of_before(draft, part))
            )
            and not any(lead.search(before) and check_times.clock_of(clock) in said for lead, said in of_other)
        ):
            seen |= {each.start() for each in same}
            is_exact = record.since_is_exact and not words.ROUGHLY.search(before)
            # Beside the right start, a time that no harm is told with is most likely of something else.
            near = Sentence(_near(part, clock.start(), far=BESIDE), part.start)
            is_sure = (
                right <= {each.start() for each in same}
                or tells_harm(near.text)
                or check_places.tells_harm(draft, near)
            )
            severity = ERROR if is_sure else WARNING
            for each in same:
                yield from _compared(draft, text, each, record.since, is_exact=is_exact, what=_BEGAN, severity=severity)
            yield from _until(draft, text, clock, before)
        elif (
            not right
            and (part not in of_other_starts or words.STATE_SINCE.search(before))
            and (at := _only_one_left(draft, record, part, clock, before)) is not None
        ):
            what = _RETURNED if at == record.restored_at else _BEGAN
            yield from _compared(draft, text, clock, at, is_exact=True, what=what)


def _of_other_starts(draft: Draft, parts: Collection[Sentence]) -> frozenset[Sentence]:
    """The sentences that tell of something else that began: news, the work on it, the return."""
    others = (words.OTHER_START,) if draft.is_english else (words.OTHER_START, words.OTHER_START_ABROAD)
    said = {each: words.NOT_WORKING.sub("", each.text) for each in parts}
    return frozenset(each for each, text in said.items() if any(other.search(text) for other in others))


def _only_one_left(
    draft: Draft, record: Recorded, part: Sentence, clock: re.Match[str], before: str
) -> datetime | None:
    """The start, where the text has it nowhere and this time, which the record does not have, is told with how it
    began (“At 06:05 the message rate fell”), or since when it is; or the return, of a message that it is over.
    """
    if check_times.clock_of(clock) in check_times.times_of_day(record.texts):
        return None
    promised = draft.next_update_at
    if promised is not None and not _apart(promised, draft, clock.string, clock):
        return None
    if check_places.tells_of_before(draft, part) or words.AHEAD.search(part.text):
        return None
    near = _near(part, clock.start(), far=BESIDE)
    back = record.restored_at if draft.kind in FINAL_KINDS else None
    if back is not None and words.BACK_AGAIN.search(near):
        return None if _told_at(back, draft, clock.string) else back
    if record.since is None or words.WE_DID_AT.match(part.text, max(clock.start() - part.start, 0)):
        return None
    if words.STATE_SINCE.search(before):
        return record.since
    told = recorded.content_words(f"{record.who} {record.count} {record.activity} {record.service}")
    is_alike = len(told & recorded.content_words(part.text)) >= ALIKE
    return record.since if is_alike and (words.SINCE_OR_BEFORE.search(before) or words.BEGINS.search(near)) else None


def _is_recorded_of_other(draft: Draft, record: Recorded, text: str, clock: re.Match[str]) -> bool:
    """Of a message that it is over, whether the record has this time of something else, and the text the right one:
    “Restored at 04:35, log-ins at their usual level since 04:40”.
    """
    back = record.restored_at
    if back is None or not _apart(back, draft, text, clock):
        return False
    return check_times.clock_of(clock) in check_times.times_of_day(record.texts) and bool(_told_at(back, draft, text))


def _recorded_of_other(
    draft: Draft, record: Recorded, *, is_told: bool
) -> tuple[tuple[re.Pattern[str], Set[time]], ...]:
    """By what stands before a time, those that the record gives for something else than the start: after “from” any,
    after “since” those that the record itself gives so (“European queues on new machines since 22:35”), and beside the
    right start any that was not when it was found out (“Since 13:15 Leeds too, York since 09:20”).
    """
    own = {record.since.astimezone(draft.tz).time().replace(second=0, microsecond=0)} if record.since else set()
    every = check_times.times_of_day(record.texts)
    since_then = {
        check_times.clock_of(hit)
        for said in record.texts
        for hit in check_times.CLOCK.finditer(said)
        if words.SINCE_ONLY.search(said[: hit.start()]) or (is_told and not words.FOUND_OUT.search(said))
    }
    in_line = every - own if is_told else set()
    return (
        (words.BEGINS_LINE, in_line),
        (words.FROM, every - own),
        (words.BETWEEN, every - own),
        (words.SINCE_ONLY, since_then - own),
    )


def _told_at(at: datetime, draft: Draft, text: str) -> frozenset[int]:
    """Where the text says this very time of day."""
    return frozenset(hit.start() for hit in check_times.CLOCK.finditer(text) if not _apart(at, draft, text, hit))


def _lead(text: str, at: int) -> str:
    """What stands before a time; of the line above it only a heading."""
    before = text[max(at - 60, 0) : at]
    told = before.rstrip()
    is_below = "\n" in before[len(told) :] and len(told.rpartition("\n")[2].split()) > 3
    return before[len(told) :] if is_below else before


def _tells_return(before: str, part: Sentence, at: int) -> bool:
    """Of a message that it is over: whether the time at this place is said to be when it came back."""
    if words.RESTORED_AT.search(words.NOT_WORKING.sub("", before)):
        return True
    near = _near(part, at)
    lead = near[: max(at - max(part.start, at - NEAR), 0)]
    if words.SINCE_ONLY.search(before) is None or words.HARM.search(lead) or words.ARRANGED.search(lead):
        return False
    # “Since 21:38 our Checkout’s been taking payments”
    return words.HAS_DONE.search(lead) is not None or (
        not words.HARM.search(near) and words.HAS_BEEN.search(near) is not None
    )


def _starts_in_table(text: str, clock: re.Match[str], part: Sentence) -> bool:
    """Whether a line of a table gives this time as the start: it begins with the time and tells how the harm began, or
    the head of its column says so.
    """
    if words.BEGINS_LINE.search(text[max(clock.start() - 12, 0) : clock.start()]):
        line = text[clock.start() :].partition("\n")[0]
        if words.STARTS_ALONE.match(text, check_times.after_zone(text, clock.end())):
            return True
        return words.STOPPED.search(line) is not None or (words.STARTS.search(line) is not None and tells_harm(line))
    begin = text.rfind("\n", 0, clock.start()) + 1
    if not begin or check_times.CLOCK.search(text, begin, clock.start()):
        return False
    if not re.fullmatch(r"[\w'’. -]{2,40}(?:\s{2,}|\t|\s*[|,;]\s*)", text[begin : clock.start()]):
        return False
    if words.NEXT_IN_TABLE.match(text, begin):
        return False
    heads = (line for line in reversed(text[:begin].splitlines()) if not check_times.CLOCK.search(line))
    return words.START_COLUMN.search(next(heads, "")) is not None


def _harm_follows(record: Recorded, text: str, clock: re.Match[str]) -> bool:
    """“At 00:45, Baggage Tracking failed”, “At 5:20 am, coordinators lost the ability to …”: right behind the time the
    incident's own service, or who is hurt, and how it began.
    """
    begin = check_times.after_zone(text, clock.end())
    found = words.HARM_BEGINS.match(text, begin)
    if found is None:
        return False
    named = found["subject"]
    own = record.service.casefold()
    is_own = bool(own) and own in named.casefold()
    return is_own or bool(recorded.content_words(named) & recorded.content_words(record.who))


def _returns_in_table(text: str, clock: re.Match[str], service: str) -> bool:
    """Whether a line of a table gives this time as the return: “20:46 Order Gateway restored”."""
    if not words.BEGINS_LINE.search(text[max(clock.start() - 12, 0) : clock.start()]):
        return False
    line = text[clock.end() :].partition("\n")[0]
    if words.RETURNED_ALONE.match(text, check_times.after_zone(text, clock.end())):
        return True
    name = re.search(re.escape(service), line, re.IGNORECASE) if service else None
    return name is not None and words.RETURNED.match(line[name.end() :].lstrip()) is not None


def _until(draft: Draft, text: str, clock: re.Match[str], before: str) -> Iterator[Finding]:
    """Of a message that it is over, the end of “from 02:10 to 04:45”."""
    record = draft.recorded
    is_from = words.FROM.search(before) or words.BETWEEN.search(before)
    if record is None or record.restored_at is None or draft.kind not in FINAL_KINDS or not is_from:
        return
    end = check_times.range_end(text, clock)
    if end is not None:
        yield from _compared(draft, text, end, record.restored_at, is_exact=True, what=_RETURNED)


def _tells_start(before: str, part: Sentence, at: int, of_other_starts: Collection[Sentence]) -> bool:
    """Whether the time at this place is said to be when the harm began."""
    if words.BETWEEN.search(before):
        near = _near(part, at)
        hurts = any(each.search(near) for each in (words.HARM, place_words.AFFECTED, words.DIFFICULT))
        return part not in of_other_starts and hurts and not words.AHEAD.search(near)
    if words.WE_ARE_AT.match(part.text, max(at - part.start, 0)):
        return False
    if words.BEGAN_THEN.match(part.text, max(at - part.start, 0)):
        return True
    if not words.SINCE.search(before) or (words.FROM.search(before) and words.AHEAD.search(part.text)):
        return False
    if words.SINCE_ONLY.search(before) and words.DOES_NOW.search(near := _near(part, at)) and not tells_harm(near):
        return False
    span = words.FROM_UNTIL.match(part.text, max(at - part.start, 0)) if words.FROM.search(before) else None
    is_told = (
        span is not None or words.IT_BEGAN.search(before) is not None or words.HAD_LASTED.search(before) is not None
    )
    return is_told or part not in of_other_starts or _is_harm_nearest(part, at)


def _near(part: Sentence, at: int, *, far: int = NEAR) -> str:
    """The sentence around a place; of one without an end what is near."""
    return part.text[max(at - part.start - far, 0) : max(at - part.start + far, 0)]


def tells_harm(text: str) -> bool:
    """Whether the text says, in any words, that something does not do as it should."""
    return any(pattern.search(text) for pattern in _HARMS)


def _is_harm_nearest(part: Sentence, at: int) -> bool:
    """Whether the harm is told between the last other start and this place, and nothing else follows."""
    lead, rest = part.text[: at - part.start], part.text[at - part.start :]
    harm = max((hit.start() for pattern in _HARMS for hit in pattern.finditer(lead)), default=-1)
    told = words.HARM.sub(_blank, words.NOT_WORKING.sub(_blank, lead))
    other = max((hit.start() for hit in words.OTHER_START.finditer(told)), default=-1)
    return harm > other and not words.OTHER_START.search(rest)


def _blank(hit: re.Match[str]) -> str:
    return " " * len(hit.group())


def _compared(
    draft: Draft,
    text: str,
    clock: re.Match[str],
    at: datetime,
    *,
    is_exact: bool,
    what: str,
    severity: str = ERROR,
) -> Iterator[Finding]:
    local = check_times.in_stated_zone(at, text, clock, tz=draft.tz)
    apart = _apart(at, draft, text, clock)
    if apart <= (timedelta(0) if is_exact else ROUGHLY):
        return
    message = f"The record says that it {what} {times.clock_time(at, draft.tz)}; the text says {clock.group()}."
    yield findings.at(
        clock, code="C11", severity=severity, message=message, suggestions=(f"{local:%H:%M}",), rule="time"
    )


def _apart(at: datetime, draft: Draft, text: str, clock: re.Match[str]) -> timedelta:
    """How far a time of day in the text is from a moment, whichever day it means."""
    local = check_times.in_stated_zone(at, text, clock, tz=draft.tz)
    said = datetime.combine(local.date(), check_times.clock_of(clock))
    apart = abs(said - local.replace(tzinfo=None, second=0, microsecond=0))
    return min(apart, timedelta(days=1) - apart if apart < timedelta(days=1) else apart)
