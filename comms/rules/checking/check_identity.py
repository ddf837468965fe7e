"""C11, time and identity: since when, until when, which priority, which incident."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from comms.choices import FINAL_KINDS, UpdateKind
from comms.rules.checking import check_times, place_words, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.sentences import Sentence
from mim_portal.lib import findings, times
from mim_portal.lib.findings import ERROR, Finding

# A start that is only known roughly agrees with what lies this near to it.
ROUGHLY: Final = timedelta(minutes=10)
NEAR: Final = 400  # characters; longer than sentences are
_SINCE: Final = re.compile(
    r"\b(?:since|began|begun|onset (?:was|is)|started|commenced|starting|beginning|from|as of the start|"
    r"first (?:(?:failures?|errors?|problems?|signs?|cases?)\s+)?(?:(?:was|were|is|are)\s+)?"
    r"(?:seen|reported|noticed|observed|appeared))"
    r"(?:\s+(?:about|around|at|approximately|shortly after|just after|today|this morning|this afternoon|the)){0,3}\s+$|"
    # “Ticket sales stopped at 17:30”; an attempt that failed is something else
    r"(?<!attempt )(?<!try )(?<!fix )(?<!repair )(?<!job )(?<!test )(?<!run )(?<!copy )(?<!change )(?<!patch )"
    r"\b(?:stopped(?: \w+ing)?|failed|broke(?: down)?|went (?:down|offline|out|off)|crashed|froze|"
    r"(?:was|were) interrupted)\s+"
    r"(?:at|(?:just|shortly) after|about|around)\s+$|"
    r"(?:^|[,;.:|(\n]\s*(?:[-*•]\s*)?)(?:start(?:ed|s)?(?: time)?|onset)\s+$|"
    r"\bfirst (?:failures?|errors?|problems?|signs?|cases?)\s+(?:was|were|came|occurred|happened)\s+"
    r"(?:at|around|about)\s+$|"
    r"\b(?:seit|depuis)(?:\s+(?:etwa|ungefähr|ca\.|heute|environ|vers)){0,2}\s+$|"
    r"\bdesde(?:\s+(?:hoy|aproximadamente|a|las?)){0,4}\s+$|"
    r"(?:^|\n|(?<=[.;!?]))[ \t]*(?:[-*•|][ \t]*|\(?\w[.)]\s)?[*_]*(?:"
    r"local start|period|start(?:ed|s)?|start time|began|commenced|from(?=[*_]*\s*[:|])|"
    r"(?:ongoing |down |open )?since(?: when)?|seit(?: wann)?|"
    r"depuis(?: quand)?|desde(?: cuándo)?|when)[*_]*\s*[:?|][*_]*\s*$",
    re.IGNORECASE,
)
# “Operations from 10:00 may have to wait”: the record may say the same of something else than the start.
_FROM: Final = re.compile(r"(?:\bfrom|[(]start|(?:^|\n)[^\w\n]*period\s*:)\s+$", re.IGNORECASE)
_AHEAD: Final = re.compile(r"\b(?:will|should|please|plan(?:s|ned)?)\b", re.IGNORECASE)  # no start of what is
_ROUGHLY: Final = re.compile(
    r"\b(?:about|around|approximately|shortly after|just after|etwa|ungefähr|environ|vers|"
    r"aproximadamente(?: las?)?)\s+$",
    re.IGNORECASE,
)
# Something else than the harm began then: news, the work on it, the return of the service.
_OTHER_START: Final = re.compile(
    r"\b(?:again|restored|back|recovered|working|work(?:s|ed)|resolved|fixed|"
    r"(?:fix|repair|work|recovery|replacement)(?: (?:of|on) [^.;\n]{1,40}?)?(?: was| has been)? (?:started|beg[au]n)|"
    r"(?:was|were|been) (?:re)?started|no (?:change|news|new information)|"
    r"(?:not changed|unchanged|know(?:n)? (?:of )?this) since|(?:has|have) run|reload(?:ing|ed)?|vendors?|suppliers?|"
    r"as usual|normally|in (?:use|place|test|service)|extra|additional|second|spare|backup|"
    r"nothing|new since|(?:last|"
    r"previous|first|our) (?:update|message)|watch(?:ing|ed)?|monitor(?:ing|ed)?|test(?:ing|ed)|rollback|"
    r"roll(?:ing|ed)? back|"
    r"restart(?:ing|ed)?|rebuild(?:ing)?|replay|migration|failover|copy(?:ing)?|"
    r"engineers?|bridge|manager|command|next (?:update|message|step)|"
    r"wieder|behoben|funktioniert|nichts|keine (?:änderung|neuigkeiten)|meldung|verantwortlich|"
    r"de nouveau|rétabli|fonctionne|rien|aucun changement|message|responsable|"
    r"de nuevo|vuelven? a funcionar|restablecid[oa]s?|resuelt[oa]s?|sin (?:cambios|novedades)|nada|ningún cambio|"
    r"mensaje|actualización)\b",
    re.IGNORECASE,
)
# “Between 09:10 and 11:05 mail was late”: a start where the sentence tells the harm.
_BETWEEN: Final = re.compile(r"\bbetween\s+$", re.IGNORECASE)
# What the people cannot do. Nearer to the time than any other start, it is what began then: “nothing has changed:
# staff cannot sign in since 09:10”, “viewers cannot watch since 09:10”.
_HARM: Final = re.compile(
    r"\b(?:cannot|can['’]?t|could not|couldn['’]?t|unable|not able|without|fail(?:s|ed|ing)?|unavailable|"
    r"offline|down|late|delay(?:s|ed)?|affected|(?:do|does|did|is|are|was|were) not)\b(?P<verb>\s+\w+)?",
    re.IGNORECASE,
)
# “It works again since 11:05 (it began at 09:10)”, “start 09:10, detection 09:12, restored 11:05”
_IT_BEGAN: Final = re.compile(
    r"\bit (?:had )?(?:beg[au]n|started) at\s+$|(?:^|[,;.:|(\n])\s*(?:[-*•]\s*)?(?:start(?:ed)?(?: time)?|onset)\s+$",
    re.IGNORECASE,
)
# “It works again since 20:30, after nine hours (from 11:00)”
_HAD_LASTED: Final = re.compile(
    r"\b(?:after|lasted|unavailable|down|out|offline|failed)\b[^.;\n]{0,40}\b(?:hours?|hrs?|h|minutes?|mins?|min)"
    r"\s*,?\s*\(?(?:from|since|beginning at)\s+$",
    re.IGNORECASE,
)
# “It is not working since 09:10” tells when the harm began.
_NOT_WORKING: Final = re.compile(
    r"(?:(?:\bnot|\bnever|n[’']t)\s+(?:been\s+)?|\bstopped\s+)work(?:s|ed|ing)?\b", re.IGNORECASE
)
_RESTORED_AT: Final = re.compile(
    r"\b(?:restored|recovered|back|again|work(?:ing|ed)|resolved|ended)\b[^.\n]{0,40}?\b(?:at|since|from|by)\s+$|"
    # “Times: started 06:30 GMT, restored 12:10 GMT”
    r"[,;.:|(]\s*(?:restored|recovered|resolved|ended)\s+$|"
    r"(?:^|\n)[^\w\n]*(?:restored|recovered|resolved|working again|end(?:ed)?)\s*[:|]\s*$",
    re.I,
)
# “The Payments API has answered normally since 20:48”: of what is over, when it came back.
_SINCE_ONLY: Final = re.compile(
    r"\bsince\s+(?:(?:about|around|approximately|(?:just|shortly) (?:after|before))\s+)?$", re.IGNORECASE
)
# “Since 04:50 the jobs run one after the other”: what somebody does, or how something is, in a sentence without harm.
_DOES_NOW: Final = re.compile(
    r"\b(?:(?:has|have) been (?:on|in|running|working|with|under)|"
    r"runs?|sends?|uses?|goes|go|is with|are with|works?)\b"
)
_TROUBLE: Final = re.compile(
    r"\b(?:slow\w*|errors?|interrupt\w*|disrupt\w*|outages?|degraded|out of (?:order|service)|stuck|stopped|problems?|"
    r"no longer|queu(?:es?|ed|ing)|wait(?:s|ed|ing)?|incident|issues?|faults?|wrong|empty|missing|nothing|nobody)\b",
    re.IGNORECASE,
)
# “Since 20:15 (UTC+0) we are sending forms over a second line”
_WE_ARE_AT: Final = re.compile(
    r"[\d:.]+\s?(?:[ap]\.?m\.?)?\s*(?:\([^()\n]*\)|UTC|GMT)?,?\s*we\s+(?:are|have|now)\b", re.I
)
_HAS_BEEN: Final = re.compile(r"(?:\bha(?:s|ve)|['’](?:s|ve))\s+been\s+\w+ing\b", re.IGNORECASE)
_HAS_DONE: Final = re.compile(r"\b(?:has|have|can)\b(?!\s+(?:not|never|no)\b)", re.IGNORECASE)
# What was arranged since then, and not what came back: “an alarm at 70% has been in place since 21:00”.
_ARRANGED: Final = re.compile(
    r"\b(?:in place|on (?:watch|guard|call|duty|site)|has run|have run|alarms?|checks?|watch(?:es|ing)?|monitor\w*)\b",
    re.IGNORECASE,
)
# A line of a table of times: “06:40 Employees start to report that they cannot clock in”.
_BEGINS_LINE: Final = re.compile(r"(?:^|\n)[^\w\n]*$")
_STARTS: Final = re.compile(r"\b(?:starts?|started|begins?|began|first)\b", re.IGNORECASE)
_STOPPED: Final = re.compile(r"\bstopped\s+(?:working|responding|accepting|loading|answering)\b", re.IGNORECASE)
_RETURNED: Final = re.compile(r"\b(?:restored|recovered|back|works? again)\b", re.IGNORECASE)
_NEXT_IN_TABLE: Final = re.compile(r"[^\w\n]*(?:next|further|until|to|end|restored|back)\b", re.IGNORECASE)
# The head of a table whose column says since when.
_START_COLUMN: Final = re.compile(r"(?i)\b(?:start(?:ed)?|since|began|down from|failed at)\b")
_PRIORITY: Final = re.compile(
    r"(?<![\w-])(?:P([1-5])|(?:priority|sev(?:erity)?)(?:[ -]|\s*[:=]\s*|\s+is\s+)?([1-5]))(?![\w-])", re.IGNORECASE
)
_CHANGED: Final = re.compile(
    r"\b(?:from|was|previously|downgrade[ds]?|lowered|raised|upgrade[ds]?|now|to)\b", re.IGNORECASE
)
_REFERENCE: Final = r"MI-\d{4}-\d{3,9}"


def since(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: “since 08:10” where the record says 09:10; in a message that it is over, also since when it works again."""
    record = draft.recorded
    if record is None:
        return
    parts = tuple(sentences.statements(text))
    of_other_starts = {each for each in parts if _OTHER_START.search(_NOT_WORKING.sub("", each.text))}
    said_elsewhere = {check_times.clock_of(hit) for each in record.texts for hit in check_times.CLOCK.finditer(each)}
    own = {record.since.astimezone(draft.tz).time().replace(second=0, microsecond=0)} if record.since else set()
    seen: set[int] = set()
    for clock in check_times.CLOCK.finditer(text):
        if clock.start() in seen:
            continue
        before = _lead(text, clock.start())
        part = sentences.around(parts, clock.start())
        same = (clock, *check_times.restated(text, clock))
        is_back = _tells_return(before, part, clock.start()) or _returns_in_table(text, clock, record.service)
        if record.restored_at is not None and draft.kind in FINAL_KINDS and is_back:
            seen |= {each.start() for each in same}
            for each in same:
                is_exact = not _ROUGHLY.search(before)
                yield from _compared(draft, text, each, record.restored_at, is_exact=is_exact, what="works again since")
        elif (
            record.since is not None
            and (_tells_start(before, part, clock.start(), of_other_starts) or _starts_in_table(text, clock, part))
            and not (_FROM.search(before) and check_times.clock_of(clock) in said_elsewhere - own)
        ):
            seen |= {each.start() for each in same}
            is_exact = record.since_is_exact and not _ROUGHLY.search(before)
            for each in same:
                yield from _compared(draft, text, each, record.since, is_exact=is_exact, what="began at")
            yield from _until(draft, text, clock, before)


