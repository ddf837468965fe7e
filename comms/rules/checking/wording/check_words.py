"""Words that promise, guess, play down or pass on (C03, C04, C06, C07, C12, C18, C22, C24)."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from comms.choices import FINAL_KINDS, AudienceCode, UpdateKind
from comms.rules.checking.draft import Draft
from incidents.choices import UNRESTORED_STATES, IncidentState
from mim_portal.lib import blame_lint, findings
from mim_portal.lib.findings import ERROR, WARNING, Finding

SAME_AS_BEFORE: Final = 0.95
COMPARED_BY_LETTERS: Final = 1_000
_I: Final = re.IGNORECASE
# “Paying is not possible”, “where possible” are no guesses; “it is possible that …” is.
_SURE: Final = (
    *(
        "not",
        "is",
        "are",
        "be",
        "been",
        "as",
        "still",
        "if",
        "where",
        "wherever",
        "when",
        "whenever",
        "far",
        "best",
        "all",
    ),
    *("every", "soonest", "earliest", "much", "made", "makes", "remains"),
)
_NOT_SURE: Final = "".join(rf"(?<!\b{word} )" for word in _SURE)
# “You may have been signed out” is no guess at a cause.
_OF_READERS: Final = (
    r" (?:(?:un)?able|(?:un)?available|slow\w*|shown|sent|told|"
    r"(?!caused|introduced|triggered|damaged|corrupted|misconfigured|compromised|overloaded|changed)\w+ed)\b"
)
_SPECULATION: Final = re.compile(
    r"\b(?:we (?:think|believe|suspect|assume|guess|suppose)|(?:it )?appears? to (?:be|have)|seems? (?:to|like|that)|"
    rf"it looks like|(?:may|might|could) have been(?: caused|(?!{_OF_READERS}))|probabl[ye]|presumably|perhaps|maybe|"
    rf"possibly|possible(?=\s+that\b)|{_NOT_SURE}possible(?! to\b)|"
    r"most likely|(?:is|are) likely(?: to)?|potentially)\b",
    _I,
)
_CAUSE: Final = re.compile(
    # “Guests who are due to arrive”
    r"\b(?:caused by|due to(?! (?:arrive|depart|leave|return|begin|start|end|finish|open|close|land|travel|fly|sail|"
    r"be|come|go|meet|take|receive)\b)|"
    # “Because of the lost hours, due dates have moved”: what it led to
    r"because of(?! (?:the|this) (?:lost|missed|delay|delayed|outage|incident|disruption|interruption|downtime|"
    r"wait(?:ing)?)\b)|"
    r"root cause(?! (?:is|was)\b)|(?:as )?(?:a )?result of|owing to|"
    r"stems? from|"
    r"triggered by|"
    # “The cause is still under investigation” names none.
    r"the (?:root )?cause (?:is|was)"
    r"(?! (?:still |currently |now |being |yet )*(?:not (?:yet )?"
    r"(?:known|clear|confirmed|established|determined|identified|found)|"
    r"unknown|unclear|unconfirmed|undetermined|"
    r"due\b|planned|under (?:investigation|review)|investigated|looked|open|sought)\b))\b",
    _I,
)
_RESTORE: Final = (
    r"(?:fixed|restored|resolved|back(?: (?:up|online|to normal))?|working(?: again)?|available|recovered|repaired|up)"
)
_ETA: Final = re.compile(
    rf"\b(?:(?:will|should|shall|is going to|are going to) (?:all )?be (?:fully )?{_RESTORE}[^.\n]{{0,20}}?\b"
    r"(?:by|at|in|within|before|around|between)\b|"
    r"\bE\.?T\.?A\b|expect(?:ed|ing|s)? (?:a |the |full )?(?:resolution|fix|restoration|recovery|service to be)|"
    rf"expect(?:ed|s)?(?: it)? to be {_RESTORE}|estimated (?:time|resolution|fix|restoration))",
    _I,
)
# “There is no ETA”, “avoid offering an estimated time” promise nothing.
_NO_ETA: Final = re.compile(
    r"(?:\b(?:no|not|nor|never|without|cannot|avoid\w*|refrain\w*)\b|n['’]t\b)[^.;:\n]{0,40}$", _I
)
# “ETA: not available as of now”, “ETA: will advise”
_NO_ETA_YET: Final = re.compile(
    r"[^\w\n]*(?:not?\b|none|unknown|n/a|will (?:advise|follow|be (?:advised|given|shared))|"
    r"to (?:follow|be (?:advised|confirmed|given)))",
    _I,
)
_RANGE: Final = re.compile(
    r"\bbetween\b.{1,30}\band\b|\d{1,2}:\d{2}[^.\n]{0,12}?(?:-|–|to|and)\s?\d{1,2}:\d{2}|"
    r"\d+\s?(?:-|–|to)\s?\d+\s?(?:h|hours?|min|minutes?)",
    _I,
)
_STILL_WORKING: Final = re.compile(
    r"\b(?:(?:are|is|am|we['’]re)(?: \w+)? (?:investigating|looking into|working (?:on|to))|"
    r"continue(?:s)? to (?:investigate|work)|"
    r"still (?:investigating|working on|looking))\b",
    _I,
)
# “And are working on the other 1,800”: what is left to do while the service is back.
_REST: Final = re.compile(r"\s+(?:on\s+|through\s+)?(?:the\s+)?(?:others?|rest|remaining|remainder|last|backlog)\b", _I)
_CURRENTLY: Final = re.compile(r"\bcurrently\b", _I)
_DONE: Final = re.compile(
    r"\b(?:(?:was|were|is|are|has been|have been|is now|are now) (?:now |fully |completely )?(?:resolved|"
    r"restored(?! from\b)|fixed))\b",
    _I,
)
# “once we are confident that it is resolved”: in the same clause.
_DONE_NEGATED: Final = re.compile(
    r"\b(?:not|until|when|once|as soon as|after|before|if|whether|unless)\b[^.,;\n]{0,80}$", _I
)
_RESOLVED: Final = re.compile(r"\bresolved\b", _I)
# The word, and what to write instead (domain.md 4.4).
_MINIMISE: Final = (
    (r"minor|small(?= (?:issue|problem|outage))", "Readers decide what is minor. Say who is affected, and how."),
    (r"glitch(?:es)?|blips?|hiccups?|technical (?:issue|difficulties|problem)s?", "Say what people cannot do."),
    (r"just(?! (?:now|before|after))|only a few|merely", "Leave it out, or give the number."),
    (r"(?:any |the )?inconvenience", "Say one sincere line that names the effect."),
    (r"isolated|unprecedented|please bear with us", "Leave it out."),
    (
        r"(?:some|many|several|a number of|most|a few) (?:users?|customers?|people|staff|colleagues|sites?)",
        "Give a number, or “number being checked, by hh:mm”.",
    ),
    (r"(?:the )?system is down", "Say which activity, for whom."),
)
_MINIMISE_PATTERNS: Final = tuple((re.compile(rf"\b(?:{words})\b", _I), message) for words, message in _MINIMISE)
_ABSOLUTE: Final = re.compile(
    r"\b(?:guarantee[ds]?|never happen again|won['’]t happen again|no data (?:was|has been|is|were) lost|"
    r"(?<!found )no data loss|completely safe|fully secure|definitely|without (?:any )?doubt)\b|"
    r"\b100 ?(?:%|per ?cent\b)(?! (?:cpu|memory|disk|load|full|usage))",
    _I,
)
_NO_CHANGE: Final = re.compile(
    r"\bno (?:change|news|new information)\b[^.\n]{0,20}\bsince\b|"
    r"\bnothing has changed since\b",
    _I,
)
_PARTIES: Final = ("vendor", "supplier", "provider", "service desk", "third party", "contractor")
_THEN: Final = r"\s+(?:(?:team|staff|engineers?|people)\s+)?(?:(?:had|has|have|also|again|then|simply|once more)\s+)*"
_DID_WRONG: Final = re.compile(rf"{_THEN}(?:{blame_lint.WRONG_DEED})", _I)
_DID_NOT: Final = re.compile(
    rf"{_THEN}(?:failed\s+(?:to|us|again)|forgot(?:ten)?|ignored|missed|neglected|overlooked|omitted|botched|broke|caused|"
    r"(?:did\s+not|didn['’]t|never)\s+(?:tell|told|inform|report|notify|escalate|warn|check|test|notice|react|respond|"
    r"answer|renew|deliver|act|follow|care|read|plan|see)\w*|should\s+have)\b",
    _I,
)
# Hindsight in a review; in a message of now, a word too many: “you can simply connect as usual”.
_SOFT: Final = frozenset(
    ("simply", "of course", "clearly", "obvious", "obviously", "evident", "evidently", "needless to say")
)
_MESSAGE_BLAME: Final = ("B00", "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08")


def speculation(draft: Draft, text: str) -> Iterator[Finding]:
    """C03: guesses stay in the technical room."""
    if draft.outside:
        for hit in _SPECULATION.finditer(text):
            message = f"“{hit.group()}” is a guess. Say what is known, or what is being checked and until when."
            yield findings.at(hit, code="C03", severity=ERROR, message=message)


def cause(draft: Draft, text: str) -> Iterator[Finding]:
    """C04: no cause before it is confirmed, except among technical teams."""
    if draft.outside and not draft.cause_confirmed:
        for hit in _CAUSE.finditer(text):
            message = "The cause is not confirmed yet. Leave it out, or record its confirmation first."
            yield findings.at(hit, code="C04", severity=ERROR, message=message)


def eta(draft: Draft, text: str) -> Iterator[Finding]:
    """C06: no estimate of restoration; owners and executives may get an approved one, as a range."""
    if not draft.outside:
        return
    may_estimate = draft.eta_approved and draft.outside <= {AudienceCode.EXECUTIVES, AudienceCode.SERVICE_OWNERS}
    for hit in _ETA.finditer(text):
        is_noun = hit.group().casefold().startswith(("eta", "e.t", "est"))
        is_denied = _NO_ETA.search(text[max(hit.start() - 50, 0) : hit.start()]) or _NO_ETA_YET.match(text, hit.end())
        if is_noun and is_denied:
            continue
        if may_estimate and _RANGE.search(_sentence_around(text, hit)):
            continue
        if may_estimate:
            message = "Give the approved estimate as a range, with the time of the next decision."
        elif draft.eta_approved:
            message = "Estimates go to owners and executives only. Say when the next update comes."
        else:
            message = "This promises a time of repair that nobody approved. Say when the next update comes."
        yield findings.at(hit, code="C06", severity=ERROR, message=message)


def blame(draft: Draft, text: str) -> Iterator[Finding]:
    """C07: no blame in any message; people are named among technical teams only, the manager's contact anywhere."""
    codes = _MESSAGE_BLAME if draft.outside else _MESSAGE_BLAME[1:]
    known = draft.known
    not_people = (*known.services, *known.sites, *known.teams, *known.suppliers, *known.glossary)
    hits = blame_lint.lint(
        text, names=known.people, allowed_names=known.manager_names, codes=codes, not_people=not_people
    )
    for hit in hits:
        is_soft = hit.text.casefold() in _SOFT
        yield Finding(
            code="C07",
            severity=WARNING if is_soft else hit.severity,
            message=hit.message,
            start=hit.start,
            end=hit.end,
            text=hit.text,
            rule=hit.rule,
        )
    yield from _blamed_parties(draft, text)


