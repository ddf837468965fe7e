"""Accountability moves at one instant, from one person to the next, and never through nobody."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, EntryKind, HandoverState
from incidents.models import CommandTenure, Handover, Incident, IncidentMember
from incidents.queries import briefs
from incidents.rules import handover as rules
from incidents.services import declaration, locking, timeline
from incidents.services.timeline import Entry
from mim_portal.lib import dbtime, times
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.models import Person

_SHORTEST_TENURE = timedelta(milliseconds=1)


class HandoverRefused(Refusal):
    """An offer cannot be made or answered now."""

    code = "handover_refused"


@transaction.atomic
def offer(*, reference: str, person: Person, to: Person, fields: Mapping[str, Any], now: datetime) -> Handover:
    """The accountable manager offers; they stay accountable until the receiver has accepted in own words.

    `fields` are what only the giver knows (domain.md 1.7); what is not sent is stored as none. The brief comes from
    the record as it stands at this moment. Whoever is offered a private incident may see it from then on.
    """
    incident = _commanded(locking.lock(reference=reference, person=person))
    unknown = rules.unknown_fields(fields)
    if unknown:
        raise Invalid(_("A handover has no field %s.") % ", ".join(unknown), field=unknown[0])
    tenure = _tenure(incident)
    declaration.commander(to, field="to")
    problem = rules.check_offer(giver_id=person.pk, receiver_id=to.pk, accountable_id=tenure.manager_id)
    if problem is not None:
        raise HandoverRefused(problem.message, code=problem.code, field=problem.field)
    waiting = _waiting(incident)
    if waiting is not None:
        message = _("A handover to %(who)s has been waiting since %(when)s. Withdraw it first.")
        words = {"who": waiting.offered_to.name, "when": times.clock_time(waiting.offered_at)}
        raise HandoverRefused(message % words, code="already_offered", extra={"handover": waiting.pk})
    handover = Handover.objects.create(
        incident=incident,
        offered_by=person,
        offered_to=to,
        fields=rules.brief({name: str(value) for name, value in fields.items()}),
        brief=briefs.brief(incident, now=now),
        offered_at=now,
    )
    if incident.is_private:  # nobody can accept what they may not see
        IncidentMember.objects.get_or_create(incident=incident, person=to, defaults={"added_at": now})
    _record(incident, EntryKind.HANDOVER_OFFERED, handover, person=person, at=now)
    return handover


@transaction.atomic
def accept(*, handover_id: int, person: Person, restatement: str, now: datetime) -> Handover:
    """The receiver says in own words what is due next; from that instant they are accountable."""
    incident, handover = _open_offer(handover_id, person=person)
    _only(handover.offered_to_id, person, _("Only the person to whom it was offered can accept a handover."))
    declaration.commander(person, field="")
    problem = rules.check_restatement(restatement)
    if problem is not None:
        raise Invalid(problem.message, code=problem.code, field=problem.field)
    moved_at = _move(incident, to=person)
    _answer(handover, HandoverState.ACCEPTED, at=moved_at, restatement=restatement.strip())
    _record(incident, EntryKind.HANDOVER_ACCEPTED, handover, person=person, at=moved_at)
    return handover


@transaction.atomic
def decline(*, handover_id: int, person: Person, reason: str, now: datetime) -> Handover:
    """The receiver cannot; the giver stays accountable and knows why."""
    incident, handover = _open_offer(handover_id, person=person)
    _only(handover.offered_to_id, person, _("Only the person to whom it was offered can decline a handover."))
    _answer(handover, HandoverState.DECLINED, at=now, reason=reason)
    _record(incident, EntryKind.HANDOVER_DECLINED, handover, person=person, at=now, text=reason.strip())
    return handover


@transaction.atomic
def withdraw(*, handover_id: int, person: Person, now: datetime, reason: str = "") -> Handover:
    """The giver takes the offer back."""
    incident, handover = _open_offer(handover_id, person=person)
    _only(handover.offered_by_id, person, _("Only the person who offered a handover can withdraw it."))
    _answer(handover, HandoverState.WITHDRAWN, at=now, reason=reason)
    _record(incident, EntryKind.HANDOVER_WITHDRAWN, handover, person=person, at=now, text=reason.strip())
    return handover


@transaction.atomic
def take_over(*, reference: str, person: Person, reason: str, now: datetime) -> Incident:
    """Step in without an offer, because the accountable manager cannot be reached; the reason stays on the record."""
    incident = _commanded(locking.lock(reference=reference, person=person))
    declaration.commander(person, field="")
    before = _tenure(incident).manager_id
    if before == person.pk:
        raise HandoverRefused(_("You are accountable already."), code="same_person")
    if not reason.strip():
        raise Invalid(_("Say why you take over without a handover."), code="required", field="reason")
    moved_at = _move(incident, to=person)
    waiting = _waiting(incident)
    if waiting is not None:
        _answer(waiting, HandoverState.WITHDRAWN, at=moved_at, reason=_("Command was taken over."))
    data = {"from": before, "to": person.pk, "reason": reason.strip()}
    entry = Entry(kind=EntryKind.TAKEOVER, at=moved_at, actor_id=person.pk, data=data)
    timeline.append(incident=incident, entries=[entry])
    return incident


def _move(incident: Incident, *, to: Person) -> datetime:
    """End one tenure and start the next at the same instant of the database's clock, read after the lock."""
    tenure = _tenure(incident)
    moved_at = max(dbtime.now(), tenure.started_at + _SHORTEST_TENURE)
    tenure.ended_at = moved_at
    tenure.save(update_fields=["ended_at"])
    CommandTenure.objects.create(incident=incident, manager=to, started_at=moved_at)
    return moved_at


