"""C11, time and identity: since when, until when, which priority, which incident, which service."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from comms.choices import FINAL_KINDS, UpdateKind
from comms.rules.checking import check_places, check_times, recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from mim_portal.lib import findings, times
from mim_portal.lib.findings import ERROR, WARNING, Finding

# A start that is only known roughly agrees with what lies this near to it.
ROUGHLY: Final = timedelta(minutes=10)
_SINCE: Final = re.compile(
    r"\b(?:since|began|started|starting|beginning|from|as of the start|"
    r"first (?:(?:failures?|errors?|problems?|signs?|cases?)\s+)?(?:(?:was|were|is|are)\s+)?"
    r"(?:seen|reported|noticed|observed|appeared))"
    r"(?:\s+(?:about|around|at|approximately|shortly after|just after|today|this morning|this afternoon|the)){0,3}\s+$|"
    # “Ticket sales stopped at 17:30”; an attempt that failed is something else
    r"(?<!attempt )(?<!try )(?<!fix )(?<!repair )(?<!job )(?<!test )(?<!run )(?<!copy )(?<!change )(?<!patch )"
    r"\b(?:stopped(?: working)?|failed|broke(?: down)?|went (?:down|offline|out)|crashed|froze)\s+"
    r"(?:at|(?:just|shortly) after|about|around)\s+$|"
    r"(?:^|[,;|(]\s*)start\s+$|"
    r"\b(?:seit|depuis)(?:\s+(?:etwa|ungefähr|ca\.|heute|environ|vers)){0,2}\s+$|"
    r"\bdesde(?:\s+(?:hoy|aproximadamente|a|las?)){0,4}\s+$|"
    r"(?:^|\n|(?<=[.;!?]))[ \t]*(?:[-*•|][ \t]*|\(?\w[.)]\s)?[*_]*(?:"
    r"local start|start(?:ed|s)?|start time|began|since(?: when)?|seit(?: wann)?|"
    r"depuis(?: quand)?|desde(?: cuándo)?|when)[*_]*\s*[:?|][*_]*\s*$",
    re.IGNORECASE,
)
# “Operations from 10:00 may have to wait”: the record may say the same of something else than the start.
_FROM: Final = re.compile(r"(?:\bfrom|[(]start)\s+$", re.IGNORECASE)
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
    r"as usual|normally|in (?:use|place|test|service)|extra|additional|second|spare|backup|"
    r"nothing|new since|(?:last|"
    r"previous|first|our) (?:update|message)|watch(?:ing|ed)?|monitor(?:ing|ed)?|test(?:ing|ed)|rollback|"
    r"roll(?:ing|ed)? back|"
    r"restart(?:ing|ed)?|rebuild(?:ing)?|replay|migration|failover|copy(?:ing)?|engineers?|bridge|manager|command|next|"
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
# “It works again since 11:05 (it began at 09:10)”
_IT_BEGAN: Final = re.compile(r"\bit (?:had )?(?:beg[au]n|started) at\s+$", re.IGNORECASE)
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
    r"\b(?:restored|recovered|back|again|work(?:ing|ed)|resolved)\b[^.\n]{0,40}?\b(?:at|since|from|by)\s+$|"
    r"(?:^|\n)[^\w\n]*(?:restored|recovered|resolved|working again|end(?:ed)?)\s*[:|]\s*$",
    re.I,
)
# “The Payments API has answered normally since 20:48”: of what is over, when it came back.
_SINCE_ONLY: Final = re.compile(
    r"\bsince\s+(?:(?:about|around|approximately|(?:just|shortly) (?:after|before))\s+)?$", re.IGNORECASE
)
# “Since 20:15 (UTC+0) we are sending forms over a second line”
_WE_ARE_AT: Final = re.compile(
    r"[\d:.]+\s?(?:[ap]\.?m\.?)?\s*(?:\([^()\n]*\)|UTC|GMT)?,?\s*we\s+(?:are|have|now)\b", re.I
)
_HAS_DONE: Final = re.compile(r"\b(?:has|have)\b(?!\s+(?:not|never|no)\b)", re.IGNORECASE)
# A line of a table of times: “06:40 Employees start to report that they cannot clock in”.
_BEGINS_LINE: Final = re.compile(r"(?:^|\n)[^\w\n]*$")
_STARTS: Final = re.compile(r"\b(?:starts?|started|begins?|began|first)\b", re.IGNORECASE)
_STOPPED: Final = re.compile(r"\bstopped\s+(?:working|responding|accepting|loading|answering)\b", re.IGNORECASE)
_RETURNED: Final = re.compile(r"\b(?:restored|recovered|back|works? again)\b", re.IGNORECASE)
# The head of a table whose column says since when.
_START_COLUMN: Final = re.compile(r"(?i)\b(?:start(?:ed)?|since|began|down from|failed at)\b")
_PRIORITY: Final = re.compile(r"(?<![\w-])(?:P([1-5])|(?:priority|sev(?:erity)?)[ -]?([1-5]))(?![\w-])", re.IGNORECASE)
_CHANGED: Final = re.compile(
    r"\b(?:from|was|previously|downgrade[ds]?|lowered|raised|upgrade[ds]?|now|to)\b", re.IGNORECASE
)
_REFERENCE: Final = r"MI-\d{4}-\d{3,9}"
_CANNOT: Final = re.compile(
    r"\b(?:cannot|can['’]?t|could not|unable|unavailable|not working|not available|down|offline|without|no access|"
    r"fail(?:s|ed|ing)?|(?:do|does|did) not (?:work|open|load|start|respond|print|arrive)|affected)\b",
    re.I,
)
_BACK: Final = re.compile(r"\b(?:again|restored|recovered|back)\b", re.IGNORECASE)  # of a message that it is over
_NOT: Final = re.compile(r"\b(?:not affected|unaffected|works?|working|available|instead|by)\b", re.IGNORECASE)
_NOT_BACK: Final = re.compile(r"\b(?:not affected|unaffected|never|instead|by)\b", re.IGNORECASE)
# Beside the incident's own service: “MyHR is down too”, “it depends on Single Sign-On”.
_BESIDE: Final = re.compile(
    r"\b(?:also|too|as well|both|because|depends?|needs?|uses?|through|via|other|with)\b", re.IGNORECASE
)


# The harm told of a service right behind its name (“MyHR is down”), or right before it (“this affects MyHR”).
_IS_DOWN: Final = re.compile(
    r"(?:\s+(?:service|system|application|app|portal|platform|site|website))?\s+(?:"
    r"(?:(?P<past>was|were|had been)|is|are|has been|have been|remains?|stays?)\s+"
    r"(?:(?:still|currently|now|completely|fully|partly|partially|largely|mostly)\s+){0,2}"
    r"(?:down|unavailable|offline|unreachable|broken|affected|impacted|interrupted|out of (?:order|service)|"
    r"not\s+(?:\w+ly\s+)?(?:working|available|reachable|responding|loading|opening|usable|accessible))|"
    r"(?:do|does)\s+(?:still\s+)?not\s+(?:work|load|open|respond|start|answer)|"
    r"(?:has|have)\s+not\s+been\s+(?:working|available|accepting|loading|responding|answering)|"
    r"(?:has|have)\s+been\s+failing|stopped\s+(?:working|responding|loading|accepting)|"
    r"(?:is|are|keeps?)\s+(?:failing|crashing|timing\s+out|returning\s+(?:errors?|HTTP))|"
    r"returns?\s+(?:an?\s+)?(?:errors?|(?:HTTP\s+)?[45]\d\d)|"
    r"cannot\s+be\s+(?:reached|used|opened|accessed))\b",
    re.IGNORECASE,
)
_BRINGS_DOWN: Final = re.compile(
    r"(?<!not )(?<!never )(?<!without )(?<!no longer )(?<!no )(?<!any )(?<!known )\b"
    r"(?:affects|affecting|impacts|impacting|(?:outage|problem|issue|trouble|disruption)s? (?:of|in|at|with)|"
    r"(?:cannot|can['’]?t|unable to|not able to)\s+(?:use|reach|open|access|(?:sign|log)\s+in\s+to)|no access to)"
    r"\s+(?:the\s+|our\s+)?$",
    re.IGNORECASE,
)
# What is not said of now and of this incident: a condition, a plan, what others say, another incident.
_NOT_STATED: Final = re.compile(
    r"\b(?:if|when(?:ever)?|once|unless|in case|whether|should|would|could|may|might|will|planned|maintenance|"
    r"yesterday|last (?:week|month|year|night)|no longer|separate(?:ly)?|unrelated|another incident|MI-\d{4}|"
    r"sa(?:y|ys|id)|report(?:s|ed)?|told|claim(?:s|ed)?|rumou?rs?|also|too|as well|both|because|depends?)\b|\?",
    re.IGNORECASE,
)
# What stands before the subject of a sentence or a heading: “P1 | MI-2026-0042 | Payroll”.
_LEADS: Final = re.compile(
    r"(?:^|[|•–—]\s*|^\W*(?:P[1-5]|MI-\d{4}-\d+)\W+(?:P[1-5]\W+)?|\b(?:service|system)\s*:\s*|"
    r"^\W*(?:update|news|notice|information|briefing)\s+(?:on|about|for)\s+)[*_\[(]*(?:(?:the|our)\s+)?$",
    re.IGNORECASE,
)
# Of a message that it is over, what is said to be back right behind its name.
_IS_BACK: Final = re.compile(
    r"\s+(?:(?:is|are)\s+(?:now\s+)?(?:back|restored|(?:working|available|up)\s+again)|was\s+restored|"
    r"(?:has|have)\s+(?:now\s+)?(?:been\s+)?(?:restored|recovered|back|available\s+again|"
    r"(?:worked|working|operated|operating|run|running|answered|answering)\s+(?:normally|again|as\s+usual)))\b",
    re.IGNORECASE,
)
_WELL: Final = re.compile(
    r"\b(?:not affected|unaffected|works?|working|available|instead|by|open|fine|normal(?:ly)?|as usual|runs?|running|"
    r"can)\b",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"[“„«\"][^“”„«»\"\n]{0,80}[”“»\"]")
# “Rostering is not working” says no good of it.
_NO_GOOD: Final = re.compile(
    r"(?:\bnot|\bnever|n[’']t)\s+(?:yet\s+|\w+ly\s+)?(?:works?|working|available|worked)\b", re.IGNORECASE
)


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
    lead = part.text[: max(at - part.start, 0)]
    return _SINCE_ONLY.search(before) is not None and not _HARM.search(lead) and _HAS_DONE.search(lead) is not None


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
    if sum(1 for _each in check_times.CLOCK.finditer(text, begin, clock.start())) or not begin:
        return False
    if not re.fullmatch(r"[\w'’. -]{2,40}(?:\s{2,}|\t|\s*[|,;]\s*)", text[begin : clock.start()]):
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
    is_told = _IT_BEGAN.search(before) is not None or _HAD_LASTED.search(before) is not None
    return is_told or part not in of_other_starts or _is_harm_nearest(part, at)


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


def service(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: another service that does not work. It stops the message where it stands for the incident's own, and where
    the text says outright that it is down while the record holds no word of it and nothing links the two.
    """
    record = draft.recorded
    if record is None or not record.service:
        return
    own = record.service.casefold()
    said = " ".join(record.texts).casefold()
    well = record.not_affected.casefold()
    # Of those that the record names beside its own, only the well ones cannot be down, or back.
    others = {
        name: name.casefold() not in said
        for name in draft.known.services
        if (name.casefold() in well or name.casefold() not in said) and name.casefold() not in own
    }
    pattern = findings.any_of(others, within=text, flags=re.NOFLAG)
    is_over = draft.kind in FINAL_KINDS
    is_named = own in draft.body.casefold()
    for sentence in sentences.statements(text):
        is_harm = (
            _CANNOT.search(sentence.text) is not None
            or check_places.says_what(record, sentence)
            or (is_over and _BACK.search(sentence.text) is not None)
        )
        for hit in pattern.finditer(sentence.text):
            is_stated = _is_said_down(draft, sentence, hit)
            rest = _NO_GOOD.sub("", sentence.text[hit.end() :])
            is_subject = not is_named and _stands_first(
                sentence, hit, rest, reference=record.reference or "MI-", is_over=is_over
            )
            is_unknown = others[hit.group()]
            is_about = is_unknown and is_harm and not (_NOT_BACK if is_over else _NOT).search(rest)
            if not (is_stated or is_about or is_subject):
                continue
            start = sentence.start + hit.start()
            yield Finding(
                code="C11",
                severity=ERROR if is_stated or is_subject or _is_instead(draft, record, sentence) else WARNING,
                message=f"The record says {record.service}; the text says {hit.group()}.",
                start=start,
                end=start + len(hit.group()),
                text=hit.group(),
                suggestions=(record.service,),
                rule="service",
            )


