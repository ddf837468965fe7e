"""Notices about promises, rendered once for all incidents that say the same thing; the incident's own words are put in
where the rows are written, and into the HTML when a notice leaves.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.translation import gettext as _

from comms.choices import EscalationStep
from comms.models import Message
from comms.rules.promises import deadlines
from mim_portal.lib import addresses, times

# Stand for the incident's own words in a rendered notice. The title is put in last: it may hold anything.
REFERENCE = "⟦reference⟧"
TITLE = "⟦title⟧"


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What a notice says apart from which incident it is about."""

    step: EscalationStep
    promised: tuple[tuple[str, str], ...]  # audience and due time as the reader sees it
    told: tuple[str, ...]  # names of those who know already
    deputy_at: str  # when the deputy and the practice lead hear, as the reader sees it
    practice_lead_at: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Subject, plain text and HTML, with REFERENCE and TITLE to be put in."""

    subject: str
    text: str
    html: str


@lru_cache(maxsize=4096)
def saying(
    *, step: EscalationStep, promised: tuple[tuple[str, datetime], ...], told: tuple[str, ...], zone: str
) -> Saying:
    """The notice's words for a reader in the zone; equal for every incident in the same case.

    Due times are given to the minute, so that promises of one minute are rendered once.
    """
    tz = times.zone(zone)
    first = min(due_at for _name, due_at in promised)
    return Saying(
        step=step,
        promised=tuple((name, times.clock_time(due_at, tz)) for name, due_at in promised),
        told=told,
        deputy_at=times.clock_time(first + deadlines.DEPUTY_AFTER, tz),
        practice_lead_at=times.clock_time(first + deadlines.PRACTICE_LEAD_AFTER, tz),
    )


@lru_cache(maxsize=512)
def render(said: Saying) -> Notice:
    """The notice from templates/messages/notice/."""
    values = {
        "step": said.step.value,
        "reference": REFERENCE,
        "title": TITLE,
        "room": addresses.absolute(addresses.incident(REFERENCE)),
        "promised": [{"audience": name, "due": due} for name, due in said.promised],
        "due": said.promised[0][1],
        "audiences": ", ".join(name for name, _due in said.promised),
        "told": ", ".join(said.told),
        "follows": _follows(said),
    }
    subject, text, html = (
        get_template(f"messages/notice/{name}", using="jinja2").render(values)
        for name in ("subject.txt", "body.txt", "body.html")
    )
    return Notice(subject=" ".join(subject.split()), text=text.strip() + "\n", html=html)


def html_of(message: Message) -> str:
    """The HTML part of a message as it leaves; a notice's own words go into the page that it shares."""
    if message.notice_html is None:
        return message.html
    return message.notice_html.html.replace(REFERENCE, message.thread).replace(TITLE, escape(message.notice_title))


def _follows(said: Saying) -> str:
    """Who hears next, so that nobody has to wonder."""
    if said.step == EscalationStep.WARN:
        return _("Nobody else has been told.")
    if said.step == EscalationStep.OVERDUE:
        return _("If it is still owed, a deputy hears of it at %(deputy)s and the practice lead at %(lead)s.") % {
            "deputy": said.deputy_at,
            "lead": said.practice_lead_at,
        }
    if said.step == EscalationStep.DEPUTY:
        return _("If it is still owed, the practice lead hears of it at %(lead)s.") % {"lead": said.practice_lead_at}
    return _("Nobody else hears of it.")
