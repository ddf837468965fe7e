"""The contact sheet: who to call for a role and for a team, now; to be kept where the portal is not needed."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from mim_portal.lib import cells, times
from teams.choices import ROTA_ROLES, Role
from teams.models import Contact, Person, RotaShift, Team
from teams.queries import calling

# Listed whether on shift or not: they are called when the one on shift does not answer.
_ALWAYS_LISTED = frozenset({Role.DEPUTY, Role.PRACTICE_LEAD})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the sheet: a person, or one of a team's contacts."""

    of: str  # the role or the team
    who: str
    phone: str = ""
    email: str = ""
    other: str = ""
    note: str = ""


def sheet(*, at: datetime) -> list[Line]:
    """Roles first, those on shift before the others, then teams by name: their people on shift, then their contacts."""
    shifts = on_shift(at=at)
    return [*_of_roles([row for row in shifts if row.rota.role], at=at), *_of_teams(shifts, at=at)]


def on_shift(*, at: datetime) -> list[RotaShift]:
    """Every shift that counts at that moment, of roles and of teams."""
    return list(calling.turns(at=at))


def as_csv(lines: Iterable[Line]) -> str:
    """The sheet as a file for spreadsheets; no cell can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([field.name for field in fields(Line)])
    for line in lines:
        writer.writerow([cells.plain(value) for value in astuple(line)])
    return out.getvalue()


def _of_roles(shifts: list[RotaShift], *, at: datetime) -> list[Line]:
    holders = list(Person.objects.with_role(*ROTA_ROLES))
    lines = []
    for role in [role for role in Role if role in ROTA_ROLES]:
        turns = {row.person_id: row for row in shifts if row.rota.role == role}
        lines += [_on_shift(str(role.label), row, at=at) for row in turns.values()]
        if not turns or role in _ALWAYS_LISTED:
            words = _("not on shift") if turns else _("nobody is on the rota: every holder")
            others = [person for person in holders if role in person.roles and person.pk not in turns]
            lines += [_person(str(role.label), person, words) for person in others]
    return lines


def _of_teams(shifts: list[RotaShift], *, at: datetime) -> list[Line]:
    contacts = Prefetch("contacts", Contact.objects.order_by("position", "id"))
    lines = []
    for team in Team.objects.filter(is_active=True).prefetch_related(contacts).order_by("name"):
        turns = [row for row in shifts if row.rota.team_id == team.pk]
        lines += [_on_shift(team.name, row, at=at) for row in turns]
        lines += [_contact(team, contact) for contact in team.contacts.all()]
    return lines


def _on_shift(of: str, row: RotaShift, *, at: datetime) -> Line:
    until = times.due_time(row.ends_at, UTC, now=at)
    return _person(of, row.person, _("on shift until %(time)s") % {"time": until})


def _person(of: str, person: Person, note: str) -> Line:
    return Line(of=of, who=person.name, phone=person.phone, email=person.email, note=note)


def _contact(team: Team, contact: Contact) -> Line:
    column = {Contact.Kind.PHONE: "phone", Contact.Kind.EMAIL: "email"}.get(Contact.Kind(contact.kind), "other")
    kind = str(Contact.Kind(contact.kind).label)
    return Line(of=team.name, who=_("the team"), note=contact.note or kind, **{column: contact.value})