def _tenure(incident: Incident) -> CommandTenure:
    return CommandTenure.objects.select_for_update(no_key=True).get(incident=incident, ended_at=None)


def _commanded(incident: Incident) -> Incident:
    if incident.state not in COMMANDED_STATES:
        raise HandoverRefused(_("The incident has ended; nobody needs to be accountable for it."), code="ended")
    return incident


def _waiting(incident: Incident) -> Handover | None:
    return (
        Handover.objects.select_for_update(no_key=True, of=("self",))
        .select_related("offered_to")
        .filter(incident=incident, state=HandoverState.OFFERED)
        .first()
    )


def _open_offer(handover_id: int, *, person: Person) -> tuple[Incident, Handover]:
    """Lock the incident, then the offer, and read the offer again: it may have been answered meanwhile."""
    incident_id = Handover.objects.filter(pk=handover_id).values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise locking.UnknownIncident(_("There is no such handover."))
    incident = locking.lock_by_id(incident_id)
    handover = Handover.objects.select_for_update(no_key=True, of=("self",)).get(pk=handover_id)
    if handover.state != HandoverState.OFFERED:
        message = _("This handover is %s already.") % handover.get_state_display().lower()
        raise HandoverRefused(message, code="already_answered", extra={"state": handover.state})
    return _commanded(incident), handover


def _only(person_id: int, person: Person, message: str) -> None:
    if person.pk != person_id:
        raise Forbidden(message)


def _answer(handover: Handover, state: HandoverState, *, at: datetime, restatement: str = "", reason: str = "") -> None:
    handover.state, handover.answered_at = state, at
    handover.restatement, handover.answer_reason = restatement, reason.strip()[:300]
    handover.save(update_fields=["state", "answered_at", "restatement", "answer_reason"])


def _record(
    incident: Incident, kind: EntryKind, handover: Handover, *, person: Person, at: datetime, text: str = ""
) -> None:
    data = {"handover": handover.pk, "from": handover.offered_by_id, "to": handover.offered_to_id}
    timeline.append(incident=incident, entries=[Entry(kind=kind, at=at, actor_id=person.pk, text=text, data=data)])
