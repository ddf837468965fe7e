"""How each audience is spoken to (domain.md 4.2), where a text is for that audience alone: advice, C29."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from comms.choices import AudienceCode, UpdateKind
from comms.rules.checking.draft import Draft
from mim_portal.lib.findings import ADVICE, Finding

_I: Final = re.IGNORECASE
# Audience → (rule, the words by which it is known, what to add).
REGISTERS: Final[Mapping[str, tuple[tuple[str, re.Pattern[str], str], ...]]] = {
    AudienceCode.TECHNICAL: (
        (
            "conditions",
            re.compile(
                r"\b(?:symptoms?|errors?|time-?outs?|latency|slow|fail\w*|cannot|down|conditions?|\d+ ?%)\b", _I
            ),
            "Conditions: what is seen, with numbers.",
        ),
        (
            "needs",
            re.compile(r"\b(?:needs?|asks?|asked|please|wanted|required?|request\w*|blocked|nothing needed)\b|\?", _I),
            "Needs: what you ask of whom by when, or “nothing needed”.",
        ),
    ),
    AudienceCode.SERVICE_DESK: (
        (
            "desk_script",
            re.compile(r"\b(?:callers?|tell|say|log|record|ticket|promise|script|answer|workaround|read out)\b", _I),
            "Say what to tell callers, what to log, and what not to promise.",
        ),
    ),
    AudienceCode.SERVICE_OWNERS: (
        (
            "decision",
            re.compile(r"\bdeci(?:de|sions?)\b|\bapprov\w+|\bchoose\b|\bchoice\b", _I),
            "Say which decision you need by when, or “no decision needed”.",
        ),
    ),
    AudienceCode.EXECUTIVES: (
        (
            "size",
            re.compile(r"\d|\b(?:all|every|none|half|number being checked)\b", _I),
            "Give the size: how many, where, since when.",
        ),
        (
            "decision",
            re.compile(r"\bdeci(?:de|sions?)\b|\bapprov\w+|\bchoose\b|\bnext (?:update|message)\b", _I),
            "End with the decision needed, or when the next update comes.",
        ),
    ),
}
_FOR: Final = frozenset({UpdateKind.INITIAL, UpdateKind.UPDATE, UpdateKind.WORKAROUND, UpdateKind.DOWNGRADE})


def register(draft: Draft) -> Iterator[Finding]:
    """C29: what this one audience looks for first."""
    if len(draft.audiences) != 1 or draft.kind not in _FOR or not draft.body.strip() or not draft.is_english:
        return
    for rule, pattern, message in REGISTERS.get(draft.audiences[0], ()):
        if not pattern.search(draft.body):
            yield Finding(code="C29", severity=ADVICE, message=message, rule=rule)
