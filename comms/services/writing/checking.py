"""Checking a text as it stands: our own rules always, the language where its checker answers.

The language checker is asked outside any transaction; what it said counts only for the text that it saw.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comms.adapters import languagetool
from comms.choices import UpdateKind, UpdateState
from comms.models import Audience, Finding, Update
from comms.queries.promises import owing
from comms.queries.writing import facts
from comms.queries.writing import updates as update_queries
from comms.rules.checking import checks, gate, paragraphs
from comms.rules.checking.draft import Draft
from comms.rules.checking.wording import language
from comms.services.writing import updates
from incidents.models import Incident
from mim_portal.lib import findings
from teams.models import Person

# A checker that did not answer for this text a moment ago is not waited for again.
TRY_AGAIN_AFTER = timedelta(seconds=60)
LANGUAGE = "C09"
UNAVAILABLE = "unavailable"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What the language checker said of one text; None where it could not be asked."""

    content_hash: str
    language: tuple[findings.Finding, ...] | None


def check(*, update_id: int, person: Person, now: datetime) -> list[Finding]:
    """Check the update as it stands and keep what was found; nothing of the text is changed."""
    update = updates.find(update_id=update_id, person=person)
    updates.refuse_sent(update)
    examined = examine(update, now=now)
    return store(update_id=update_id, person=person, examined=examined, now=now)


def ensure_checked(*, update: Update, person: Person, now: datetime) -> None:
    """Ask the language checker about this very text unless it was asked already, or was silent a moment ago."""
    if update.checked_hash == update_queries.content_hash(update):
        asked_at = update.checked_at
        if update.language_checked or (asked_at is not None and now - asked_at < TRY_AGAIN_AFTER):
            return
    store(update_id=update.pk, person=person, examined=examine(update, now=now), now=now)


def examine(update: Update, *, now: datetime) -> Examined:
    """Ask the language checker. It sees subject and body of a text together, in one request."""
    _whole, texts = facts.drafts_of(update, incident=update.incident, now=now)
    return Examined(content_hash=update_queries.content_hash(update), language=language_of(texts))


def preview(
    update: Update, *, fields: Mapping[str, Any], audiences: QuerySet[Audience], now: datetime
) -> tuple[list[Finding], bool]:
    """What a check would find if the draft were saved like this, what stops first, and whether the language was read.

    Nothing is stored: it is asked while people write. Whoever sees the draft may ask.
    """
    typed = updates.as_typed(update, fields=fields, audiences=audiences)
    said = examine(typed, now=now)
    spoken = (unavailable(),) if said.language is None else said.language
    found = (*structural(typed, incident=typed.incident, now=now), *spoken)
    rows = [row_of(typed, each, content_hash=said.content_hash) for each in findings.in_order(found)]
    given = {_place(row): row for row in Finding.objects.filter(update=update).exclude(override_reason="")}
    for row in rows:
        row.override_reason = given[_place(row)].override_reason if _place(row) in given else ""
    return update_queries.in_reading_order(rows), said.language is not None


def language_of(texts: Mapping[str, Draft]) -> tuple[findings.Finding, ...] | None:
    """What the checker says of every text, by the severity of its own readers; None where it missed one."""
    found: list[findings.Finding] = []
    for audience, draft in texts.items():
        said = language_findings(draft)
        if said is None:
            return None
        found += [replace(each, audience=audience) for each in said]
    return tuple(found)


def language_findings(draft: Draft) -> tuple[findings.Finding, ...] | None:
    """What the checker says of subject and body, or None where it is down or slow."""
    try:
        matches = languagetool.check(draft.subject + paragraphs.BETWEEN + draft.body, language=draft.language)
    except languagetool.LanguageUnavailable:
        return None
    subject_ends = paragraphs.units(draft.subject)
    body_from = subject_ends + len(paragraphs.BETWEEN)
    in_subject = [match for match in matches if match.offset < subject_ends]
    in_body = [_moved(match, by=body_from) for match in matches if match.offset >= body_from]
    return (
        *language.findings_of(draft, draft.subject, in_subject, field="subject"),
        *language.findings_of(draft, draft.body, in_body),
    )


