"""What the composer shows beside the text, so that nobody writes from memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from comms.choices import FAST_KINDS, SENT_UPDATES
from comms.models import Audience, DraftVersion, Finding, StatusPage, Update
from comms.queries.recipients import audiences as audience_queries
from comms.queries.recipients import delivery_words, reach
from comms.queries.writing import texts
from comms.queries.writing import updates as update_queries
from comms.rules import phrases
from comms.rules.checking import gate
from comms.rules.checking.wording import lengths
from incidents.queries import impact
from mim_portal.lib import findings, times
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    """A finding with what can be done about it, and whose adapted text it stands in."""

    row: Finding
    can_override: bool
    waits_for_send_now: bool
    readers: str = ""

    @property
    def can_learn(self) -> bool:
        """Whether the word may be right here, and only the dictionary does not know it."""
        return (self.row.code, self.row.rule) == ("C09", "spelling") and self.row.part in ("subject", "body")


@dataclass(frozen=True, kw_only=True)
class TextColumn:
    """One text of the draft beside the others: who reads it, how many that are, and how long it should be."""

    code: str
    name: str
    readers: tuple[str, ...]
    recipients: int
    words: int
    most_words: int | None
    is_core: bool


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of the text, marked where something was found in it."""

    text: str
    severity: str = ""


def facts_context(update: Update, *, now: datetime, seen_version: int | None = None) -> dict[str, Any]:
    """What has to be right in any text: the impact as it stands, what was said last, and when the next word is due.

    `seen_version` is the impact that the writer began with; a newer one is said.
    """
    incident = update.incident
    chosen = list(update.audiences.all())
    codes = {audience.code for audience in chosen}
    promised = [row for row in audience_queries.promised(incident) if row.audience.code in codes]
    statement = impact.current(incident)
    last = update_queries.last_published(incident, chosen)
    return {
        "update": update,
        "incident": incident,
        "impact": impact.sentence(statement, timezone.get_current_timezone()),
        "statement": statement,
        "seen_version": seen_version or statement.version,
        "last": last,
        "last_said": texts.read_by(last, chosen[0].code) if last and len(chosen) == 1 else last,
        "promise": promised[0] if promised else None,
        "now_at": now,
    }


def draft_context(update: Update, *, person: Person, now: datetime, adapted: Sequence[Audience] = ()) -> dict[str, Any]:
    """Facts, findings, recipients and promises of a draft, in a fixed number of queries a text."""
    chosen = list(update.audiences.all())
    rows = update_queries.findings(update, content_hash=update_queries.content_hash(update))
    lines = finding_lines(rows, kind=update.kind, names={audience.code: audience.name for audience in chosen})
    reached = _reach(update, chosen)
    return {
        **facts_context(update, now=now),
        "columns": columns(update, adapted=adapted, recipients=reached.reached),
        "adaptable": [one for one in chosen if one not in adapted] if len(chosen) > 1 else [],
        "versions": DraftVersion.objects.filter(update=update).count(),
        "is_author": update.author_id == person.pk,
        "is_checked": update.checked_hash == update_queries.content_hash(update),
        "lines": lines,
        "stops": [line for line in lines if line.row.is_blocking and not line.row.override_reason],
        "segments": segments(update.body, [row for row in rows if row.part == "body" and not row.audience]),
        "recipients": reached.reached,
        "left_out": delivery_words.left_out(reached.left_out),
        "on_status_page": StatusPage.objects.filter(audience__in=chosen).exists(),
        "is_fast": update.kind in FAST_KINDS,
    }


def columns(update: Update, *, adapted: Sequence[Audience], recipients: int) -> list[TextColumn]:
    """The core text first, then each adapted one; without adapted texts there is one column for everybody."""
    chosen = list(update.audiences.all())
    own = {audience.code for audience in adapted}
    rest = [audience for audience in chosen if audience.code not in own]
    made = [
        TextColumn(
            code="",
            name=_("Everybody else") if adapted else "",
            readers=tuple(audience.name for audience in rest),
            recipients=_reached(update, rest) if adapted else recipients,
            words=lengths.words(update.body),
            most_words=lengths.most_words([audience.code for audience in rest]),
            is_core=True,
        )
    ]
    return made + [
        TextColumn(
            code=audience.code,
            name=audience.name,
            readers=(audience.name,),
            recipients=_reached(update, [audience]) if audience in chosen else 0,
            words=lengths.words(texts.read_by(update, audience.code).body),
            most_words=lengths.most_words([audience.code]),
            is_core=False,
        )
        for audience in adapted
    ]


def _reached(update: Update, audiences: Sequence[Audience]) -> int:
    return _reach(update, audiences).reached


def _reach(update: Update, audiences: Sequence[Audience]) -> reach.Reach:
    """A correction goes to whom the wrong message went, any other text to whom the audiences reach now."""
    if update.corrects_id is not None:
        return reach.same_as(update_id=update.corrects_id, audiences=audiences)
    return reach.tally(incident=update.incident, audiences=audiences)


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


def finding_lines(rows: Sequence[Finding], *, kind: str, names: Mapping[str, str] | None = None) -> list[FindingLine]:
    """`names` are those of the audiences, by code."""
    return [
        FindingLine(
            row=row,
            can_override=row.is_blocking and not row.override_reason and gate.can_override(_found(row)),
            waits_for_send_now=row.is_blocking and gate.can_send_now(_found(row), kind=kind),
            readers=(names or {}).get(row.audience, row.audience),
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


def open_correction(wrong: Update) -> Update | None:
    """The correction that somebody has begun and not sent: a second one would tell the same people twice."""
    begun = Update.objects.filter(corrects=wrong).exclude(state__in=SENT_UPDATES)
    return begun.order_by("pk").first()


def correction_text(wrong: Update) -> str:
    """How a correction begins: what we said and when, then what is right, since when we know, what readers do now, one
    line of apology (domain.md 3.5). What only a person knows is a gap in brackets, which never leaves.
    """
    sent_at = wrong.published_at
    time = times.clock_time(sent_at, timezone.get_default_timezone()) if sent_at else ""
    return phrases.correction(wrong.body, time, language=wrong.language)


def _found(row: Finding) -> findings.Finding:
    return findings.Finding(
        code=row.code, rule=row.rule, severity=row.severity, message=row.message, start=row.start, end=row.end
    )
