"""What the composer shows beside the text, so that nobody writes from memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from comms.choices import FAST_KINDS
from comms.models import Finding, StatusPage, Update
from comms.queries import audiences as audience_queries
from comms.queries import reach
from comms.queries import updates as update_queries
from comms.rules import gate
from incidents.queries import impact
from mim_portal.lib import findings, times
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    """A finding with what can be done about it."""

    row: Finding
    can_override: bool
    waits_for_send_now: bool


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of the text, marked where something was found in it."""

    text: str
    severity: str = ""


def draft_context(update: Update, *, person: Person, now: datetime) -> dict[str, Any]:
    """Facts, findings, recipients and promises of a draft, in a fixed number of queries."""
    incident = update.incident
    chosen = list(update.audiences.all())
    rows = update_queries.findings(update, content_hash=update_queries.content_hash(update))
    lines = finding_lines(rows, kind=update.kind)
    codes = {audience.code for audience in chosen}
    promised = [row for row in audience_queries.promised(incident) if row.audience.code in codes]
    return {
        "update": update,
        "incident": incident,
        "is_author": update.author_id == person.pk,
        "is_checked": update.checked_hash == update_queries.content_hash(update),
        "lines": lines,
        "stops": [line for line in lines if line.row.is_blocking and not line.row.override_reason],
        "segments": segments(update.body, [row for row in rows if row.part == "body"]),
        "impact": impact.sentence(impact.current(incident), timezone.get_current_timezone()),
        "last": update_queries.last_published(incident, chosen),
        "promise": promised[0] if promised else None,
        "recipients": reach.count(incident=incident, audiences=chosen) if chosen else 0,
        "on_status_page": StatusPage.objects.filter(audience__in=chosen).exists(),
        "is_fast": update.kind in FAST_KINDS,
    }


def sent_context(update: Update) -> dict[str, Any]:
    """A sent update with how far it has come, and what was found in it later."""
    rows = update_queries.findings(update, content_hash=update.published_hash)
    return {
        "update": update,
        "incident": update.incident,
        "messages_sent": update_queries.messages(update),
        "progress": update_queries.deliveries([update]).get(update.pk, update_queries.Sent(0, 0, 0)),
        "overridden": [row for row in rows if row.override_reason],
        "found_later": [row for row in rows if row.found_after_sending and row.is_blocking],
        "corrections": list(Update.objects.filter(corrects=update).order_by("pk")),
    }


def finding_lines(rows: Sequence[Finding], *, kind: str) -> list[FindingLine]:
    return [
        FindingLine(
            row=row,
            can_override=row.is_blocking and not row.override_reason and gate.can_override(_found(row)),
            waits_for_send_now=row.is_blocking and gate.can_send_now(_found(row), kind=kind),
        )
        for row in rows
    ]


def segments(text: str, rows: Sequence[Finding]) -> list[Segment]:
    """The text cut where findings begin and end; where two overlap the first one counts."""
    cut: list[Segment] = []
    at = 0
    for row in sorted(rows, key=lambda row: (row.start, -row.end)):
        if row.start < at or row.end <= row.start or row.end > len(text):
            continue
        if row.start > at:
            cut.append(Segment(text=text[at : row.start]))
        cut.append(Segment(text=text[row.start : row.end], severity=row.severity))
        at = row.end
    if at < len(text):
        cut.append(Segment(text=text[at:]))
    return cut


def correction_text(wrong: Update) -> str:
    """How a correction begins: what we said and when, then what is right, since when we know, what readers do now, one
    line of apology (domain.md 3.5). What only a person knows is a gap in brackets, which never leaves.
    """
    sent_at = wrong.published_at
    time = times.clock_time(sent_at, timezone.get_default_timezone()) if sent_at else ""
    said = _("At %(time)s we wrote: “%(said)s” That was wrong.") % {"time": time, "said": wrong.body}
    return "\n\n".join(
        (
            f"{said} {_('Right is: [fill in what is right]. We know this since [fill in the time and its zone].')}",
            _("[Fill in what readers do now]"),
            _("We are sorry for the wrong message."),
        )
    )


def _found(row: Finding) -> findings.Finding:
    return findings.Finding(
        code=row.code, rule=row.rule, severity=row.severity, message=row.message, start=row.start, end=row.end
    )
