"""What a reader sees of a text that waits for them: what is new in it, what was found, what it must agree with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from comms.models import Update
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import composer, texts
from comms.queries.writing import updates as update_queries
from comms.rules.texts import Text
from incidents.queries import impact
from mim_portal.lib import word_diff
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class Version:
    """One of the texts: who reads it, and what came and went since the last one that they got."""

    names: list[str]
    text: Text
    subject: Sequence[word_diff.Piece] = ()
    body: Sequence[Sequence[word_diff.Piece]] = ()


def context(update: Update, *, person: Person, now: datetime) -> dict[str, Any]:
    """The whole page in a fixed number of queries."""
    incident = update.incident
    chosen = list(update.audiences.all())
    content_hash = update_queries.content_hash(update)
    rows = update_queries.findings(update, content_hash=content_hash)
    before = earlier(update)
    codes = {audience.code for audience in chosen}
    promised = [row for row in audience_queries.promised(incident) if row.audience.code in codes]
    return {
        "update": update,
        "incident": incident,
        "is_author": update.author_id == person.pk,
        "is_checked": update.checked_hash == content_hash,
        "lines": said_once(
            composer.finding_lines(rows, kind=update.kind, names={audience.code: audience.name for audience in chosen})
        ),
        "stops": [row for row in rows if row.is_blocking and not row.override_reason],
        "before": before,
        "versions": _versions(update, before),
        "impact": impact.sentence(impact.current(incident), timezone.get_current_timezone()),
        "promise": promised[0] if promised else None,
    }


def said_once(lines: Sequence[composer.FindingLine]) -> list[composer.FindingLine]:
    """What was found in several texts alike stands once, with all their readers; with none where it is in the text of
    everybody: the whole list is read on a phone, within three minutes.
    """
    alike: dict[tuple[str, ...], list[composer.FindingLine]] = {}
    for line in lines:
        row = line.row
        key = (row.code, row.rule, row.severity, row.text, row.message, row.override_reason)
        alike.setdefault(key, []).append(line)
    return [
        replace(first, readers=", ".join(dict.fromkeys(readers)) if all(readers) else "")
        for first, readers in ((same[0], [line.readers for line in same]) for same in alike.values())
    ]


def earlier(update: Update) -> Update | None:
    """What these readers have: the message that a correction puts right, else the last one that any of them got."""
    if update.corrects_id is not None:
        return Update.objects.get(pk=update.corrects_id)
    return update_queries.last_published(update.incident, update.audiences.all())


def _versions(update: Update, before: Update | None) -> list[Version]:
    """The core text for those who read it, then each adapted one, with what is new against what those readers have."""
    by_code = {audience.code: audience.name for audience in update.audiences.all()}
    own = texts.adapted(update)
    core_readers = [code for code in by_code if code not in own]
    shown = [(core_readers, texts.core(update))] if core_readers else []
    shown += [([code], text) for code, text in own.items()]
    return [
        _version([by_code[code] for code in codes], text, texts.read_by(before, codes[0]) if before else None)
        for codes, text in shown
    ]


def _version(names: list[str], text: Text, before: Text | None) -> Version:
    if before is None:
        return Version(names=names, text=text)
    return Version(
        names=names,
        text=text,
        subject=word_diff.diff(before.subject, text.subject) if before.subject != text.subject else (),
        body=[word_diff.diff(old, new) for old, new in _paragraphs(before.body, text.body)],
    )


def asked(update: Update) -> list[Person]:
    """Who was asked to read it, in the order of their names."""
    return list(update.asked.order_by("first_name", "last_name", "pk"))


def _paragraphs(before: str, after: str) -> list[tuple[str, str]]:
    """Old and new paragraph by paragraph where their number is equal, else as one text each."""
    old, new = _cut(before), _cut(after)
    return list(zip(old, new, strict=True)) if len(old) == len(new) else [(before, after)]


def _cut(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part.strip()]