def _lead(text: str, at: int) -> str:
    """What stands before a time; of the line above it only a heading."""
    before = text[max(at - 60, 0) : at]
    told = before.rstrip()
    is_below = "\n" in before[len(told) :] and len(told.rpartition("\n")[2].split()) > 3
    return before[len(told) :] if is_below else before


def _tells_return(before: str, part: Sentence, at: int) -> bool:
    """Of a message that it is over: whether the time at this place is said to be when it came back."""
    if _RESTORED_AT.search(_NOT_WORKING.sub("", before)):
        return True
    near = _near(part, at)
    lead = near[: max(at - max(part.start, at - NEAR), 0)]
    if _SINCE_ONLY.search(before) is None or _HARM.search(lead) or _ARRANGED.search(lead):
        return False
    # “Since 21:38 our Checkout’s been taking payments”
    return _HAS_DONE.search(lead) is not None or (not _HARM.search(near) and _HAS_BEEN.search(near) is not None)


def _starts_in_table(text: str, clock: re.Match[str], part: Sentence) -> bool:
    """Whether a line of a table gives this time as the start: it begins with the time and tells how the harm began, or
    the head of its column says so.
    """
    if _BEGINS_LINE.search(text[max(clock.start() - 12, 0) : clock.start()]):
        line = text[clock.start() :].partition("\n")[0]
        return _STOPPED.search(line) is not None or (
            _STARTS.search(line) is not None and _HARM.search(line) is not None
        )
    begin = text.rfind("\n", 0, clock.start()) + 1
    if not begin or check_times.CLOCK.search(text, begin, clock.start()):
        return False
    if not re.fullmatch(r"[\w'’. -]{2,40}(?:\s{2,}|\t|\s*[|,;]\s*)", text[begin : clock.start()]):
        return False
    if _NEXT_IN_TABLE.match(text, begin):
        return False
    heads = (line for line in reversed(text[:begin].splitlines()) if not check_times.CLOCK.search(line))
    return _START_COLUMN.search(next(heads, "")) is not None