def _blamed_parties(draft: Draft, text: str) -> Iterator[Finding]:
    known = draft.known
    parties = findings.any_of((*known.teams, *known.suppliers, *_PARTIES), within=text)
    # “Storage failed to mount” is a machine, whatever team is called so.
    sure = frozenset(each for each in known.teams if " " in each) | frozenset(known.suppliers)
    lead = re.compile(r"\b(?:caused by|because of|due to|fault of|result of|thanks to)\s+(?:the\s+|our\s+)?$", _I)
    for party in parties.finditer(text):
        if lead.search(text[: party.start()]):
            message = f"This makes “{party.group()}” the cause. State the condition instead."
            yield findings.at(party, code="C07", severity=ERROR, message=message, rule="party")
        elif _DID_WRONG.match(text, party.end()) or (party.group() in sure and _DID_NOT.match(text, party.end())):
            message = f"This says what “{party.group()}” did wrong. State the condition instead."
            yield findings.at(party, code="C07", severity=ERROR, message=message, rule="party")
        elif draft.plain and re.match(r"\s+team\b", text[party.end() :], _I):
            message = "Readers do not need the team's name. Write “our engineers”."
            yield findings.at(party, code="C07", severity=WARNING, message=message, rule="team_named")


def tense(draft: Draft, text: str) -> Iterator[Finding]:
    """C12: a message that says it is over does not investigate, and one that does not say so is not over."""
    if draft.kind in FINAL_KINDS:
        for pattern in (_STILL_WORKING, _CURRENTLY):
            for hit in pattern.finditer(text):
                if pattern is _STILL_WORKING and _REST.match(text, hit.end()):
                    continue
                message = f"The message says that the service is back, and “{hit.group()}” says that it is not."
                yield findings.at(hit, code="C12", severity=ERROR, message=message, rule="still_open")
        if draft.kind == UpdateKind.RESTORED and draft.state == IncidentState.MONITORING:
            for hit in _RESOLVED.finditer(text):
                message = "We are still watching. Write “working again; we are watching”."
                yield findings.at(
                    hit,
                    code="C12",
                    severity=WARNING,
                    message=message,
                    suggestions=("working again",),
                    rule="watching",
                )
    elif draft.state in UNRESTORED_STATES and draft.kind != UpdateKind.CORRECTION:
        for hit in _DONE.finditer(text):
            if not _DONE_NEGATED.search(text[max(hit.start() - 100, 0) : hit.start()]):
                message = f"The incident is {draft.state}. Record the restoration first, then send a restored message."
                yield findings.at(hit, code="C12", severity=ERROR, message=message, rule="not_over")


