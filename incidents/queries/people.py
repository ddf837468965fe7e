"""Who does what in an incident, what was promised to its teams, and the panel that shows both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, IncidentRole
from incidents.models import CommandTenure, Commitment, Incident, RoleAssignment
from incidents.queries import command, visibility
from incidents.rules import duties
from mim_portal.lib import prepared
from teams.models import Person
from teams.rules import roles

# How long a new manager is shown the sentence to announce.
ANNOUNCED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """One line of the panel: who, in which role, since when, and what that asks of them."""

    role: str
    words: str
    person: Person
    since: datetime
    duties: str
    assignment: RoleAssignment | None = None  # None: the accountable manager, who changes by handover only


def assignments(incident: Incident) -> QuerySet[RoleAssignment]:
    """Every assignment, the newest first."""
    return (
        RoleAssignment.objects.filter(incident=incident)
        .select_related("person", "team", "assigned_by", "incident")
        .order_by("-started_at", "-id")
    )


def holders(incident: Incident, tenure: CommandTenure | None = None) -> list[Holder]:
    """Who has a role now: the manager, whose tenure may be known, then the others in the order of domain.md 1.3."""
    tenure = tenure or command.last_tenure(incident)
    manager = Holder(
        role=duties.MANAGER,
        words=_("Accountable manager"),
        person=tenure.manager,
        since=tenure.started_at,
        duties=duties.DUTIES[duties.MANAGER],
    )
    order = IncidentRole.values
    rows = sorted(_running(incident=incident), key=lambda row: (order.index(row.role), row.pk))
    return [manager, *map(_holder, rows)]


@prepared.query
def _running(*, incident: int) -> QuerySet[RoleAssignment]:
    found = RoleAssignment.objects.filter(incident=incident, ended_at=None)
    return found.select_related("person", "team", "assigned_by", "incident")


def _holder(row: RoleAssignment) -> Holder:
    words = str(row.get_role_display())
    return Holder(
        role=row.role,
        words=f"{words}, {row.team.name}" if row.team is not None else words,
        person=row.person,
        since=row.started_at,
        duties=duties.DUTIES[row.role],
        assignment=row,
    )


def clashes(incident: Incident, held: Sequence[Holder]) -> list[str]:
    """Roles that one person has and cannot do at once, as after a rise to P1."""
    mine: dict[int, list[str]] = {}
    for holder in held:
        mine.setdefault(holder.person.pk, []).append(holder.role)
    names = {holder.person.pk: holder.person.name for holder in held}
    return [
        f"{names[pk]}: {found.message}"
        for pk, them in mine.items()
        for found in duties.conflicts(held=them, priority=incident.priority)
    ]


def commitments(incident: Incident | int) -> QuerySet[Commitment]:
    """What was promised to teams: what is open first, soonest first."""
    return (
        Commitment.objects.filter(incident=incident)
        .select_related("team", "made_by", "incident")
        .order_by(F("kept_at").desc(nulls_first=True), "due_at", "id")
    )


@prepared.query
def _promised(*, incident: int) -> QuerySet[Commitment]:
    return commitments(incident)


def open_commitments_to(person: Person) -> QuerySet[Commitment]:
    """What the person's teams were promised and have not got yet, in incidents that they may see; for the board."""
    return (
        Commitment.objects.filter(team__memberships__person=person, kept_at=None)
        .filter(incident__in=visibility.visible_incidents(person), incident__state__in=sorted(COMMANDED_STATES))
        .select_related("team", "made_by", "incident")
        .order_by("due_at", "id")
    )


def asks(*, incident: Incident) -> list[prepared.Ask]:
    """What the panel asks of the incident alone, to be asked together."""
    return [command.ask(incident=incident), _running.ask(incident=incident), _promised.ask(incident=incident)]


def panel(*, incident: Incident, person: Person, now: datetime, tenure: CommandTenure | None = None) -> dict[str, Any]:
    """The person's own roles first, with what they ask of them while it runs; then everybody's; then what teams were
    promised.
    """
    held = holders(incident, tenure)
    is_new = incident.declared_at < held[0].since and now - held[0].since < ANNOUNCED_FOR
    promised = _promised(incident=incident)
    is_running = incident.state in COMMANDED_STATES
    commands = person.has_role(*roles.COMMANDERS) and is_running
    own = [holder for holder in held if holder.person.pk == person.pk and is_running]
    mine = set(person.memberships.values_list("team_id", flat=True)) if promised else set()
    return {
        "roles_run": is_running,
        "own_roles": own,
        "other_roles": [holder for holder in held if holder not in own],
        "role_clashes": clashes(incident, held) if is_running else [],
        "announcement": command.announcement(incident) if is_new and held[0].person.pk == person.pk else "",
        "may_assign": commands,
        "may_scribe": is_running
        and person.has_role(*roles.ROOM_WRITERS)
        and not any(holder.role == duties.SCRIBE for holder in held),
        "commitments": [
            {"row": row, "may_keep": row.kept_at is None and (commands or row.team_id in mine)} for row in promised
        ],
    }
