"""Accountability moves at one instant, from one person to the next, and never through nobody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import EntryKind, HandoverState
from incidents.models import Handover, Incident, IncidentMember, ShiftHandover
from incidents.queries import briefs
from incidents.rules import handover as rules
from incidents.services import locking, timeline
from incidents.services.accountability import commitments, people, tenures
from incidents.services.accountability.commitments import Promise
from incidents.services.accountability.tenures import HandoverRefused
from incidents.services.states import declaration
from incidents.services.timeline import Entry
from mim_portal.lib import times
from mim_portal.lib.refusals import Forbidden, Invalid
from teams.choices import COMMAND_ROLES, Role
from teams.models import Person

__all__ = ["HandoverRefused", "accept", "decline", "offer", "take_over", "withdraw"]


@transaction.atomic
def offer(
    *,
    reference: str,
    person: Person,
    to: Person,
    fields: Mapping[str, Any],
    now: datetime,
    promises: Sequence[Promise] = (),
) -> Handover:
    """The accountable manager offers; they stay accountable until the receiver has accepted in own words.

    `fields` are what only the giver knows (domain.md 1.7); what is not sent is stored as none. `promises` are what
    the giver has promised to teams and not written down yet. The brief comes from the record as it stands then.
    """
    incident = tenures.commanded(locking.lock(reference=reference, person=person))
    check_fields(fields)
    declaration.commander(to, field="to")
    for promise in promises:
        commitments.record(incident, promise, person=person, now=now)
    handover = prepared(incident, person=person, to=to, fields=fields, now=now)
    timeline.append(incident=incident, entries=[entry(EntryKind.HANDOVER_OFFERED, handover, person=person, at=now)])
    return handover


@transaction.atomic
def accept(*, handover_id: int, person: Person, restatement: str, now: datetime) -> Handover:
    """The receiver says in own words what is due next; from that instant they are accountable."""
    incident, handover = _open_offer(handover_id)
    _only(handover.offered_to_id, person, _("Only the person to whom it was offered can accept a handover."))
    declaration.commander(person, field="")
    check_restatement(restatement)
    people.refuse_command(incident, person)
    moved_at = tenures.move({incident: tenures.current(incident)}, to=person)
    answer(handover, HandoverState.ACCEPTED, at=moved_at, restatement=restatement.strip())
    accepted = entry(EntryKind.HANDOVER_ACCEPTED, handover, person=person, at=moved_at)
    ended = people.end_with_command(incident, person, at=moved_at)
    timeline.append(incident=incident, entries=[accepted, *ended])
    return handover


@transaction.atomic
def decline(*, handover_id: int, person: Person, reason: str, now: datetime) -> Handover:
    """The receiver cannot; the giver stays accountable and knows why."""
    incident, handover = _open_offer(handover_id)
    _only(handover.offered_to_id, person, _("Only the person to whom it was offered can decline a handover."))
    answer(handover, HandoverState.DECLINED, at=now, reason=reason)
    declined = entry(EntryKind.HANDOVER_DECLINED, handover, person=person, at=now, text=reason.strip())
    timeline.append(incident=incident, entries=[declined])
    return handover


@transaction.atomic
def withdraw(*, handover_id: int, person: Person, now: datetime, reason: str = "") -> Handover:
    """The giver takes the offer back."""
    incident, handover = _open_offer(handover_id)
    _only(handover.offered_by_id, person, _("Only the person who offered a handover can withdraw it."))
    answer(handover, HandoverState.WITHDRAWN, at=now, reason=reason)
    withdrawn = entry(EntryKind.HANDOVER_WITHDRAWN, handover, person=person, at=now, text=reason.strip())
    timeline.append(incident=incident, entries=[withdrawn])
    return handover


@transaction.atomic
def take_over(*, reference: str, person: Person, reason: str, now: datetime, manager: Person | None = None) -> Incident:
    """Command moves without an offer, because the accountable manager cannot be reached; the reason stays on record.

    A manager or deputy takes it for themselves. An administrator, who is not accountable for incidents, appoints a
    manager. Nothing waits: roles that the new manager cannot keep end at the same instant.
    """
    incident = tenures.commanded(locking.lock(reference=reference, person=person))
    to = _successor(person, manager)
    tenure = tenures.current(incident)
    before = tenure.manager_id
    if before == to.pk:
        message = _("You are accountable already.") if to.pk == person.pk else _("%s is accountable already.") % to.name
        raise HandoverRefused(message, code="same_person", field="manager")
    if not reason.strip():
        raise Invalid(_("Say why you take over without a handover."), code="required", field="reason")
    moved_at = tenures.move({incident: tenure}, to=to)
    offered = waiting(incident)
    if offered is not None:
        answer(offered, HandoverState.WITHDRAWN, at=moved_at, reason=_("Command was taken over."))
    data = {"from": before, "to": to.pk, "reason": reason.strip()}
    taken = Entry(kind=EntryKind.TAKEOVER, at=moved_at, actor_id=person.pk, data=data)
    ended = people.end_with_command(incident, to, at=moved_at)
    timeline.append(incident=incident, entries=[taken, *ended])
    return incident


def prepared(
    incident: Incident,
    *,
    person: Person,
    to: Person,
    fields: Mapping[str, Any],
    now: datetime,
    shift: ShiftHandover | None = None,
) -> Handover:
    """The offer of one locked incident, for an offer alone and for those of a shift; the entry is the caller's.

    Whoever is offered a private incident may see it from then on.
    """
    tenure = tenures.current(incident)
    problem = rules.check_offer(giver_id=person.pk, receiver_id=to.pk, accountable_id=tenure.manager_id)
    if problem is not None:
        raise HandoverRefused(problem.message, code=problem.code, field=problem.field)
    already = waiting(incident)
    if already is not None:
        message = _("A handover to %(who)s has been waiting since %(when)s. Withdraw it first.")
        words = {"who": already.offered_to.name, "when": times.clock_time(already.offered_at)}
        raise HandoverRefused(message % words, code="already_offered", extra={"handover": already.pk})
    handover = Handover.objects.create(
        incident=incident,
        offered_by=person,
        offered_to=to,
        fields=rules.brief({name: str(value) for name, value in fields.items()}),
        brief=briefs.brief(incident, now=now),
        offered_at=now,
        shift=shift,
    )
    if incident.is_private:  # nobody can accept what they may not see
        IncidentMember.objects.get_or_create(incident=incident, person=to, defaults={"added_at": now})
    return handover


def check_fields(fields: Mapping[str, Any]) -> None:
    """Nothing that is sent is lost in silence."""
    unknown = rules.unknown_fields(fields)
    if unknown:
        raise Invalid(_("A handover has no field %s.") % ", ".join(unknown), field=unknown[0])


def check_restatement(restatement: str, *, field: str = "") -> None:
    """The receiver says it back, in own words."""
    problem = rules.check_restatement(restatement)
    if problem is not None:
        raise Invalid(problem.message, code=problem.code, field=field or problem.field)


def waiting(incident: Incident) -> Handover | None:
    """The open offer of the incident, locked."""
    return (
        Handover.objects.select_for_update(no_key=True, of=("self",))
        .select_related("offered_to")
        .filter(incident=incident, state=HandoverState.OFFERED)
        .first()
    )


def answer(handover: Handover, state: HandoverState, *, at: datetime, restatement: str = "", reason: str = "") -> None:
    """How the offer ended."""
    handover.state, handover.answered_at = state, at
    handover.restatement, handover.answer_reason = restatement, reason.strip()[:300]
    handover.save(update_fields=["state", "answered_at", "restatement", "answer_reason"])


def entry(kind: EntryKind, handover: Handover, *, person: Person, at: datetime, text: str = "") -> Entry:
    """What the timeline says about a step of a handover."""
    data = {"handover": handover.pk, "from": handover.offered_by_id, "to": handover.offered_to_id}
    if handover.shift_id is not None:
        data["shift"] = handover.shift_id
    return Entry(kind=kind, at=at, actor_id=person.pk, text=text, data=data)


def _successor(person: Person, manager: Person | None) -> Person:
    """Who becomes accountable: the manager who steps in, or whom an administrator appoints."""
    if person.has_role(Role.ADMINISTRATOR) and manager is not None:
        return declaration.commander(manager, field="manager")
    if person.has_role(*COMMAND_ROLES):
        if manager is not None and manager.pk != person.pk:
            message = _("Take over yourself, or ask an administrator to appoint %s.") % manager.name
            raise Invalid(message, code="not_yourself", field="manager")
        return declaration.commander(person, field="")
    if person.has_role(Role.ADMINISTRATOR):
        message = _("Choose who becomes accountable: an administrator appoints a manager.")
        raise Invalid(message, code="required", field="manager")
    raise Forbidden(_("Only an incident manager, a deputy or an administrator can do this."))


def _open_offer(handover_id: int) -> tuple[Incident, Handover]:
    """Lock the incident, then the offer, and read the offer again: it may have been answered meanwhile."""
    incident_id = Handover.objects.filter(pk=handover_id).values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise locking.UnknownIncident(_("There is no such handover."))
    incident = locking.lock_by_id(incident_id)
    handover = Handover.objects.select_for_update(no_key=True, of=("self",)).get(pk=handover_id)
    if handover.state != HandoverState.OFFERED:
        message = _("This handover is %s already.") % handover.get_state_display().lower()
        raise HandoverRefused(message, code="already_answered", extra={"state": handover.state})
    return tenures.commanded(incident), handover


def _only(person_id: int, person: Person, message: str) -> None:
    if person.pk != person_id:
        raise Forbidden(message)
