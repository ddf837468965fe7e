"""Every check of a message but language, in one call (domain.md 4.3). C09 comes from `language`, whose words wait."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from comms.rules import subject
from comms.rules.checking import check_agreement, check_impact
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import check_breakdown, check_codes, check_measures, check_numbers, check_parts
from comms.rules.checking.places import check_places
from comms.rules.checking.services import check_identity, check_service, check_stand_ins
from comms.rules.checking.times import check_duration, check_since, check_times
from comms.rules.checking.wording import (
    check_content,
    check_leaks,
    check_leftovers,
    check_readability,
    check_registers,
    check_words,
)
from comms.rules.checking.wording.field_words import ABBREVIATIONS
from comms.rules.texts import CORE
from mim_portal.lib import findings
from mim_portal.lib.findings import Finding

_TextCheck = Callable[[Draft, str], Iterator[Finding]]
# Checks of a text, the subject's as well as the body's.
_TEXT_CHECKS: Final[tuple[_TextCheck, ...]] = (
    check_times.vague_time,
    check_words.speculation,
    check_words.cause,
    check_words.eta,
    check_words.blame,
    check_words.tense,
    check_words.minimising,
    check_words.absolutes,
    check_leaks.hosts_and_jargon,
    check_leaks.sensitive,
    check_leaks.internal_links,
    check_leaks.marked_internal,
    check_numbers.numbers,
    check_parts.so_many_places,
    check_parts.so_many_named,
    check_parts.fractions,
    check_parts.rest,
    check_parts.money,
    check_breakdown.breakdown,
    check_places.places,
    check_since.since,
    check_duration.duration,
    check_duration.delays,
    check_measures.numbered,
    check_measures.measured,
    check_codes.codes,
    check_identity.priority,
    check_identity.reference,
    check_service.service,
    check_service.called_well,
    check_stand_ins.other_called_well,
)
# Checks of a body as a whole.
_BODY_CHECKS: Final[tuple[Callable[[Draft], Iterator[Finding]], ...]] = (
    check_content.content,
    check_registers.register,
    check_readability.length,
    check_readability.sentences_and_grade,
    check_readability.accessibility,
)
_TEXT_FIELDS: Final = frozenset({"subject", "body"})


def check(draft: Draft, *, now: datetime) -> tuple[Finding, ...]:
    """All findings: what stops first, then in reading order. Pure, so it can run again at the moment of sending."""
    found: list[Finding] = [
        *check_times.next_update(draft, now=now),
        *check_leaks.audience(draft),
        *check_leaks.private_on_public(draft),
        *check_words.no_news(draft),
        *check_words.restored(draft),
        *subject.check(draft.subject, known_words=_may_be_shouted(draft)),
        *check_impact.present(draft),
        *check_impact.recorded_enough(draft),
        *check_impact.workaround(draft),
        *check_impact.fresh(draft, now=now),
    ]
    for field, text in (("subject", draft.subject), ("body", draft.body)):
        found += [replace(finding, field=field) for finding in _text_findings(draft, text, now=now)]
    for body_check in _BODY_CHECKS:
        found += body_check(draft)
    found += check_leftovers.spacing(draft.body, language=draft.language)
    return findings.in_order(found)


def _may_be_shouted(draft: Draft) -> tuple[str, ...]:
    """Names and abbreviations that are written in capitals: the organisation's, and the field's own."""
    return (*draft.known.glossary, *draft.known.services, *draft.known.sites, *ABBREVIATIONS)


def check_all(whole: Draft, texts: Mapping[str, Draft], *, now: datetime) -> tuple[Finding, ...]:
    """All findings of a message in several texts: each text as its own readers get it, what is about the message once.

    `texts` are drafts by the audience that they are adapted to, the core text under "".
    """
    if len(texts) == 1 and texts.get(CORE) == whole:
        return check(whole, now=now)
    found = [each for each in check(whole, now=now) if each.field not in _TEXT_FIELDS]
    for audience, draft in texts.items():
        said = check(draft, now=now)
        found += [replace(each, audience=audience) for each in said if each.field in _TEXT_FIELDS]
    found += check_agreement.between(texts)
    return findings.in_order(found)


def _text_findings(draft: Draft, text: str, *, now: datetime) -> Iterator[Finding]:
    yield from check_leftovers.leftovers(text)
    yield from check_times.bare_time(draft, text, now=now)
    yield from check_times.promised_in_text(draft, text)
    for text_check in _TEXT_CHECKS:
        yield from text_check(draft, text)
