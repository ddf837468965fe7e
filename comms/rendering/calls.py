"""The mail that asks a team for help: the message as the team wants it, and the way into the room."""

from dataclasses import dataclass

from django.template.loader import get_template

from incidents.models import Engagement
from mim_portal.lib import addresses


@dataclass(frozen=True, kw_only=True)
class Call:
    """Subject, plain text and HTML."""

    subject: str
    text: str
    html: str


def render(engagement: Engagement, *, again: bool) -> Call:
    """The call of one engagement; `again` says so in the subject."""
    incident = engagement.incident
    context = {
        "engagement": engagement,
        "incident": incident,
        "team": engagement.team,
        "asked_by": engagement.asked_by.name,
        "room": addresses.absolute(f"{addresses.incident(incident.reference)}#teams"),
        "again": again,
    }
    subject, text, html = (
        get_template(f"messages/call/{name}").render(context) for name in ("subject.txt", "body.txt", "body.html")
    )
    return Call(subject=" ".join(subject.split()), text=text.strip() + "\n", html=html)
