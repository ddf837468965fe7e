"""Mail about somebody's own account: an invitation, a new password, a password that was changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template

from mim_portal.lib import addresses, times
from teams.models import Invitation, Person
from teams.services import invitations


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Subject, plain text and HTML."""

    subject: str
    text: str
    html: str


def invitation(found: Invitation) -> Letter:
    """Who invites, what for, the link, and until when it works."""
    person = found.person
    return rendered(
        "invitation",
        {
            "person": person,
            "invited_by": found.invited_by.name if found.invited_by else "",
            "link": addresses.absolute(addresses.invitation(invitations.token(found))),
            "until": times.full_date_time(found.expires_at, times.zone(person.time_zone)),
        },
    )


def new_password(person: Person, *, link: str) -> Letter:
    """The link that sets a new password, asked for on the sign-in page."""
    return rendered("new_password", {"person": person, "link": link})


def password_changed(person: Person) -> Letter:
    """Said afterwards, so that whoever did not do it hears of it."""
    return rendered("password_changed", {"person": person, "portal": addresses.absolute("/")})


def rendered(folder: str, context: Mapping[str, Any]) -> Letter:
    """A letter from its folder of templates."""
    subject, text, html = (
        get_template(f"messages/{folder}/{name}").render(dict(context))
        for name in ("subject.txt", "body.txt", "body.html")
    )
    return Letter(subject=" ".join(subject.split())[:400], text=text.strip() + "\n", html=html)
