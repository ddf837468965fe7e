"""C11, identity: another service than the record's that does not work, or is back (domain.md 4.3)."""

import re
from collections.abc import Iterator
from datetime import time
from typing import Final

from comms.choices import FINAL_KINDS
from comms.rules.checking import recorded, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import amounts, written_numbers
from comms.rules.checking.places import check_places, place_words
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from comms.rules.checking.services import check_stand_ins
from comms.rules.checking.times import check_times, since_words
from incidents.choices import IncidentState
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, WARNING, Finding

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
    r"(?:(?:still|currently|now|completely|fully|partly|partially|largely|mostly|severely|intermittently)\s+){0,2}"
    r"(?:down|unavailable|offline|unreachable|broken|affected|impacted|interrupted|out of (?:order|service)|out for|"
    r"degraded|impaired|unstable|unreliable|disrupted|"
    r"not\s+(?:\w+ly\s+)?(?:working|available|reachable|responding|loading|opening|usable|accessible))|"
    r"(?:is|are|was|were)n['’]t\s+(?:\w+ly\s+)?(?:working|available|reachable|responding|loading|opening)|"
    r"(?:will\s+not|won['’]t)\s+(?:work|load|open|respond|start|scan|print|answer|connect)|"
    r"(?:do|does)\s+(?:still\s+)?not\s+(?:work|load|open|respond|start|answer)|"
    r"(?:has|have)\s+not\s+been\s+(?:working|available|accepting|loading|responding|answering)|"
    r"continues?\s+to\s+(?:be\s+(?:affected|unavailable|degraded|impaired|disrupted|down)|fail)|"
    r"(?:is|are)\s+out\s+(?:on|at|in|across|of)|(?:has|have)\s+been\s+failing|freezes|hangs|stopped\s+(?:working|responding|loading|accepting)|"
    r"(?:is|are|keeps?)\s+(?:failing|crashing|timing\s+out|returning\s+(?:errors?|HTTP))|"
    r"returns?\s+(?:an?\s+)?(?:errors?|(?:HTTP\s+)?[45]\d\d)|"
    r"cannot\s+be\s+(?:reached|used|opened|accessed))\b",
    re.IGNORECASE,
)
_BRINGS_DOWN: Final = re.compile(
    r"(?<!not )(?<!never )(?<!without )(?<!no longer )(?<!no )(?<!any )(?<!known )\b"
    r"(?:affects|affecting|impacts|impacting|(?:outage|problem|issue|trouble|disruption)s? (?:of|in|at|with)|"
    r"(?:cannot|can['’]?t|unable to|not able to|"
    r"(?:nobody|no one|none)\b[^.;\n]{0,60}?\bcan)\s+(?:use|reach|open|access|(?:sign|log)\s+in\s+to)|no access to)"
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
    r"(?:^|[|•–—]\s*|^\W*(?:(?:P[1-5]|[A-Z]{2,5}-?\d[\d-]+)\W+){1,2}|\b(?:service|system|what|application|product)\s*:\s*|"
    r"^\W*(?:update|news|notice|information|briefing)\s+(?:on|about|for)\s+|"
    # “Service affected: Payroll”, “Current status: Payroll is degraded”
    r"^\W*(?:(?:service|system)s?\s+(?:affected|impacted)|(?:affected|impacted)\s+(?:service|system)s?|"
    r"(?:current\s+)?(?:status|position|situation)|headline|summary)\s*:\s*|"
    # “an enquiry about Payroll”, “the disruption to Payroll”, “to restore Payroll”
    r"\b(?:about|regarding|concerning|(?:disruption|outage|interruption|problem|issue|incident|degradation|fault)s?\s+"
    r"(?:to|with|of|in|at|on|affecting)|restor(?:e|es|ing|ation\s+of)|(?:report|confirm|announce)\s+that|"
    r"(?:declined|rejected|refused)\s+by|(?:report|say|news)\s+(?:on|about)|(?:part|path)\s+of|"
    r"bring(?:ing)?|switch(?:ing)?|test(?:ing)?|check(?:ing)?|restart(?:ing)?|repair(?:ing)?|watch(?:ing)?|monitor(?:ing)?|eye\s+on)\s+)[*_\[(\s]*(?:(?:the|our)\s+)?$",
    re.IGNORECASE,
)
# Of a message that it is over, what is said to be back right behind its name.
_IS_BACK: Final = re.compile(
    r"\s+(?:(?:is|are)\s+(?:now\s+)?(?:back|restored|(?:working|available|up)\s+again)|was\s+restored|"
    r"(?:has|have)\s+(?:now\s+)?(?:been\s+)?(?:now\s+)?(?:fully\s+|completely\s+)?(?:restored|recovered|back|available\s+again|"
    r"(?:worked|working|operated|operating|run|running|answered|answering)\s+(?:normally|again|as\s+usual)))\b",
    re.IGNORECASE,
)
_WELL: Final = re.compile(
    r"\b(?:not affected|unaffected|works?|working|available|instead|by|open|fine|normal(?:ly)?|as usual|runs?|running|"
    r"can)\b",
    re.IGNORECASE,
)
# “Cannot submit timesheets in MyHR”
_IN_IT: Final = re.compile(r"\b(?:in|with|through|via|using|on|to)\s+(?:the\s+|our\s+)?$", re.IGNORECASE)
# “Service: MyHR”, “a workaround for MyHR”, “an incident began in MyHR”, “the P1 incident MIL-9034 in MyHR was closed”
_IS_FIELD: Final = re.compile(
    r"(?:^|[\n|])[^\w\n]*(?:(?:affected\s+|impacted\s+)?(?:service|system)s?(?:\s+(?:affected|impacted))?|affected|impacted)"
    r"\s*[:|]\s*[*_]*$|\b(?:affected|impacted)\s+(?:service|system)\s+is\s+(?:the\s+)?$",
    re.I,
)
_INCIDENT_IN: Final = re.compile(
    r"\b(?:workaround|way\s+round|reference)\s+(?:for|of|to)\s+(?:the\s+|our\s+)?$|"
    r"\bincident\b(?:\s+[A-Z]{2,5}-?\d[\d-]+)?(?:\s+(?:was\s+|is\s+)?(?:began|started|opened|open|closed|raised|declared))?"
    r"\s+(?:in|of|for|with|on)\s+(?:the\s+|our\s+)?$",
    re.IGNORECASE,
)
_BEHIND_NUMBER: Final = re.compile(r"^\W*(?:.{0,30}\bfor\s+)?(?:[A-Z]{2,5}-?\d[\d-]+|P[1-5])\W*(?:\(?P[1-5]\)?)?,\s+$")
_BEFORE_NUMBER: Final = re.compile(r",\s+(?:[A-Z]{2,5}-?\d[\d-]+|P[1-5]\b)")
# “Payroll and E-mail run normally.”, of no place and of no time of day alone.
_RUNS_AS_USUAL: Final = (
    r"(?:,?\s+(?:and|or)\s+[A-Z][\w -]{2,40}?)?,?(?:\s+for\s+(?:its|their)\s+part,)?\s+"
    r"(?:(?:(?:is|are|remains?|stays?)\s+(?:open|available|working|running|operating)|works?|runs?|operates?)\s+"
    r"(?:normally|as\s+(?:usual|planned|normal|they\s+should|it\s+should))|(?:is|are)\s+not\s+affected|"
    r"(?:is|are)n['’]t\s+affected)(?=\s*[.;\n]|\s*$)"
)
# Of a message that names its own service nowhere: what does not do as it should, in other words than “down”.
_BROKEN: Final = re.compile(
    r"\b(?:(?:is|are|was|were|has|have|had|do|does|did|will)\s*(?:not|n['’]t)|incomplete|missing|stale|late|patchy|lost|"
    r"wrong(?:ly)?|twice|hang(?:s|ing)?|errors?|broken|declined|rejected|turned down|refused|trouble|problems?|"
    r"standing still|stuck|stopped|cut off|fr(?:ee|o)z\w+)\b",
    re.IGNORECASE,
)
# What the other service is beside the incident's own: needed by it, a way round it, hurt by it, or another matter.
_ASIDE: Final = re.compile(
    r"\b(?:also|too|as well|both|because|depends?|needs?|via|other|another|instead|please|can|should|must|if|when|"
    r"until|once|unless|separate(?:ly)?|affected|impacted|switch(?:ed|ing)?|moved|only)\b|\?",
    re.IGNORECASE,
)
_CAN_AGAIN: Final = re.compile(r"\bcan(?=\s[^.;\n]{0,80}\bagain\b)", re.IGNORECASE)  # “You can log in to MyHR again”
_STEPWISE: Final = re.compile(r"\b(\w+)\s+by\s+\1\b", re.IGNORECASE)  # “step by step”, by which nothing is well
_MANY: Final = 10  # a smaller number is soon the same by chance
_FAR: Final = 300  # characters around a name that say something of it
_QUOTED: Final = re.compile(r"[“„«\"][^“”„«»\"\n]{0,80}[”“»\"]")