def _returns_in_table(text: str, clock: re.Match[str], service: str) -> bool:
    """Whether a line of a table gives this time as the return: “20:46 Order Gateway restored”."""
    if not _BEGINS_LINE.search(text[max(clock.start() - 12, 0) : clock.start()]):
        return False
    line = text[clock.end() :].partition("\n")[0]
    name = re.search(re.escape(service), line, re.IGNORECASE) if service else None
    return name is not None and _RETURNED.match(line[name.end() :].lstrip()) is not None


def _until(draft: Draft, text: str, clock: re.Match[str], before: str) -> Iterator[Finding]:
    """Of a message that it is over, the end of “from 02:10 to 04:45”."""
    record = draft.recorded
    is_from = _FROM.search(before) or _BETWEEN.search(before)
    if record is None or record.restored_at is None or draft.kind not in FINAL_KINDS or not is_from:
        return
    end = check_times.range_end(text, clock)
    if end is not None:
        yield from _compared(draft, text, end, record.restored_at, is_exact=True, what="works again since")


def _tells_start(before: str, part: Sentence, at: int, of_other_starts: Collection[Sentence]) -> bool:
    """Whether the time at this place is said to be when the harm began."""
    if _BETWEEN.search(before):
        return part not in of_other_starts and _HARM.search(part.text) is not None and not _AHEAD.search(part.text)
    if _WE_ARE_AT.match(part.text, max(at - part.start, 0)):
        return False
    if not _SINCE.search(before) or (_FROM.search(before) and _AHEAD.search(part.text)):
        return False
    if _SINCE_ONLY.search(before) and _DOES_NOW.search(near := _near(part, at)) and not _tells_harm(near):
        return False
    is_told = _IT_BEGAN.search(before) is not None or _HAD_LASTED.search(before) is not None
    return is_told or part not in of_other_starts or _is_harm_nearest(part, at)