def _stands_first(sentence: Sentence, hit: re.Match[str], rest: str, *, reference: str, is_over: bool) -> bool:
    """Whether the sentence or heading is about this service: of a message that names its own nowhere, it is the wrong
    one, unless it is said to be well, or is what people may use instead.
    """
    if not _LEADS.search(sentence.text[: hit.start()]) or _NOT_STATED.search(rest.replace(reference, "")):
        return False
    return _NOT_BACK.search(rest) is None if is_over else _WELL.search(rest) is None


def _is_said_down(draft: Draft, sentence: Sentence, hit: re.Match[str]) -> bool:
    """Whether the sentence says outright, to readers beyond the technical teams, that this very service is down now
    (or was, where it is over). What needs it, or is needed by it, may be down with it.
    """
    if not draft.outside or hit.group() in draft.known.related:
        return False
    behind = _IS_DOWN.match(sentence.text, hit.end())
    is_told = behind is not None and (behind["past"] is None or draft.kind in FINAL_KINDS)
    is_told = is_told or (draft.kind in FINAL_KINDS and _IS_BACK.match(sentence.text, hit.end()) is not None)
    if not is_told and not _BRINGS_DOWN.search(sentence.text[: hit.start()]):
        return False
    said = _QUOTED.sub("", sentence.text)
    return hit.group() in said and not _NOT_STATED.search(said) and not check_places.tells_of_before(draft, sentence)


def _is_instead(draft: Draft, record: Recorded, sentence: Sentence) -> bool:
    """Whether another service stands for the incident's own: the text names that nowhere, or the sentence tells the
    recorded harm without it (“cannot submit timesheets in Rostering”).
    """
    own = record.service.casefold()
    if own not in f"{draft.subject} {draft.body}".casefold():
        return True
    named = re.sub(rf"^\W*{re.escape(own)}\s*[:–—-]\s", "", sentence.text.casefold())  # “Payroll: …” is a heading
    # “Claims” is not named by “cannot save claims”
    is_named = record.service in sentence.text if own in record.activity.casefold() else own in named
    if is_named or _BESIDE.search(sentence.text):
        return False
    told = recorded.content_words(record.activity)
    return len(told) > 1 and told <= recorded.content_words(sentence.text)