def service(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: another service that does not work. It stops the message where it stands for the incident's own, and where
    the text says outright that it is down while the record holds no word of it and nothing links the two.
    """
    record = draft.recorded
    if record is None or not record.service:
        return
    own = record.service.casefold()
    said = record.folded
    well = record.not_affected.casefold()
    # Of those that the record names beside its own, only the well ones cannot be down, or back.
    others = {
        name: name.casefold() not in said
        for name in draft.known.services
        if (name.casefold() in well or name.casefold() not in said) and name.casefold() not in own
    }
    pattern = findings.any_of(others, within=text, flags=re.NOFLAG)
    is_over = draft.kind in FINAL_KINDS
    stand_ins = check_stand_ins.StandIns(draft, record, unknown=[name for name, is_so in others.items() if is_so])
    is_named = stand_ins.is_named
    for sentence in sentences.statements(text):
        is_harm = (
            _CANNOT.search(sentence.text) is not None
            or check_places.says_what(record, sentence)
            or (is_over and _BACK.search(sentence.text) is not None)
        )
        has_impact: bool | None = None
        for hit in pattern.finditer(sentence.text):
            is_stated = _is_said_down(draft, sentence, hit)
            rest = _STEPWISE.sub("", since_words.NOT_WORKING.sub("", sentence.text[hit.end() : hit.end() + _FAR]))
            is_subject = not is_named and _stands_first(
                sentence, hit, rest, reference=record.reference or "MI-", is_over=is_over
            )
            is_unknown = others[hit.group()]
            lead = sentence.text[max(hit.start() - _FAR, 0) : hit.start()]
            is_meant = is_unknown or (_IN_IT.search(lead) is not None and _CANNOT.search(lead) is not None)
            is_about = is_meant and is_harm and not (_NOT_BACK if is_over else _NOT).search(rest)
            is_subject = is_subject or _is_identified(sentence, hit, record.reference)
            if is_unknown and not is_subject:
                if has_impact is None:
                    has_impact = _has_the_impact(draft, record, sentence, is_named=is_named)
                is_subject = has_impact or stand_ins.are(sentence, hit)
            if not (is_stated or is_about or is_subject):
                continue
            yield findings.at(
                hit,
                code="C11",
                severity=ERROR if is_stated or is_subject or _is_instead(draft, record, sentence) else WARNING,
                message=f"The record says {record.service}; the text says {hit.group()}.",
                suggestions=(record.service,),
                rule="service",
                offset=sentence.start,
            )


def _has_the_impact(draft: Draft, record: Recorded, sentence: Sentence, *, is_named: bool) -> bool:
    """Whether the sentence tells what the record counts (“around 5,200 customers”), or since when it is, of another
    service than the incident's, which it does not name; or, of a message that names that nowhere, any harm.
    """
    said = _QUOTED.sub("", sentence.text)
    if draft.kind in FINAL_KINDS:
        said = _CAN_AGAIN.sub("", said)
    if (
        record.service.casefold() in said.casefold()
        or _ASIDE.search(said)
        or _WELL.search(since_words.NOT_WORKING.sub("", said))
    ):
        return False
    if check_places.tells_of_before(draft, sentence):
        return False
    is_back = draft.kind in FINAL_KINDS and _BACK.search(said)
    if not is_named and (_BROKEN.search(said) or place_words.AFFECTED.search(said) or is_back):
        return True
    counts = [each for text in (record.count, *record.other_texts) for each in written_numbers.of_record(draft, text)]
    told = (amount for amount, _about in written_numbers.written(draft, sentence.text))
    if any(amount.high >= _MANY and amounts.agree(amount, each) for amount in told for each in counts):
        return True
    began = record.since.astimezone(draft.tz) if record.since is not None else None
    return began is not None and any(
        check_times.clock_of(clock) == time(began.hour, began.minute)
        for clock in check_times.CLOCK.finditer(sentence.text)
    )


def _is_identified(sentence: Sentence, hit: re.Match[str], reference: str) -> bool:
    """“INC-60417 (P1), MyHR”, “MyHR, INC-60417”: beside the incident's own number; or what the incident is said to be
    in.
    """
    lead = sentence.text[max(hit.start() - 80, 0) : hit.start()]
    if _IS_FIELD.search(lead) or _INCIDENT_IN.search(lead):
        return True
    number = _BEHIND_NUMBER.search(lead) or _BEFORE_NUMBER.match(sentence.text, hit.end())
    return number is not None and bool(reference) and reference in number.group()


def called_well(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: the incident's own service among those that are said to run as usual, while it does not."""
    record = draft.recorded
    if record is None or not record.service or draft.kind in FINAL_KINDS or draft.state == IncidentState.MONITORING:
        return
    for hit in re.finditer(rf"(?<!\w){re.escape(record.service)}{_RUNS_AS_USUAL}", text):
        message = f"The record says that {record.service} is affected; the text says that it is not."
        yield findings.at(hit, code="C11", severity=ERROR, message=message, rule="service_well")


def _stands_first(sentence: Sentence, hit: re.Match[str], rest: str, *, reference: str, is_over: bool) -> bool:
    """Whether the sentence or heading is about this service: of a message that names its own nowhere, it is the wrong
    one, unless it is said to be well, or is what people may use instead.
    """
    lead = sentence.text[max(hit.start() - _FAR, 0) : hit.start()]
    if not _LEADS.search(lead) or _NOT_STATED.search(rest.replace(reference, "")):
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
    if not is_told and not _BRINGS_DOWN.search(sentence.text[max(hit.start() - _FAR, 0) : hit.start()]):
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
