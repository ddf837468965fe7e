"""What was changed about a person, in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Person
from teams.queries import people


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line: when, who, what."""

    at: datetime
    who: str
    text: str


def of(person: Person) -> list[Change]:
    """Newest first. What a field held before is not kept: the log names people by reference only."""
    return [
        Change(at=entry.at, who=_who(entry, person), text=sentence(entry.verb, entry.data))
        for entry in people.history(person)
    ]


def sentence(verb: str, data: Mapping[str, Any]) -> str:
    """What was done."""
    plain = {
        "person.invited": _("invited"),
        "person.invited_again": _("invited again; the older link stopped working"),
        "invitation.withdrawn": _("the invitation was withdrawn"),
        "invitation.accepted": _("accepted the invitation and chose a password"),
        "person.password_changed": _("the password was changed"),
        "person.imported": _("put into the list from a file"),
    }
    if verb in plain:
        return plain[verb]
    return "; ".join(_parts(data)) or _("changed")


def _parts(data: Mapping[str, Any]) -> Iterable[str]:
    if "is_active" in data:
        yield _("reactivated") if data["is_active"] else _("deactivated")
    for sign, key in (("+", "roles_added"), ("−", "roles_removed")):
        for role in data.get(key, ()):
            yield _("role %(sign)s %(role)s") % {"sign": sign, "role": _role(role)}
    for sign, key in (("+", "teams_added"), ("−", "teams_removed")):
        for team in data.get(key, ()):
            yield _("team %(sign)s %(team)s") % {"sign": sign, "team": team}
    for words, key in ((_("leads %s"), "leads_added"), (_("no longer leads %s"), "leads_removed")):
        for team in data.get(key, ()):
            yield words % team
    named = {
        "first_name": _("first name"),
        "last_name": _("last name"),
        "email": _("e-mail"),
        "phone": _("phone"),
        "time_zone": _("time zone"),
        "locale": _("language"),
    }
    changed = [words for field, words in named.items() if field in data.get("fields", ())]
    if changed:
        yield _("changed: %s") % ", ".join(changed)


def _role(code: str) -> str:
    return str(Role(code).label) if code in Role.values else code


def _who(entry: AuditEntry, person: Person) -> str:
    if entry.actor is None:
        return _("the portal")
    return entry.actor.name