def _near(part: Sentence, at: int) -> str:
    """The sentence around a place; of one without an end what is near."""
    return part.text[max(at - part.start - NEAR, 0) : max(at - part.start + NEAR, 0)]


def _tells_harm(text: str) -> bool:
    return any(pattern.search(text) for pattern in (_HARM, _TROUBLE, place_words.AFFECTED))


def _is_harm_nearest(part: Sentence, at: int) -> bool:
    """Whether the harm is told between the last other start and this place, and nothing else follows."""
    lead, rest = part.text[: at - part.start], part.text[at - part.start :]
    harm = max((hit.start() for hit in _HARM.finditer(lead)), default=-1)
    told = _HARM.sub(lambda hit: " " * len(hit.group()), _NOT_WORKING.sub(lambda hit: " " * len(hit.group()), lead))
    other = max((hit.start() for hit in _OTHER_START.finditer(told)), default=-1)
    return harm > other and not _OTHER_START.search(rest)


def _compared(
    draft: Draft,
    text: str,
    clock: re.Match[str],
    at: datetime,
    *,
    is_exact: bool,
    what: str,
) -> Iterator[Finding]:
    local = check_times.in_stated_zone(at, text, clock, tz=draft.tz)
    said = datetime.combine(local.date(), check_times.clock_of(clock))
    apart = abs(said - local.replace(tzinfo=None, second=0, microsecond=0))
    apart = min(apart, timedelta(days=1) - apart if apart < timedelta(days=1) else apart)
    if apart <= (timedelta(0) if is_exact else ROUGHLY):
        return
    message = f"The record says that it {what} {times.clock_time(at, draft.tz)}; the text says {clock.group()}."
    yield findings.at(clock, code="C11", severity=ERROR, message=message, suggestions=(f"{local:%H:%M}",), rule="time")


