"""Roles in an incident: given in the room, ended or handed on, each on the timeline."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, SINGLE_ROLES, EntryKind, IncidentRole
from incidents.models import CommandTenure, Incident, IncidentMember, RoleAssignment
from incidents.rules import duties
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.choices import COMMAND_ROLES
from teams.models import Person, Team


class RoleRefused(Refusal):
    """The role cannot be given or ended like this."""

    code = "role_refused"


@transaction.atomic
def assign(
    *,
    reference: str,
    role: str,
    to: Person,
    person: Person,
    now: datetime,
    team: Team | None = None,
    instead_of: Person | None = None,
) -> RoleAssignment:
    """Give a role of this incident to somebody.

    A role that one person holds at a time is handed on only by naming its present holder (`instead_of`), so that two
    people who name somebody at once do not undo each other in silence. Whoever gets a role in a private incident may
    see it from then on.
    """
    incident = _running(locking.lock(reference=reference, person=person))
    chosen = _checked(incident, role=role, to=to, person=person, team=team)
    held = list(RoleAssignment.objects.filter(incident=incident, ended_at=None).select_related("person"))
    _refuse_conflict(incident, chosen, to=to, held=[row.role for row in held if row.person_id == to.pk])
    before = _holder(held, chosen, team=team, to=to)
    if before is not None:
        _hand_on(before, instead_of=instead_of, to=to, now=now)
    elif instead_of is not None:
        message = _("%s does not hold this role any more. Look who does, and choose again.") % instead_of.name
        raise RoleRefused(message, code="changed_meanwhile", field="instead_of")
    given = RoleAssignment.objects.create(
        incident=incident, role=chosen, person=to, team=team, started_at=now, assigned_by=person
    )
    if incident.is_private:
        IncidentMember.objects.get_or_create(incident=incident, person=to, defaults={"added_at": now})
    _record(incident, EntryKind.ROLE_ASSIGNED, given, person=person, at=now, before=before)
    return given


@transaction.atomic
def end(*, assignment_id: int, person: Person, now: datetime) -> RoleAssignment:
    """The role is not needed any more, or its holder leaves; the holder or whoever commands ends it."""
    incident_id = RoleAssignment.objects.filter(pk=assignment_id).values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise locking.UnknownIncident(_("There is no such role in this incident."))
    incident = locking.lock_by_id(incident_id, person=person)
    row = RoleAssignment.objects.select_related("person").get(pk=assignment_id)
    if row.person_id != person.pk and not person.has_role(*COMMAND_ROLES):
        raise Forbidden(_("Only %s, an incident manager or a deputy can end this role.") % row.person.name)
    if row.ended_at is not None:
        raise RoleRefused(_("This role has ended already."), code="already_ended")
    row.ended_at = max(now, row.started_at)
    row.save(update_fields=["ended_at"])
    _record(incident, EntryKind.ROLE_ENDED, row, person=person, at=now)
    return row


def refuse_command(incident: Incident, person: Person) -> None:
    """Whoever accepts command hands on first what they cannot keep with it (domain.md 1.3)."""
    mine = RoleAssignment.objects.filter(incident=incident, person=person, ended_at=None)
    for role in duties.given_up_with_command(held=mine.values_list("role", flat=True), priority=incident.priority):
        if role != duties.DEPUTY:  # a deputy who takes command has done what a deputy is for
            found = duties.conflict(role=role, held={duties.MANAGER}, priority=incident.priority)
            raise RoleRefused(found.message if found else "", code="role_conflict", extra={"role": role})


def end_with_command(incident: Incident, person: Person, *, at: datetime) -> list[Entry]:
    """End what the new manager cannot keep, and say so; the entries are the caller's to append."""
    mine = list(RoleAssignment.objects.filter(incident=incident, person=person, ended_at=None).order_by("pk"))
    ending = duties.given_up_with_command(held=[row.role for row in mine], priority=incident.priority)
    gone = [row for row in mine if row.role in ending]
    RoleAssignment.objects.filter(pk__in=[row.pk for row in gone]).update(ended_at=at)
    return [_entry(EntryKind.ROLE_ENDED, row, person=person, at=at) for row in gone]