def structural(update: Update, *, incident: Incident, now: datetime) -> tuple[findings.Finding, ...]:
    """What our own rules say of the exact text, now."""
    whole, texts = facts.drafts_of(update, incident=incident, now=now)
    found = checks.check_all(whole, texts, now=now)
    if update.kind != UpdateKind.HOLDING:
        return found
    question = owing.question(incident, now=now)
    if not question:
        return found
    return (*found, findings.Finding(code="C22", severity=findings.ADVICE, message=question, rule="holding_again"))


@transaction.atomic
def store(*, update_id: int, person: Person, examined: Examined, now: datetime) -> list[Finding]:
    """Keep what was found, unless the text changed while the checker read it."""
    update = updates.lock(update_id=update_id, person=person)
    updates.refuse_sent(update)
    if update_queries.content_hash(update) != examined.content_hash:
        raise updates.ChangedMeanwhile(
            _("The text changed while it was being checked. Check it again as it stands."),
            extra={"revision": update.revision},
        )
    update.checked_at = now
    update.checked_hash = examined.content_hash
    update.language_checked = examined.language is not None
    update.language_checked_at = now if update.language_checked else None
    if update.state == UpdateState.DRAFT:
        update.state = UpdateState.CHECKED
    update.save(update_fields=["checked_at", "checked_hash", "language_checked", "language_checked_at", "state"])
    said = (unavailable(),) if examined.language is None else examined.language
    found = (*structural(update, incident=update.incident, now=now), *said)
    return keep(update, content_hash=examined.content_hash, found=found)


def keep(
    update: Update,
    *,
    content_hash: str,
    found: Iterable[findings.Finding],
    reasons: Mapping[findings.Finding, str] | None = None,
    person: Person | None = None,
) -> list[Finding]:
    """Replace what is known of the update by what was found in this text; reasons given for it earlier stay."""
    earlier = {
        _place(row): row
        for row in Finding.objects.filter(update=update, content_hash=content_hash).exclude(override_reason="")
    }
    Finding.objects.filter(update=update, found_after_sending=False).delete()
    rows = []
    for each in findings.in_order(found):
        row = row_of(update, each, content_hash=content_hash)
        before = earlier.get(_place(row))
        if before is not None:
            row.override_reason, row.overridden_by_id = before.override_reason, before.overridden_by_id
        reason = (reasons or {}).get(each, "")
        if reason:
            row.override_reason, row.overridden_by = reason[:300], person
        rows.append(row)
    return Finding.objects.bulk_create(rows)


def row_of(update: Update, found: findings.Finding, *, content_hash: str, after_sending: bool = False) -> Finding:
    """A finding as it is stored."""
    return Finding(
        update=update,
        content_hash=content_hash,
        code=found.code,
        rule=found.rule,
        severity=found.severity,
        start=found.start,
        end=found.end,
        part=found.field,
        audience=found.audience,
        text=found.text,
        message=found.message[:500],
        suggestions=[suggestion[:200] for suggestion in found.suggestions],
        is_blocking=bool(gate.blocking([found], kind=update.kind, send_now=False)),
        found_after_sending=after_sending,
    )


def as_found(row: Finding) -> findings.Finding:
    """A stored finding as the rules read it."""
    return findings.Finding(
        code=row.code,
        rule=row.rule,
        severity=row.severity,
        message=row.message,
        field=row.part,
        start=row.start,
        end=row.end,
        text=row.text,
        suggestions=tuple(row.suggestions),
        audience=row.audience,
    )


def plain(found: findings.Finding) -> dict[str, Any]:
    """A finding as the API gives it."""
    return {
        "code": found.code,
        "rule": found.rule,
        "severity": found.severity,
        "part": found.field,
        "audience": found.audience,
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "message": found.message,
        "suggestions": list(found.suggestions),
    }


def unavailable() -> findings.Finding:
    return findings.Finding(
        code=LANGUAGE,
        severity=findings.WARNING,
        rule=UNAVAILABLE,
        message=_(
            "The language checker did not answer, so spelling and grammar are not checked yet. Your text is kept. "
            "A first or a holding update can be sent at once, any other one with a second reader; it is checked as "
            "soon as the checker is back."
        ),
    )


def _place(row: Finding) -> tuple[str, str, str, str, int, int, str]:
    return (row.code, row.rule, row.audience, row.part, row.start, row.end, row.text)


def _moved(match: language.LanguageMatch, *, by: int) -> language.LanguageMatch:
    return replace(match, offset=match.offset - by)