def priority(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: another priority than the incident has."""
    record = draft.recorded
    if record is None or not record.priority:
        return
    parts = tuple(sentences.statements(text))
    of_changes = {each for each in parts if _CHANGED.search(each.text)}
    for hit in _PRIORITY.finditer(text):
        said = f"P{hit[1] or hit[2]}"
        is_change = draft.kind == UpdateKind.DOWNGRADE or sentences.around(parts, hit.start()) in of_changes
        if said == record.priority or (is_change and said in record.former_priorities):
            continue
        message = f"The incident is {record.priority}; the text says {said}."
        yield findings.at(
            hit, code="C11", severity=ERROR, message=message, suggestions=(record.priority,), rule="priority"
        )


def reference(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: the number of another incident, which is not linked to this one."""
    record = draft.recorded
    if record is None or not record.reference:
        return
    known = " ".join(record.texts).upper()
    for hit in _references(record.reference).finditer(text):
        said = hit.group().upper()
        if said == record.reference or said in record.linked_references or said in known:
            continue
        message = f"This is {record.reference}; the text says {said}, which is not linked to it."
        yield findings.at(
            hit, code="C11", severity=ERROR, message=message, suggestions=(record.reference,), rule="reference"
        )


def _references(own: str) -> re.Pattern[str]:
    """Numbers of incidents: ours, and those in the shape of this one's, “INC-559034”."""
    shape = re.sub(r"\\?[0-9]+", lambda hit: rf"\d{{{len(hit.group())}}}", re.escape(own))
    is_like = re.search(r"[A-Za-z]", own) is not None and re.search(r"\d{4}", own) is not None
    return re.compile(rf"(?<![\w-])(?:{_REFERENCE}{f'|{shape}' if is_like else ''})(?![\w-])", re.IGNORECASE)
