"""The words of planned maintenance are read before they are shown: by our own rules always, by the language checker
where it answers.

The checker is asked outside any transaction, so whoever calls a verb reads first and hands over what was read. What it
said counts only for the words that it saw.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from comms.choices import AudienceCode, UpdateKind
from comms.queries.writing import facts, languages
from comms.rules.checking import announcements
from comms.rules.checking.draft import Draft
from comms.services.writing import checking
from mim_portal.lib.findings import Finding
from mim_portal.lib.refusals import Refusal

FIELDS: Final = ("title", "body", "begins_with", "ends_with")
_SHOWN: Final = 5  # findings that a refusal spells out; the API has them all


class Stopped(Refusal):
    """Something in the words would have left that readers should not see."""

    code = "findings"
    status = 409


@dataclass(frozen=True, kw_only=True)
class Read:
    """What the language checker said of which words; `is_silent` where it did not answer for some."""

    spoken: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)  # by text
    is_silent: bool = False
    reason: str = ""  # why the words leave with what was found


def read(texts: Mapping[str, object], *, reason: str = "") -> Read:
    """Ask the language checker about the words of these fields."""
    spoken: dict[str, tuple[Finding, ...]] = {}
    is_silent = False
    for name in FIELDS:
        text = str(texts.get(name) or "").strip()
        if not text or is_silent:
            continue
        said = checking.language_findings(_draft(text))
        is_silent = said is None
        spoken[_plain(text)] = said or ()
    return Read(spoken=spoken, is_silent=is_silent, reason=reason.strip())


def require(texts: Mapping[str, str], *, words: Read) -> dict[str, str]:
    """Refuse what stops; what leaves all the same, as the audit keeps it: codes and the reason."""
    found = {name: _found(text, words) for name, text in texts.items() if text.strip()}
    stops = {name: announcements.stopping(each, reason=words.reason) for name, each in found.items()}
    first = next((name for name, each in stops.items() if each), None)
    if first is not None:
        raise Stopped(_sentence(stops[first]), field=first, extra={"findings": _shape(stops)})
    overridden = {each.code for rows in found.values() for each in announcements.stopping(rows, reason="")}
    return {"sent_anyway": " ".join(sorted(overridden)), "reason": words.reason} if overridden else {}


def _found(text: str, words: Read) -> tuple[Finding, ...]:
    return (*announcements.check(_draft(text)), *words.spoken.get(_plain(text), ()))


def _draft(text: str) -> Draft:
    return Draft(
        kind=UpdateKind.UPDATE,
        audiences=(AudienceCode.PUBLIC,),
        subject="",
        body=text,
        next_update_at=None,
        language=languages.current(),
        known=facts.known_of_all(text=text),
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _sentence(found: tuple[Finding, ...]) -> str:
    said = [
        f"“{each.text}”: {each.message}" + (_(" Write “%s”.") % each.suggestions[0] if each.suggestions else "")
        for each in found[:_SHOWN]
    ]
    rest = len(found) - len(said)
    more = [_("And %d more.") % rest] if rest else []
    return " ".join([*said, *more, _("Mend it, or say why it is announced as it stands.")])


def _shape(stops: Mapping[str, tuple[Finding, ...]]) -> list[dict[str, object]]:
    return [
        {
            "field": name,
            "code": each.code,
            "severity": each.severity,
            "start": each.start,
            "end": each.end,
            "text": each.text,
            "message": each.message,
            "suggestions": list(each.suggestions),
        }
        for name, found in stops.items()
        for each in found
    ]
