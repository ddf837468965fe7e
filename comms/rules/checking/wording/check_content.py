"""What a message of its kind must say (domain.md 4.1): what is being done, what the reader does, how to get help, and
what only a message about the end, a correction or a handover says (C19, C28).

These look for words, so that they advise and never stop, and offer a sentence where one can be offered. One thing is
no matter of taste: a correction that does not say what was wrong corrects nothing (DESIGN 1a).
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final

from comms.choices import FAST_KINDS, PLAIN_AUDIENCES, AudienceCode, UpdateKind
from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from mim_portal.lib import findings, times
from mim_portal.lib.findings import ADVICE, ERROR, WARNING, Finding

_I: Final = re.IGNORECASE
USERS: Final = frozenset({AudienceCode.END_USERS, AudienceCode.PUBLIC})
_OUTSIDE: Final = frozenset(AudienceCode) - {AudienceCode.TECHNICAL}
_EVERYONE: Final = frozenset(AudienceCode)


class Asked(Enum):
    """What a kind asks of an element."""

    MUST = "must"
    MUST_NOT = "must not"


class Element(Enum):
    """A part of a message; its value is the rule of the finding."""

    DOING = "doing"
    WATCHING = "watching"
    ACTION = "reader_action"
    HELP = "help"
    DURATION = "duration"
    DATA = "data"
    APOLOGY = "apology"
    CAUSE = "cause"
    CONTACT = "contact"
    WRONG = "wrong"


# Kind × element, from domain.md 4.1. What is not in it is as the writer likes. The impact is C08, the next time C01,
# the workaround C15, an unconfirmed cause C04.
TABLE: Final[Mapping[str, Mapping[Element, Asked]]] = {
    UpdateKind.INITIAL: {Element.DOING: Asked.MUST, Element.ACTION: Asked.MUST, Element.HELP: Asked.MUST},
    UpdateKind.HOLDING: {Element.DOING: Asked.MUST, Element.APOLOGY: Asked.MUST_NOT},
    UpdateKind.UPDATE: {
        Element.DOING: Asked.MUST,
        Element.ACTION: Asked.MUST,
        Element.HELP: Asked.MUST,
        Element.APOLOGY: Asked.MUST_NOT,
    },
    UpdateKind.WORKAROUND: {
        Element.DOING: Asked.MUST,
        Element.ACTION: Asked.MUST,
        Element.HELP: Asked.MUST,
        Element.APOLOGY: Asked.MUST_NOT,
    },
    UpdateKind.RESTORED: {
        Element.WATCHING: Asked.MUST,
        Element.ACTION: Asked.MUST,
        Element.HELP: Asked.MUST,
        Element.DURATION: Asked.MUST,
        Element.DATA: Asked.MUST,
        Element.APOLOGY: Asked.MUST,
    },
    UpdateKind.CLOSURE: {
        Element.CAUSE: Asked.MUST,
        Element.ACTION: Asked.MUST,
        Element.HELP: Asked.MUST,
        Element.DURATION: Asked.MUST,
        Element.DATA: Asked.MUST,
        Element.APOLOGY: Asked.MUST,
    },
    UpdateKind.CORRECTION: {
        Element.WRONG: Asked.MUST,
        Element.ACTION: Asked.MUST,
        Element.HELP: Asked.MUST,
        Element.APOLOGY: Asked.MUST,
    },
    UpdateKind.HANDOVER: {Element.DOING: Asked.MUST, Element.CONTACT: Asked.MUST, Element.APOLOGY: Asked.MUST_NOT},
    UpdateKind.DOWNGRADE: {Element.DOING: Asked.MUST, Element.ACTION: Asked.MUST, Element.APOLOGY: Asked.MUST_NOT},
}
# Who needs it. Technical teams and the desk have their own channels for help, and nobody apologises to them.
READERS: Final[Mapping[Element, frozenset[AudienceCode]]] = {
    Element.DOING: _EVERYONE,
    Element.WATCHING: _EVERYONE,
    Element.ACTION: USERS,
    Element.HELP: USERS,
    Element.DURATION: _OUTSIDE,
    Element.DATA: _OUTSIDE,
    Element.APOLOGY: PLAIN_AUDIENCES,
    Element.CAUSE: _OUTSIDE,
    Element.CONTACT: _EVERYONE,
    Element.WRONG: _EVERYONE,
}
# What the organisation may ask of a kind beyond the table: what any message can say. A cause waits until it is
# confirmed (C04), an apology for the end, and only a correction says what was wrong.
ASKED_FOR: Final[Mapping[Element, str]] = {
    Element.DOING: "what is being done",
    Element.WATCHING: "that it is watched, and until when",
    Element.ACTION: "what the reader does, or that there is nothing to do",
    Element.HELP: "how to get help",
    Element.DURATION: "how long it has lasted",
    Element.DATA: "whether data was lost",
    Element.CONTACT: "who manages it, and how to reach them",
}
# Words by which an element is known.
_SIGNS: Final = {
    Element.DOING: re.compile(
        r"\b(?:engineers?|teams?|specialists?|technicians?|colleagues|experts|supplier|we|people)\b[^.\n]{0,60}?\b(?:\w+ing|"
        r"have|has|will|switched|moved|restored|restarted|started|applied|added|found|mobili[sz]ed|continue|keep|asked|"
        r"check|work|stand)\b|"
        r"\b(?:investigat|mobilis|mobiliz|escalat)\w+|\bwork (?:is|has|on|continues)\b|\b(?:fix|repair|restart|"
        r"roll-?back|failover|recovery|change|release|check|tests?)\b[^.\n]{0,40}\b(?:is|was|are|were|has|have|being|"
        r"under ?way|in progress|applied|started|running)\b|\bbeing \w+ed\b|\bin progress\b|\bunder ?way\b",
        _I,
    ),
    Element.WATCHING: re.compile(
        r"\b(?:watch|monitor|observ|keep(?:ing)? an eye|check)\w*\b|\bno (?:further|more) updates?\b|\bfinal\b|"
        r"\bnext update\b",
        _I,
    ),
    Element.HELP: re.compile(
        r"\b(?:contact|call|phone|ring|report|tell|ask|write to|e-?mail|chat|help ?desk|service desk|support|help)\b|"
        r"\bif (?:you|it|this|anything)\b[^.\n]{0,80}\b(?:still|need|cannot|fail|problem|unsure|question)\w*",
        _I,
    ),
    Element.DURATION: re.compile(
        r"\b(?:lasted|lasting|took|for|after|within|total)\b[^.\n]{0,30}\b(?:minutes?|mins?|hours?|hrs?|h|days?)\b|"
        r"\b(?:from|between|since)\b[^.\n]{0,20}\d{1,2}[:.]\d{2}[^\n]{0,40}?(?:to|until|till|and|-|–)\s*\d{1,2}[:.]\d{2}|"
        r"\bduration\b|\d+\s?(?:minutes?|mins?|hours?|h)\b",
        _I,
    ),
    Element.DATA: re.compile(
        r"\b(?:data|records?|entries|orders?|payments?|messages?|files?|transactions?|bookings?|timesheets?|hours|"
        r"information|nothing)\b[^.\n]{0,60}\b(?:lost|loss|missing|saved|kept|safe|complete|again|once more|affected|"
        r"found|stored|processed|recovered|re-?enter\w*)\b|\b(?:loss|lost|missing|re-?enter|enter)\b[^.\n]{0,60}"
        r"\b(?:data|records?|entries|orders?|payments?|messages?|files?|transactions?|bookings?|timesheets?|hours|again|"
        r"once more)\b",
        _I,
    ),
    Element.APOLOGY: re.compile(r"\b(?:sorry|apologi[sz]e|apology|apologies|regret)\b", _I),
    Element.CAUSE: re.compile(r"\b(?:caused?|because|reason|why|due to|result of|review|root)\b", _I),
    Element.WRONG: re.compile(
        r"\b(?:said|wrote|stated|gave|reported|named|announced|told you|called|promised|claimed|sent)\b|"
        r"\b(?:wrong(?:ly)?|incorrect(?:ly)?|mistake\w*|mistaken|inaccurate|not (?:right|correct|true|accurate)|"
        r"in error|errors?|misstated|mistyped|untrue)\b|\binstead of\b|\brather than\b|\bshould (?:have )?(?:read|said|"
        r"been|be)\b|\bnot\b[^.\n]{1,60}\bbut\b|,\s*(?:and )?not\b|→|->",
        _I,
    ),
}
# Words that at least own up to it; a correction without any of them only adds a message.
_OWNS_UP: Final = re.compile(
    r"\b(?:correct(?:s|ed|ing|ion)?|right|sorry|apologi\w+|actual(?:ly)?|in fact|not|no longer|other|different)\b", _I
)
_ACTION: Final = re.compile(
    r"\b(?:please(?! note\b)|you (?:do not|don['’]t|need not|"
    r"(?:can|may|could)(?! (?:not|be|have|find|see|notice|experience)\b)|should|must|need|will need|have to)|"
    r"(?:no|any) action|nothing (?:you need )?to do|carry on|"
    r"(?:work|continue|use \w+|proceed|go on)\b[^.\n]{0,30}\bas (?:usual|normal)|there is nothing for you|"
    r"nothing changes (?:for|in what)|kindly(?! note\b))\b",
    _I,
)
_NO_ACTION: Final = re.compile(
    r"(?m)\byou can (?:now )?[^.;,\n]{0,60}?\bagain\b|^[*_# ]*what (?:to do|"
    r"(?:can |should |must )?you (?:can|should|must|could)?(?: do)?(?: now)?|should i do|do i do|now)[*_]*[ \t]*[:?]?"
    r"[*_]*[ \t]*$|\bwhat (?:you (?:can|should|must|could|need to)|(?:can|should|must) (?:you|I)) do\b"
    r"[*_]*[ \t]*[:?]?[*_]*[ \t]*",
    _I,
)
_IMPERATIVE: Final = re.compile(
    r"(?:(?:until|for now|meanwhile|in the meantime|if|when|once|before|after|to|instead|where|anyone|everyone)\b"
    r"[^.\n]*?(?:,|\bthen)\s*)?"
    r"(?:do not|don['’]t|never|add|ask|avoid|book|call|carry|change|check|choose|clear|click|close|collect|come|"
    r"complete|connect|contact|continue|delete|disconnect|download|e-?mail|enter|expect|file|fill|find|follow|give|go|hold|"
    r"ignore|install|keep|leave|let|log|look|make|move|note|open|order|park|pay|phone|plan|postpone|press|print|put|re-?enter|"
    r"refresh|reload|repeat|report|reset|restart|retry|ring|save|scan|see|select|send|set|shut|sign|start|stay|stop|"
    r"store|submit|switch|take|tell|try|turn|type|update|use|visit|wait|watch|work|write)\b(?!\s+(?:is|was|are|were|has|"
    r"of|on|continues)\b|\s*[-–—:#|]|\s+(?:times?|dates?)\b)",
    _I,
)
_MESSAGES: Final = {
    Element.DOING: "Say what is being done now.",
    Element.WATCHING: "Say that you watch it, and until when.",
    Element.ACTION: "Say what the reader should do, or that there is nothing to do.",
    Element.HELP: "Say how to get help, or when not to call.",
    Element.DURATION: "Say how long it lasted, from when to when.",
    Element.DATA: "Say whether data was lost, or what you found so far; and whether anything must be entered again.",
    Element.APOLOGY: "One line that says sorry for the effect belongs here.",
    Element.CAUSE: "Say what caused it in plain words, or by when the review says so.",
    Element.CONTACT: "Name the new incident manager and how to reach them.",
    Element.WRONG: "A correction begins with what we said, and what is right: “At 10:05 (UTC+0) we said … Right is …”.",
}
_SORRY_LATER: Final = "Keep the apology for the message that says it works again; here readers want to know what to do."
_RIGHT_FIRST: Final = "Begin with it: what we said, then what is right."


def may_require(kind: str) -> tuple[Element, ...]:
    """What the organisation may ask of this kind: what is not asked of it by itself."""
    return tuple(element for element in ASKED_FOR if kind in TABLE and element not in TABLE[kind])


def content(draft: Draft) -> Iterator[Finding]:
    """C28: what a message of this kind must say, by the profession's table and by what the organisation added to it,
    and C19: what its readers do.
    """
    if not draft.body.strip() or not draft.is_english:
        return
    added = [each for each in may_require(draft.kind) if (draft.kind, each.value) in draft.known.required_parts]
    for element, asked in [*TABLE[draft.kind].items(), *((each, Asked.MUST) for each in added)]:
        if not READERS[element] & set(draft.audiences):
            continue
        said = _says(draft, element)
        if asked is Asked.MUST and not said:
            yield _missing(draft, element)
        elif asked is Asked.MUST_NOT and said:
            hit = _SIGNS[element].search(draft.body)
            if hit is not None:
                yield findings.at(hit, code="C28", severity=ADVICE, message=_SORRY_LATER, rule=f"no_{element.value}")
    if draft.kind == UpdateKind.CORRECTION and _says(draft, Element.WRONG):
        yield from _wrong_first(draft)


def _missing(draft: Draft, element: Element) -> Finding:
    sentence = _sentence(draft, element)
    end = len(draft.body.rstrip())
    severity = ADVICE if draft.kind in FAST_KINDS else WARNING
    return Finding(
        code="C19" if element is Element.ACTION else "C28",
        severity=ERROR if element is Element.WRONG and not _OWNS_UP.search(draft.body) else severity,
        message=_MESSAGES[element],
        start=end if sentence else 0,
        end=end if sentence else 0,
        suggestions=(f" {sentence}",) if sentence else (),
        rule=element.value,
    )


def _says(draft: Draft, element: Element) -> bool:
    body = draft.body
    if element is Element.ACTION:
        # “You can sign in again” tells what works; “What you can do:” asks, and what follows it answers.
        body = _NO_ACTION.sub("\n", body)
        return bool(_ACTION.search(body)) or any(
            _IMPERATIVE.match(each.text.lstrip("*_ ")) for each in sentences.split(body)
        )
    if element is Element.CONTACT:
        known = (*draft.known.manager_names, *draft.known.allowed_contacts)
        named = findings.any_of(known, within=body).search(body)
        return named is not None or bool(re.search(r"\b(?:new|next) (?:incident )?manager\b|\btakes? over\b", body, _I))
    return bool(_SIGNS[element].search(body))


def _wrong_first(draft: Draft) -> Iterator[Finding]:
    first = next((line for line in draft.body.splitlines() if line.strip()), "")
    if not _SIGNS[Element.WRONG].search(first):
        yield Finding(code="C28", severity=WARNING, message=_RIGHT_FIRST, rule="wrong_first")


def _sentence(draft: Draft, element: Element) -> str:
    """A sentence that can stand as it is; empty where only the writer knows it."""
    if element is Element.WATCHING and draft.next_update_at is not None:
        return f"We are watching it until {times.clock_time(draft.next_update_at, draft.tz)}."
    if element is Element.CONTACT and draft.known.manager_names:
        contact = next((each for each in draft.known.allowed_contacts[-2:] if each), "")
        return f"{draft.known.manager_names[0]} manages this incident now{f': {contact}' if contact else ''}."
    return {
        Element.DOING: "Our engineers are working on it.",
        Element.WATCHING: "We are watching it.",
        Element.ACTION: "You do not need to do anything.",
        Element.HELP: "If you still need help, call the service desk.",
        Element.DATA: "We have found no data loss so far.",
        Element.APOLOGY: "We are sorry for the time that this has cost you.",
    }.get(element, "")