def restored(draft: Draft) -> Iterator[Finding]:
    """C12: a restored message while the record does not say that the service is back, confirmed by its users.

    It warns: a withdrawn declaration is told to its readers in such a message too.
    """
    if draft.kind == UpdateKind.RESTORED and draft.state in UNRESTORED_STATES:
        message = f"The incident is {draft.state}. Record the restoration first, and who of the users confirmed it."
        yield Finding(code="C12", severity=WARNING, field="kind", message=message, rule="not_restored")


def minimising(draft: Draft, text: str) -> Iterator[Finding]:
    """C18: words that play the effect down, or say “some users” without a number."""
    del draft
    for pattern, message in _MINIMISE_PATTERNS:
        for hit in pattern.finditer(text):
            yield findings.at(hit, code="C18", severity=WARNING, message=f"“{hit.group()}”: {message}")


def absolutes(draft: Draft, text: str) -> Iterator[Finding]:
    """C24: promises without end need evidence."""
    del draft
    for hit in _ABSOLUTE.finditer(text):
        message = f"“{hit.group()}” needs evidence. Say what was found so far, and until when you check."
        yield findings.at(hit, code="C24", severity=WARNING, message=message)


def no_news(draft: Draft) -> Iterator[Finding]:
    """C22: the last message again, without saying that nothing changed."""
    if not draft.previous_body.strip() or _NO_CHANGE.search(draft.body):
        return
    if _likeness(draft.previous_body, draft.body) > SAME_AS_BEFORE:
        message = "This is almost the last message. Say what is new, or “no change since hh:mm” and what is being done."
        yield Finding(code="C22", severity=WARNING, message=message)


def _likeness(before: str, after: str) -> float:
    """How much of two texts is the same, from 0 to 1; long ones by their words, which takes a moment, not minutes."""
    if max(len(before), len(after)) <= COMPARED_BY_LETTERS:
        return SequenceMatcher(None, before, after, autojunk=False).ratio()
    return SequenceMatcher(None, before.split(), after.split()).ratio()


def _sentence_around(text: str, hit: re.Match[str]) -> str:
    start = max(text.rfind(mark, 0, hit.start()) for mark in (". ", "\n"))
    ends = [end for mark in (". ", "\n") if (end := text.find(mark, hit.end())) >= 0]
    return text[start + 1 : min(ends, default=len(text))]
