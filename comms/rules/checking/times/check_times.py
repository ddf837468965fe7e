"""Times in a message: the next one promised (C01), vague ones (C02), and those without a zone (C20)."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from comms.rules.checking.draft import Draft
from comms.rules.checking.times import zones
from mim_portal.lib import findings, times
from mim_portal.lib.findings import ERROR, WARNING, Finding

_RANGE: Final = re.compile(r"\s*(?:-|–|—|to|and|until|or|bis|und|à|et)\s*(?=\d{1,2}[:.]\d{2})", re.IGNORECASE)
CLOCK: Final = re.compile(
    r"(?<![\w:.,/])(?<!(?:UTC|GMT)[+\-−])(?:"
    # “0510 SAST”, “since 0510”
    rf"(?P<hour4>[01]\d|2[0-3])(?P<minute4>[0-5]\d)(?=\s?(?:hrs|hours|h|Z|UTC|GMT|{zones.SHORT})\b)|"
    r"(?<=since )(?P<hour5>0\d)(?P<minute5>[0-5]\d)(?![\d:]|[.,]\d)|"
    r"(?P<hour6>[01]?\d|2[0-3])h(?P<minute6>[0-5]\d)(?!\w)|"  # “05h50”
    r"(?P<hour>[01]?\d|"
    r"2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])(?:m\b|\.m\.))?(?!:?\d)|"
    r"(?P<hour12>1[0-2]|0?[1-9])(?:\.(?P<minute12>[0-5]\d))?\s?(?P<half12>[ap])(?:m\b|\.m\.)|"
    r"(?:(?<=at )|(?<=by )|(?<=since )|(?<=from )|(?<=until )|(?<=before )|(?<=after )|"
    r"(?<=started )|(?<=start )|(?<=update )|(?<=since: )|(?<=start: )|(?<=started: )|(?<=update: ))"
    r"(?P<hour_dot>[01]?\d|2[0-3])\.(?P<minute_dot>[0-5]\d)"
    r"(?!\d|\.\d|%|\s?(?:million|billion|thousand|percent|per\s?cent|[kmgt]b|km|kg|euros?|dollars?|pounds?)\b))",
    re.IGNORECASE,
)
_NEWS: Final = (
    r"(?:updates?|messages?|news|information|word|reports?|posts?|notices?|bulletins?|communications?|briefings?|notes?|"
    r"alerts?|memos?|scripts?|letters?|circulars?|advisor(?:y|ies)|points|status|e-?mails?|flash(?:es)?|"
    r"sit(?:uation )?reps?|situation\s+reports?)"
)
# Between the promise and its time stand few words, or a heading's end: “NEXT UPDATE\n21:30”, “hear more? At 14:30”.
_GAP: Final = (
    r"(?:[^.\n?]|\.(?=\w)){0,40}?(?:[.?][*_ ]+(?:at|by)\s+|[.?:]?[*_ \t]*\n[^\w\n]*(?:(?:at|by)\s+)?)?"
    r"(?=\d{1,2}[:.h]\d{2}|\d{4}\s?(?:hrs|hours|[A-Z])|\d{1,2}\s?[ap]\.?m)"
)
_NEXT_UPDATE: Final = re.compile(
    rf"\b(?:next|further|another)(?:\s*[:–-])?\s+(?:\w+\s+)?{_NEWS}\b{_GAP}|"
    r"\b(?:we|you|i)(?: (?:will|shall|can|expect to|aim to)|['’]ll)?\s+(?:then\s+|next\s+)?"
    r"(?:update|write|report|post|hear|tell|text|message|e-?mail|inform|brief|speak|be\s+back|be\s+in\s+touch|get\s+back|return|let\s+you\s+know)\b"
    rf"(?:\s+\w+){{0,4}}?\s+(?:again|next|more|further|an?\s+{_NEWS}|"
    rf"(?=(?:at|by|before)\s+(?:\d|half|(?:a\s+)?quarter|five|ten|twenty|noon|midday|midnight)))\b{_GAP}|"
    rf"\b(?:will|shall|do)\s+(?:i|we|you)\s+(?:hear|know|learn|be told)\b{_GAP}|"
    rf"\byou(?:\s+will|['’]ll)\s+(?:have|get|receive|see)\s+(?:an?other|new|more|our\s+next|the\s+next)\s+{_NEWS}\b{_GAP}|"
    rf"\bwe(?:\s+will|['’]ll)\s+(?:give|have|share)\s+(?:you\s+)?(?:more|further)\s+{_NEWS}\b{_GAP}|"
    rf"\byou(?:\s+will|['’]ll)\s+hear\s+from\s+(?:me|us)\b{_GAP}|"
    rf"\bnext\s+{_NEWS}\s+(?:will\s+)?(?:reach|come|go|be)\b{_GAP}|\bin\s+touch\s+again\b{_GAP}|"
    rf"\bwill\s+(?:post|write|update|report)\s+again\b{_GAP}|"
    rf"\bback\s+with\s+you\b{_GAP}|\bnext\s+one\b{_GAP}|"
    rf"\bwe(?: will|['’]ll)?\s+(?:post|send|give|publish|share)\s+(?:you\s+)?(?:an?|another)\s+{_NEWS}\b{_GAP}|"
    rf"\bback\s+to\s+you\b{_GAP}|"
    # “Further guidance will be provided at 21:30”
    rf"\b(?:next|further|another)\s+[^.\n]{{3,60}}?\b(?:will|shall)\s+be\s+"
    rf"(?:issued|provided|published|posted|sent|shared|given|made)\b{_GAP}|"
    # “A full briefing follows at 21:30”
    rf"\b(?:an?|the|our)\s+(?:\w+\s+)?{_NEWS}\s+(?:will\s+follow|follows|is\s+due|is\s+planned|comes)\b{_GAP}|"
    # “Next: 03:00”, “NEXT” above “- 15:30 (UTC-7), same format”
    r"(?:^|\n)[^\w\n]*next(?:\s+from\s+(?:me|us))?[*_]*\s*(?:[:|]|\n)\s*(?:[-*•]\s*)?(?=\d{1,2}[:.]\d{2}|\d{1,2}\s?[ap]\.?m)|"
    r"\b(?:we(?: will|['’]ll)?|will)\s+(?:update|write|report)(?:\s+\w+){0,3}\s+(?:again\s+)?(?:by|at|"
    r"before)\s+(?=\d{1,2}[:.]\d{2})|"
    r"\b(?:nächste[snrm]?|weitere)\s+(?:meldung|nachricht|information|update|stand)\b[^\n]{0,60}?(?=\d{1,2}:\d{2})|"
    r"\bproch(?:ain|aine)\s+(?:message|point|information|mise à jour|nouvelle)\b[^\n]{0,60}?(?=\d{1,2}:\d{2})|"
    r"\bpróxim[ao]\s+(?:actualización|información|comunicación|aviso|mensaje|comunicado)\b"
    r"[^\n]{0,60}?(?=\d{1,2}:\d{2})",
    re.IGNORECASE,
)
_WE_TELL: Final = re.compile(
    r"\b(?:we|i)(?:\s+(?:will|shall)|['’]ll)\s+(?:\w+\s+){0,2}?(?:add|post|put|write|report|update|tell|send|speak|say|share|"
    r"let|be)\b[^.;\n]{0,50}$|\b(?:will|shall)\s+(?:follow|appear|arrive|reach)\b[^.;\n]{0,40}$",
    re.IGNORECASE,
)
# A line of a table of times: “13:30 Next update”.
_UPDATE_AT: Final = re.compile(rf"(?im)^[^\w\n]*(?=\d{{1,2}}[:.]\d{{2}})[^\n]{{4,30}}?\bnext\s+{_NEWS}\b")
# “At 14:30 (UTC+0), with the next update”
_WITH_NEXT: Final = re.compile(
    rf"\s*,?\s*(?:together\s+)?(?:with|in|for)\s+(?:the|our)\s+next\s+{_NEWS}\b", re.IGNORECASE
)
# The same moment again, in another place's time: “05:30 (UTC+8), 22:30 (UTC+1) in Rotterdam”, “13:30 PST (21:30 UTC)”.
_RESTATED: Final = re.compile(
    r"\s*(?:[,/|=(]\s*)?(?:(?:or|i\.e\.,?|that\s+is,?)\s+)?(?:(?:in|for)\s+\w+\s*,?\s+)?(?:at\s+)?", re.IGNORECASE
)
_OF_PLACE: Final = re.compile(r"\s*\(?[A-Z]{2,5}\)?(?=\s*[(/,|=])|\s+in\s+[A-Z][\w ]{0,20}?(?=\s*[(,/])")
_OWN_TIME: Final = re.compile(r"\s*\(?(?:[A-Z][\w]+(?: [A-Z]\w+)?|local)\s+time\b")
# “Since 3.30 this afternoon”, “11:30 last night”
_LATE_IN_DAY: Final = re.compile(
    r"\s*(?:\([^()\n]{2,20}\)|[A-Z]{2,5}\b)?,?\s+"
    r"(?:(?:this|in the|yesterday|tomorrow)\s+(?P<evening>afternoon|evening)|"
    r"tonight|last night|at night)\b"
)
_EVENING: Final = 5  # “at 02:00 tonight” is after midnight
_VAGUE: Final = re.compile(
    r"\b(?:shortly|(?<!as )soon|as\s+soon\s+as\s+(?:possible|practicable|we\s+can)|a\.?s\.?a\.?p\b\.?|"
    r"later\s+(?:today|on|this\s+\w+)|"
    r"c\.?o\.?b\b|e\.?o\.?d\b|close\s+of\s+(?:business|play)|end\s+of\s+(?:the\s+)?day|until\s+further\s+notice|"
    r"in\s+due\s+course|in\s+a\s+(?:bit|while|moment|few\s+minutes)|momentarily|imminent(?:ly)?|"
    r"when(?:ever)?\s+(?:we\s+can|possible)|at\s+the\s+earliest\s+opportunity)(?!\w)",
    re.IGNORECASE,
)


def next_update(draft: Draft, *, now: datetime) -> Iterator[Finding]:
    """C01: a next update time is set, lies ahead, and keeps the cadence."""
    if draft.is_final:
        return
    promised = draft.next_update_at
    if promised is None:
        message = "Say when the next update comes. A late answer is better than no time: people wait for this line."
        yield Finding(code="C01", severity=ERROR, field="next_update_at", message=message, rule="missing")
        return
    written = times.due_time(promised, draft.tz, now=now)
    if promised <= now:
        message = f"The next update time {written} has passed. Choose a time ahead."
        yield Finding(code="C01", severity=ERROR, field="next_update_at", message=message, text=written, rule="past")
    elif draft.latest_next_at is not None and promised > draft.latest_next_at:
        latest = times.due_time(draft.latest_next_at, draft.tz, now=now)
        message = f"The agreed pace asks for the next update by {latest}; this promises {written}."
        yield Finding(
            code="C01",
            severity=ERROR,
            field="next_update_at",
            message=message,
            text=written,
            suggestions=(latest,),
            rule="beyond_cadence",
        )


def promised_in_text(draft: Draft, text: str) -> Iterator[Finding]:
    """C01: “next update by 14:30” in the text must be the promised time."""
    promised = draft.next_update_at
    if promised is None:
        return
    clocks = list(_promised_clocks(text))
    for clock in clocks or _told_ahead(draft, promised, text):
        if _same_time(promised.astimezone(draft.tz), text, clock):
            continue
        right = times.clock_time(promised, draft.tz)
        message = f"The text says {clock.group()}, the promise is {right}. Make them the same."
        yield findings.at(
            clock,
            code="C01",
            severity=ERROR,
            message=message,
            suggestions=(f"{right[:5]}",),
            rule="mismatch",
        )


def _told_ahead(draft: Draft, promised: datetime, text: str) -> Iterator[re.Match[str]]:
    """“We will add the next line here at 15:50”: news at a time that the record does not have, where the text has the
    promised one nowhere.
    """
    every = list(CLOCK.finditer(text))
    if any(_same_time(promised.astimezone(draft.tz), text, clock) for clock in every):
        return
    known = times_of_day(draft.recorded.texts) if draft.recorded is not None else frozenset[time]()
    for clock in every:
        if clock_of(clock) not in known and _WE_TELL.search(text[max(clock.start() - 80, 0) : clock.start()]):
            yield clock


def _promised_clocks(text: str) -> Iterator[re.Match[str]]:
    """The times of the text that promise the next update, each with what says the same in another zone."""
    seen: set[int] = set()
    leads = [lead.end() for lead in _NEXT_UPDATE.finditer(text)]
    together = [hit.start() for hit in CLOCK.finditer(text) if _WITH_NEXT.match(text, after_zone(text, hit.end()))]
    for at in sorted([*leads, *together, *(line.start() for line in _UPDATE_AT.finditer(text))]):
        clock = CLOCK.search(text, at)
        if clock is None or clock.start() in seen:
            continue
        for each in (clock, *restated(text, clock)):
            seen.add(each.start())
            yield each


def restated(text: str, clock: re.Match[str]) -> Iterator[re.Match[str]]:
    """The times right behind this one, with zones of their own, that say the same moment again."""
    at = clock.end()
    while True:
        own = zone_behind(text, at)
        place = None if own is not None else _OF_PLACE.match(text, at)
        at = own if own is not None else place.end() if place is not None else at
        gap = _RESTATED.match(text, at)
        following = CLOCK.match(text, gap.end()) if gap is not None and gap.group().strip() else None
        if following is None or zone_behind(text, following.end()) is None:
            return
        yield following
        at = following.end()


def zone_behind(text: str, end: int) -> int | None:
    """Where the zone right behind a time ends; None where it has none of its own."""
    own = zones.behind(text, end)
    return own.end() if own is not None and not CLOCK.search(own.group()) else None


def after_zone(text: str, end: int) -> int:
    """Where what is said of a time begins: behind its zone, or behind the time itself."""
    return zone_behind(text, end) or end


def times_of_day(texts: Iterable[str]) -> frozenset[time]:
    """Every time of day that the texts give."""
    return frozenset(clock_of(hit) for each in texts for hit in CLOCK.finditer(each))


def vague_time(draft: Draft, text: str) -> Iterator[Finding]:
    """C02: “shortly” is not a time."""
    suggestions: tuple[str, ...] = ()
    if draft.next_update_at is not None:
        suggestions = (f"by {times.clock_time(draft.next_update_at, draft.tz)}",)
    for hit in _VAGUE.finditer(text):
        message = f"“{hit.group()}” is not a time. Say when, or leave it out."
        yield findings.at(hit, code="C02", severity=ERROR, message=message, suggestions=suggestions)


def bare_time(draft: Draft, text: str, *, now: datetime) -> Iterator[Finding]:
    """C20: every time carries its offset. A short name stands for it where it means one, or where it is the writer's
    own, which is only advised against: readers elsewhere know another IST. So is a time without any beside others that
    all carry the writer's own: readers take it for theirs.
    """
    if zones.of_all(text) is not None or zones.has_head(text):
        return
    day = draft.next_update_at or now
    offset = times.offset(day.astimezone(draft.tz))
    is_told = _told_zones(draft, day=day) == {day.astimezone(draft.tz).utcoffset()}
    covered = 0
    again: set[int] = set()  # another place's zone, behind a time that has one already
    for hit in CLOCK.finditer(text):
        if hit.start() < covered or hit.start() in again:
            continue
        again |= {each.start() for each in restated(text, hit)} if zone_behind(text, hit.end()) is not None else set()
        end = zone_end(text, hit.end())
        covered = end or covered
        name = zones.named(text, hit.end(), end) if end is not None else ""
        if end is not None and not (name and zones.has_several(name)):
            continue
        severity = ERROR
        if name:
            own = zones.meaning(name, day=day, own=draft.tz)
            severity, said = (ERROR, offset) if own is None else (WARNING, times.offset(day.astimezone(own)))
            message = f"{name} means different times in different places. Write the offset: {hit.group()} ({said})."
        else:
            severity, said = WARNING if is_told else ERROR, offset
            message = f"{hit.group()} where? Add the offset: {hit.group()} ({offset})."
        yield findings.at(hit, code="C20", severity=severity, message=message, suggestions=(f"{hit.group()} ({said})",))


def _told_zones(draft: Draft, *, day: datetime) -> set[timedelta | None]:
    """How far from UTC the times of the subject and the body are, where they say it; None for a zone nobody knows."""
    found: set[timedelta | None] = set()
    for text in (draft.subject, draft.body):
        again: set[int] = set()  # in another zone, beside the writer's own
        for hit in CLOCK.finditer(text):
            if hit.start() in again or zone_behind(text, hit.end()) is None:
                continue
            again |= {each.start() for each in restated(text, hit)}
            said = zones.stated(text, hit.end(), day=day, own=draft.tz)
            if said is None and _OWN_TIME.match(text, hit.end()):  # “2.50 pm Malaysian time”: what readers there have
                said = draft.tz
            found.add(day.astimezone(said).utcoffset() if said is not None else None)
    return found


def zone_end(text: str, end: int) -> int | None:
    """Where the zone of the time that ends here ends: its own, or that of the range which it begins; None without."""
    own = zones.behind(text, end)
    if own is not None:
        return own.end()
    until = _RANGE.match(text, end)
    second = CLOCK.match(text, until.end()) if until is not None else None
    shared = zones.behind(text, second.end()) if second is not None else None
    return shared.end() if shared is not None else None


def range_end(text: str, clock: re.Match[str]) -> re.Match[str] | None:
    """The second time of a range that this one begins."""
    until = _RANGE.match(text, after_zone(text, clock.end()))
    return CLOCK.match(text, until.end()) if until is not None else None


def clock_of(match: re.Match[str]) -> time:
    """The time of day that CLOCK matched, on a 24-hour clock."""
    hour = int(
        match["hour4"] or match["hour5"] or match["hour6"] or match["hour"] or match["hour12"] or match["hour_dot"]
    )
    minute = int(
        match["minute4"]
        or match["minute5"]
        or match["minute6"]
        or match["minute"]
        or match["minute12"]
        or match["minute_dot"]
        or 0
    )
    half = (match["half"] or match["half12"] or "").lower()
    late = _LATE_IN_DAY.match(match.string, match.end()) if not half and 0 < hour < 12 else None
    if late is not None and (late["evening"] or hour >= _EVENING):
        half = "p"
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute)


def _same_time(promised: datetime, text: str, clock: re.Match[str]) -> bool:
    """Whether a clock time in the text is the promised one, in its own offset or else in the reader's zone."""
    local = in_stated_zone(promised, text, clock, tz=promised.tzinfo or UTC)
    if clock_of(clock) == time(local.hour, local.minute):
        return True
    # “05:30 PHT (16:30 EST)”: what EST means in North America, for those who write to it from elsewhere
    behind = zones.behind(text, clock.end())
    there = zones.american(behind["name"], day=promised) if behind is not None and behind["name"] else None
    return there is not None and clock_of(clock) == promised.astimezone(there).time().replace(second=0, microsecond=0)


def in_stated_zone(at: datetime, text: str, clock: re.Match[str], *, tz: tzinfo) -> datetime:
    """A moment in the offset that a clock time of the text carries, or else in the reader's zone."""
    stated = zones.stated(text, clock.end(), day=at, own=tz)
    return at.astimezone(stated or zones.of_all(text) or tz)
