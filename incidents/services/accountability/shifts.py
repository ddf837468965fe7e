"""Going off shift: all live incidents of a manager are offered in one go, and accepted at one instant.

Incidents are locked in ascending order of their keys, as everywhere where several are locked, then their offers. What
cannot be offered or accepted stays where it is, and the answer says why; the others move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, EntryKind, HandoverState
from incidents.models import CommandTenure, Handover, Incident, ShiftHandover
from incidents.services import locking, timeline
from incidents.services.accountability import command, people, tenures
from incidents.services.accountability.tenures import HandoverRefused
from incidents.services.states import declaration
from mim_portal.lib.refusals import Forbidden, Refusal
from teams.choices import Role
from teams.models import Person
from teams.queries import rotas


@dataclass(frozen=True, kw_only=True)
class Left:
    """An incident that did not move, and why."""

    reference: str
    code: str
    message: str


@dataclass(kw_only=True)
class Outcome:
    """What became of a shift handover: the offers that were made or answered, and what was left."""

    shift: ShiftHandover
    handovers: list[Handover] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def receiver(person: Person, *, now: datetime) -> Person | None:
    """Whom the person hands over to by the rota: somebody else who is on already, or who comes next."""
    return next(
        (
            found
            for role in (Role.INCIDENT_MANAGER, Role.DEPUTY)
            if (found := rotas.next_of_role(role, at=now, besides=person)) is not None
        ),
        None,
    )


@transaction.atomic
def offer(
    *,
    person: Person,
    to: Person | None,
    now: datetime,
    references: Sequence[str] | None = None,
    fields: Mapping[str, Mapping[str, Any]] | None = None,
) -> Outcome:
    """Offer every live incident that the person is accountable for, or those that are named, to one receiver.

    `fields` has by reference what only the giver knows. Each incident gets its own brief; nothing has moved yet.
    """
    chosen = to or receiver(person, now=now)
    if chosen is None:
        message = _("Nobody is planned on the managers' rota. Choose whom you hand over to.")
        raise HandoverRefused(message, code="required", field="to")
    declaration.commander(chosen, field="to")
    given = fields or {}
    for each in given.values():
        command.check_fields(each)
    incidents = locking.lock_many(_accountable_for(person))
    wanted = [each for each in incidents if references is None or each.reference in references]
    outcome = Outcome(shift=ShiftHandover(offered_by=person, offered_to=chosen, offered_at=now))
    outcome.left += _not_theirs(references or (), wanted, message=_("You are not accountable for it."))
    if wanted:
        outcome.shift.save()
    for incident in wanted:
        try:
            handover = command.prepared(
                incident, person=person, to=chosen, fields=given.get(incident.reference, {}), now=now,
                shift=outcome.shift,
            )  # fmt: skip
        except Refusal as refusal:
            outcome.left.append(Left(reference=incident.reference, code=refusal.code, message=refusal.message))
        else:
            outcome.handovers.append(handover)
    if not outcome.handovers:
        raise _nothing(outcome, _("You have no incident to hand over."))
    _record(outcome, EntryKind.HANDOVER_OFFERED, person=person, at=now)
    return outcome


@transaction.atomic
def accept(*, shift_id: int, person: Person, restatements: Mapping[str, str], now: datetime) -> Outcome:
    """Take the incidents that are named, each said back in own words; all of them move at one instant.

    `restatements` has by reference what is due next. One that says nothing refuses the whole, since the receiver can
    put it right; an incident that meanwhile went elsewhere is left out, and the answer says why.
    """
    shift = _shift(shift_id)
    if shift.offered_to_id != person.pk:
        raise Forbidden(_("Only the person to whom it was offered can accept a handover."))
    declaration.commander(person, field="")
    offered = _locked_offers(shift)
    outcome = Outcome(shift=shift)
    taken = [each for each in offered if each.incident.reference in restatements]
    for handover in taken:
        reference = handover.incident.reference
        command.check_restatement(restatements[reference], field=f"restatements.{reference}")
    gone = _("It is not offered to you any more.")
    outcome.left += _not_theirs(list(restatements), [each.incident for each in taken], message=gone)
    running = {}
    for handover in taken:
        try:
            incident = tenures.commanded(handover.incident)
            people.refuse_command(incident, person)
        except Refusal as refusal:
            left = Left(reference=handover.incident.reference, code=refusal.code, message=refusal.message)
            outcome.left.append(left)
        else:
            running[incident] = tenures.current(incident)
            outcome.handovers.append(handover)
    if not running:
        raise _nothing(outcome, _("Choose at least one incident that is still offered to you."))
    moved_at = tenures.move(running, to=person)
    for handover in outcome.handovers:
        said = restatements[handover.incident.reference].strip()
        command.answer(handover, HandoverState.ACCEPTED, at=moved_at, restatement=said)
    _record(outcome, EntryKind.HANDOVER_ACCEPTED, person=person, at=moved_at)
    return outcome


@transaction.atomic
def decline(*, shift_id: int, person: Person, reason: str, now: datetime) -> Outcome:
    """The receiver cannot take what is still open of it; the giver stays accountable and knows why."""
    shift = _shift(shift_id)
    if shift.offered_to_id != person.pk:
        raise Forbidden(_("Only the person to whom it was offered can decline a handover."))
    return _end(shift, EntryKind.HANDOVER_DECLINED, HandoverState.DECLINED, person=person, reason=reason, now=now)


@transaction.atomic
def withdraw(*, shift_id: int, person: Person, now: datetime, reason: str = "") -> Outcome:
    """The giver takes back what is still open of it."""
    shift = _shift(shift_id)
    if shift.offered_by_id != person.pk:
        raise Forbidden(_("Only the person who offered a handover can withdraw it."))
    return _end(shift, EntryKind.HANDOVER_WITHDRAWN, HandoverState.WITHDRAWN, person=person, reason=reason, now=now)


def _end(
    shift: ShiftHandover, kind: EntryKind, state: HandoverState, *, person: Person, reason: str, now: datetime
) -> Outcome:
    outcome = Outcome(shift=shift, handovers=_locked_offers(shift))
    if not outcome.handovers:
        raise _nothing(outcome, _("Everything of this handover has been answered already."))
    for handover in outcome.handovers:
        command.answer(handover, state, at=now, reason=reason)
    _record(outcome, kind, person=person, at=now, text=reason.strip())
    return outcome


def _record(outcome: Outcome, kind: EntryKind, *, person: Person, at: datetime, text: str = "") -> None:
    pairs = []
    for handover in outcome.handovers:
        pairs.append((handover.incident, command.entry(kind, handover, person=person, at=at, text=text)))
        if kind == EntryKind.HANDOVER_ACCEPTED:
            ended = people.end_with_command(handover.incident, person, at=at)
            pairs += [(handover.incident, each) for each in ended]
    timeline.append_many(pairs)


def _accountable_for(person: Person) -> list[int]:
    running = CommandTenure.objects.filter(manager=person, ended_at=None, incident__state__in=sorted(COMMANDED_STATES))
    return list(running.values_list("incident_id", flat=True))


def _not_theirs(asked: Sequence[str], found: Sequence[Incident], *, message: str) -> list[Left]:
    known = {incident.reference for incident in found}
    return [Left(reference=each, code="not_yours", message=message) for each in asked if each not in known]


def _nothing(outcome: Outcome, message: str) -> HandoverRefused:
    """Why nothing moved, with each incident's own reason."""
    left = [{"incident": each.reference, "code": each.code, "message": each.message} for each in outcome.left]
    words = " ".join([message, *(f"{each.reference}: {each.message}" for each in outcome.left)])
    return HandoverRefused(words, code="nothing_moved", extra={"refused": left})


def _shift(shift_id: int) -> ShiftHandover:
    shift = ShiftHandover.objects.select_related("offered_by", "offered_to").filter(pk=shift_id).first()
    if shift is None:
        raise locking.UnknownIncident(_("There is no such handover."))
    return shift


def _locked_offers(shift: ShiftHandover) -> list[Handover]:
    """What is still offered of it, after the incidents are locked."""
    rows = Handover.objects.filter(shift=shift, state=HandoverState.OFFERED)
    incidents = {each.pk: each for each in locking.lock_many(rows.values_list("incident_id", flat=True))}
    offered = list(rows.select_for_update(no_key=True, of=("self",)).order_by("incident_id"))
    for handover in offered:
        handover.incident = incidents[handover.incident_id]
    return offered
