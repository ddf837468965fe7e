"""An update as each audience reads it in the mail: one subject, a plain text and an HTML part, rendered once.

Templates are folders of subject.txt, body.txt and body.html: templates/messages/<kind>/, or messages/update/ where a
kind has none of its own.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.template.loader import select_template
from django.utils import timezone

from comms.choices import UpdateKind
from comms.models import Audience, Message, StatusPage, Update
from comms.queries.writing import texts
from comms.rules import frame_words, phrases, subject
from comms.rules.frame_words import Words
from incidents.queries import impact
from mim_portal.lib import addresses, times

_ENGINE = "jinja2"
_WITHDRAWAL = "withdrawal"


def of_update(update: Update, *, now: datetime) -> list[Message]:
    """One unsaved message an audience of a stamped update, the audience that is served first first."""
    return _messages(update, folder=update.kind, context=_context(update, now=now), now=now)


def of_withdrawal(update: Update, *, now: datetime) -> list[Message]:
    """What the readers of a withdrawn update are told: to disregard it. Without the reason, which is for the record.

    The next time that it promised still holds, while it lies ahead; that nothing follows holds no more.
    """
    words = frame_words.of(update.language)
    next_at = update.next_update_at
    said = {
        "sent_at": _moment(now, words),
        "next_update": _moment(next_at, words) if next_at is not None and next_at > now else "",
        "is_final": False,
    }
    return _messages(update, folder=_WITHDRAWAL, context=_context(update, now=now) | said, now=now)


def subject_of(update: Update, *, now: datetime, activity: str | None = None, is_withdrawal: bool = False) -> str:
    """The whole subject of rule C16; of a draft, as it would be if it were sent now.

    `activity` is its part in the words of one audience; without it, the core text's.
    """
    incident = update.incident
    line = subject.compose(
        kind=update.kind,
        priority=update.priority or incident.priority,
        sequence=update.sequence or _next_sequence(update),
        service=incident.service.name,
        activity=update.subject if activity is None else activity,
        reference=incident.reference,
        next_update_at=update.next_update_at,
        tz=timezone.get_default_timezone(),
        now=now,
        external_ref=incident.external_ref,
        is_exercise=incident.is_exercise,
        is_withdrawal=is_withdrawal,
        language=update.language,
    )
    return line[:400]


def _next_sequence(update: Update) -> int:
    sent = Update.objects.filter(incident=update.incident_id, sequence__isnull=False)
    return (sent.order_by("-sequence").values_list("sequence", flat=True).first() or 0) + 1


def _messages(update: Update, *, folder: str, context: dict[str, Any], now: datetime) -> list[Message]:
    """Each audience in its own words."""
    audiences = sorted(update.audiences.all(), key=lambda audience: (audience.position, audience.pk))
    pages = status_pages(audiences)
    made = []
    composed = partial(subject_of, update, now=now, is_withdrawal=folder == _WITHDRAWAL)
    core = composed()
    for audience in audiences:
        read, page = texts.read_by(update, audience.code), pages.get(audience.pk)
        is_core = read.subject == update.subject
        values = context | {
            "subject": core if is_core else composed(activity=read.subject),
            "body": read.body,
            "language": update.language,
            "audience": phrases.audience(audience.code, audience.name, language=update.language),
            "impact": "" if audience.is_plain else context["impact"],
            "room": "" if audience.is_plain else addresses.absolute(addresses.incident(update.incident.reference)),
            "status_page": addresses.absolute(addresses.status_page(page.slug)) if page else "",
            "subscribe": addresses.absolute(addresses.subscribe(page.slug)) if page and page.is_public else "",
        }
        made.append(
            Message(
                update=update,
                audience=audience,
                subject=" ".join(_render(folder, "subject.txt", values).split())[:400],
                text=_render(folder, "body.txt", values).strip() + "\n",
                html=_render(folder, "body.html", values),
                thread=update.incident.reference,
            )
        )
    return made


def _render(folder: str, name: str, values: dict[str, Any]) -> str:
    template = select_template([f"messages/{folder}/{name}", f"messages/update/{name}"], using=_ENGINE)
    text: str = template.render(values)
    return text


def _context(update: Update, *, now: datetime) -> dict[str, Any]:
    tz = timezone.get_default_timezone()
    incident = update.incident
    statement = update.impact_statement or impact.current(incident)
    words = frame_words.of(update.language)
    sent_at = _moment(update.published_at or now, words)
    return {
        "frame": words,
        "frame_language": update.language if words.language != frame_words.ENGLISH else "",
        "kind": UpdateKind(update.kind).label,
        "priority": update.priority or incident.priority,
        "service": incident.service.name,
        "reference": incident.reference,
        "external_ref": incident.external_ref,
        "impact": impact.sentence(statement, tz, language=update.language),
        "next_update": _moment(update.next_update_at, words) if update.next_update_at else "",
        "is_final": update.no_further_updates,
        "is_exercise": incident.is_exercise,
        "is_private": incident.is_private,
        "sent_at": sent_at,
        "withdraws": words.withdraws_of.format(number=update.sequence, time=sent_at),
        "corrects": _corrects(update, words),
    }


def _corrects(update: Update, words: Words) -> str:
    """Which message a correction puts right."""
    wrong = update.corrects
    if wrong is None or wrong.published_at is None:
        return ""
    return words.corrects_of.format(number=wrong.sequence, time=_moment(wrong.published_at, words))


def _moment(at: datetime, words: Words) -> str:
    return times.full_date_time(at, timezone.get_default_timezone(), language=words.language)


def status_pages(audiences: Iterable[Audience]) -> dict[int, StatusPage]:
    """Where each audience reads on. A customer's page is nobody else's business: its address stands in no message."""
    read = StatusPage.objects.filter(audience__in=list(audiences), retired_at=None, only_its_services=False)
    return {page.audience_id: page for page in read.order_by("-pk")}
