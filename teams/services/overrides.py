"""What differs from the plan of a rota: a shift by hand, somebody stands in, two swap, somebody is away."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person, Rota, RotaAbsence, RotaShift
from teams.services import rotas

LONGEST = timedelta(days=62)


class OverrideRefused(Refusal):
    """It cannot be changed like this now."""

    code = "override_refused"


@transaction.atomic
def plan(
    *, rota_id: int, who: Person, starts_at: datetime, ends_at: datetime, person: Person, now: datetime
) -> RotaShift:
    """One shift by hand, beside the recurring lines."""
    rotas.may_edit(person)
    rota = rotas.locked(rota_id)
    _check_time(starts_at, ends_at, now=now)
    rotas.eligible(rota, who, field="who")
    shift = RotaShift.objects.create(rota=rota, person=who, starts_at=starts_at, ends_at=ends_at)
    _audit("rota.shift_planned", rota, person, shift=shift.pk, who=who.pk)
    return shift


@transaction.atomic
def cover(
    *,
    rota_id: int,
    who: Person,
    instead_of: Person | None,
    starts_at: datetime,
    ends_at: datetime,
    person: Person,
    now: datetime,
) -> RotaShift:
    """Somebody stands in for a time: for one person, or with `instead_of` None for everybody who is planned.

    People give away their own shifts by themselves; anything else is for administrators and the practice lead.
    """
    rota = rotas.locked(rota_id)
    _own_or_editor(instead_of, person)
    _check_time(starts_at, ends_at, now=now)
    rotas.eligible(rota, who, field="who")
    if instead_of is not None and instead_of.pk == who.pk:
        raise Invalid(_("Choose somebody else: nobody stands in for themselves."), code="same_person", field="who")
    _check_present(rota, who, starts_at, ends_at)
    shift = RotaShift.objects.create(
        rota=rota, person=who, instead_of=instead_of, starts_at=starts_at, ends_at=ends_at, is_override=True
    )
    _audit("rota.cover", rota, person, shift=shift.pk, who=who.pk, instead_of=instead_of.pk if instead_of else None)
    return shift


@transaction.atomic
def swap(*, first_id: int, second_id: int, person: Person, now: datetime) -> tuple[RotaShift, RotaShift]:
    """Two people take each other's shift, both or neither."""
    first, second = (_shift(pk) for pk in (first_id, second_id))
    rota = rotas.locked(first.rota_id)
    if first.rota_id != second.rota_id:
        raise Invalid(_("Both shifts have to be on the same rota."), code="other_rota", field="second")
    if first.person_id == second.person_id:
        raise Invalid(_("Both shifts are the same person's."), code="same_person", field="second")
    if person.pk not in {first.person_id, second.person_id}:
        rotas.may_edit(person)
    for shift in (first, second):
        if shift.starts_at <= now:
            raise Invalid(_("A shift that has begun is not swapped. Ask somebody to stand in."), field="first")
    made = [_takes(rota, one, of=other) for one, other in ((second.person, first), (first.person, second))]
    _audit("rota.swap", rota, person, shifts=[shift.pk for shift in made])
    return made[0], made[1]


@transaction.atomic
def away(
    *, rota_id: int, who: Person, starts_at: datetime, ends_at: datetime, person: Person, now: datetime
) -> RotaAbsence:
    """Somebody is away: they are on no shift of this rota for that time. Why is nobody's business here."""
    rota = rotas.locked(rota_id)
    _own_or_editor(who, person)
    _check_time(starts_at, ends_at, now=now)
    rotas.eligible(rota, who, field="who")
    absence = RotaAbsence.objects.create(rota=rota, person=who, starts_at=starts_at, ends_at=ends_at)
    _audit("rota.away", rota, person, absence=absence.pk, who=who.pk)
    return absence


@transaction.atomic
def remove_shift(*, shift_id: int, person: Person, now: datetime) -> None:
    """Take an override or a planned shift back. What has begun ends now, so that it stays known who was on."""
    found = _shift(shift_id)
    rota = rotas.locked(found.rota_id)
    shift = RotaShift.objects.filter(pk=shift_id).first()
    if shift is None:
        raise rotas.UnknownRota(_("There is no such shift."))
    concerned = {shift.person_id, shift.instead_of_id} if shift.is_override else set()
    if person.pk not in concerned:
        rotas.may_edit(person)
    if shift.line_id is not None:
        message = _("This shift comes from a recurring line. Change the line, or say who stands in.")
        raise OverrideRefused(message, code="from_a_line")
    if shift.ends_at <= now:
        raise OverrideRefused(_("This shift is over."), code="over")
    if shift.starts_at < now:
        shift.ends_at = now
        shift.save(update_fields=["ends_at"])
    else:
        shift.delete()
    _audit("rota.shift_removed", rota, person, shift=shift_id, who=shift.person_id)


@transaction.atomic
def remove_absence(*, absence_id: int, person: Person, now: datetime) -> None:
    """Back earlier than planned."""
    absence = RotaAbsence.objects.select_related("rota", "person").filter(pk=absence_id).first()
    if absence is None:
        raise rotas.UnknownRota(_("There is no such absence."))
    rota = rotas.locked(absence.rota_id)
    _own_or_editor(absence.person, person)
    RotaAbsence.objects.filter(pk=absence_id).delete()
    _audit("rota.back", rota, person, absence=absence_id, who=absence.person_id)


def _takes(rota: Rota, who: Person, *, of: RotaShift) -> RotaShift:
    rotas.eligible(rota, who, field="second")
    _check_present(rota, who, of.starts_at, of.ends_at)
    return RotaShift.objects.create(
        rota=rota, person=who, instead_of=of.person, starts_at=of.starts_at, ends_at=of.ends_at, is_override=True
    )


def _own_or_editor(whose: Person | None, person: Person) -> None:
    if whose is None or whose.pk != person.pk:
        rotas.may_edit(person)


def _check_time(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid(_("The end has to be after the start."), field="ends_at")
    if ends_at <= now:
        raise Invalid(_("This time is over already."), field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Invalid(_("Choose at most %d days at once.") % LONGEST.days, field="ends_at")


def _check_present(rota: Rota, who: Person, starts_at: datetime, ends_at: datetime) -> None:
    gone = RotaAbsence.objects.filter(rota=rota, person=who, starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if gone is not None:
        message = _("%(who)s is away until %(when)s. Choose somebody else.")
        words = {"who": who.name, "when": times.date_time(gone.ends_at)}
        raise Invalid(message % words, code="away", field="who")


def _shift(shift_id: int) -> RotaShift:
    shift = RotaShift.objects.select_related("person").filter(pk=shift_id).first()
    if shift is None:
        raise rotas.UnknownRota(_("There is no such shift."))
    return shift


def _audit(verb: str, rota: Rota, person: Person, **data: Any) -> None:
    AuditEntry.objects.create(actor=person, verb=verb, subject=rota.name, data={"rota": rota.pk, **data})