def _running(incident: Incident) -> Incident:
    if incident.state not in COMMANDED_STATES:
        raise RoleRefused(_("The incident has ended; nobody needs a role in it."), code="ended")
    return incident


def _checked(incident: Incident, *, role: str, to: Person, person: Person, team: Team | None) -> IncidentRole:
    if role not in IncidentRole.values:
        message = _("There is no role %s. The accountable manager changes by handover or takeover.") % role
        raise Invalid(message, field="role")
    commands = person.has_role(*COMMAND_ROLES)
    if not duties.may_assign(role=role, to_oneself=to.pk == person.pk, commands=commands):
        raise Forbidden(_("Only an incident manager or a deputy gives roles. You can make yourself the scribe."))
    if not to.is_active or not to.roles:
        raise Invalid(_("%s has no role in the portal and could not see the incident.") % to.name, field="to")
    if role == IncidentRole.DEPUTY_MIM and not to.has_role(*COMMAND_ROLES):
        message = _("%s is not an incident manager or deputy and could not take command.") % to.name
        raise Invalid(message, code="not_a_manager", field="to")
    if (role == IncidentRole.TRG_REPRESENTATIVE) != (team is not None):
        message = _("Only a team representative speaks for a team.") if team else _("Say for which team they speak.")
        raise Invalid(message, field="team")
    return IncidentRole(role)


def _refuse_conflict(incident: Incident, role: IncidentRole, *, to: Person, held: list[str]) -> None:
    if CommandTenure.objects.filter(incident=incident, manager=to, ended_at=None).exists():
        held = [*held, duties.MANAGER]
    found = duties.conflict(role=role, held=held, priority=incident.priority)
    if found is not None:
        raise RoleRefused(found.message, code="role_conflict", field="role", extra={"roles": sorted(found.roles)})


def _holder(held: list[RoleAssignment], role: IncidentRole, *, team: Team | None, to: Person) -> RoleAssignment | None:
    """Who has the role and would have to hand it on."""
    same = [row for row in held if row.role == role and (team is None or row.team_id == team.pk)]
    if any(row.person_id == to.pk for row in same):
        raise RoleRefused(_("%s has this role already.") % to.name, code="already_held", field="to")
    is_single = role in SINGLE_ROLES or role == IncidentRole.TRG_REPRESENTATIVE
    return same[0] if same and is_single else None


def _hand_on(before: RoleAssignment, *, instead_of: Person | None, to: Person, now: datetime) -> None:
    if instead_of is None or before.person_id != instead_of.pk:
        message = _("%(who)s is %(role)s. To put %(to)s in their place, say so.")
        words = {"who": before.person.name, "role": before.get_role_display().lower(), "to": to.name}
        extra = {"holder": before.person.username}
        raise RoleRefused(message % words, code="already_held", field="instead_of", extra=extra)
    before.ended_at = max(now, before.started_at)
    before.save(update_fields=["ended_at"])


def _record(
    incident: Incident,
    kind: EntryKind,
    row: RoleAssignment,
    *,
    person: Person,
    at: datetime,
    before: RoleAssignment | None = None,
) -> None:
    timeline.append(incident=incident, entries=[_entry(kind, row, person=person, at=at, before=before)])


def _entry(
    kind: EntryKind, row: RoleAssignment, *, person: Person, at: datetime, before: RoleAssignment | None = None
) -> Entry:
    data = {"role": row.role, "person": row.person_id, "assignment": row.pk}
    if row.team_id is not None:
        data["team"] = row.team_id
    if before is not None:
        data["from"] = before.person_id
    return Entry(kind=kind, at=at, actor_id=person.pk, data=data)
