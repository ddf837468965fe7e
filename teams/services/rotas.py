"""Rotas and their recurring lines. Turns are written ahead, so that who is on now stays one read."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Forbidden, Invalid, Missing
from mim_portal.models import AuditEntry
from teams.choices import ROTA_ROLES
from teams.models import Person, Rota, RotaLine, RotaShift, Team
from teams.rules import patterns, roles
from teams.rules.patterns import Line, Span

AHEAD = timedelta(weeks=8)
MOST_WEEKS = 12
LONGEST_TURN = timedelta(days=2)  # once round the clock, and the night in which clocks change


class UnknownRota(Missing):
    """There is no such rota, line or shift."""


@transaction.atomic
def create(*, name: str, role: str, team: Team | None, time_zone: str, person: Person, now: datetime) -> Rota:
    """A rota for one role or for one team."""
    may_edit(person)
    if bool(role) == (team is not None):
        raise Invalid(_("A rota is for a role or for a team: choose one of them."), field="role")
    if role and role not in ROTA_ROLES:
        raise Invalid(_("Nobody is called by the role %s.") % role, field="role")
    rota = Rota.objects.create(name=_free_name(name), role=role, team=team, time_zone=_zone(time_zone))
    _audit("rota.created", rota, person)
    return rota


@transaction.atomic
def edit(*, rota_id: int, name: str, time_zone: str, person: Person, now: datetime) -> Rota:
    """Another name, or another zone in which new lines begin; lines keep their own."""
    may_edit(person)
    rota = locked(rota_id)
    before = {"name": rota.name, "time_zone": rota.time_zone}
    rota.name, rota.time_zone = _free_name(name, besides=rota), _zone(time_zone)
    rota.save(update_fields=["name", "time_zone"])
    _audit("rota.changed", rota, person, before=before)
    return rota


@transaction.atomic
def add_line(*, rota_id: int, person: Person, fields: Mapping[str, Any], now: datetime) -> RotaLine:
    """A recurring turn; what it makes of the next eight weeks stands on the rota at once."""
    may_edit(person)
    rota = locked(rota_id)
    line = RotaLine(rota=rota, **_checked(rota, fields))
    line.save()
    write_ahead([line], now=now)
    _audit("rota.line_added", rota, person, line=line.pk, who=line.person_id)
    return line


@transaction.atomic
def change_line(*, line_id: int, person: Person, fields: Mapping[str, Any], now: datetime) -> RotaLine:
    """Another pattern from now on; turns that are over stay as they were."""
    may_edit(person)
    line = _locked_line(line_id)
    for name, value in _checked(line.rota, fields).items():
        setattr(line, name, value)
    line.save()
    write_ahead([line], now=now)
    _audit("rota.line_changed", line.rota, person, line=line.pk, who=line.person_id)
    return line


@transaction.atomic
def remove_line(*, line_id: int, person: Person, now: datetime) -> None:
    """No turn of this line comes any more; one that is going on ends now, those that are over stay."""
    may_edit(person)
    line = _locked_line(line_id)
    RotaShift.objects.filter(line=line, starts_at__gte=now).delete()
    RotaShift.objects.filter(line=line, ends_at__gt=now).update(ends_at=now)
    _audit("rota.line_removed", line.rota, person, line=line.pk, who=line.person_id)
    line.delete()


@transaction.atomic
def extend(*, now: datetime) -> int:
    """Write every line's turns eight weeks ahead; how many were new. What the clock does each hour.

    Rotas that somebody edits at this moment are left to that edit.
    """
    rotas = list(
        Rota.objects.select_for_update(no_key=True, skip_locked=True).order_by("pk").values_list("pk", flat=True)
    )
    return write_ahead(list(RotaLine.objects.filter(rota__in=rotas).order_by("pk")), now=now)


def write_ahead(lines: Sequence[RotaLine], *, now: datetime) -> int:
    """Make the future turns of these lines what their patterns say, whatever was written before; safe to repeat.

    Turns that are over stay. One that is going on and is not wanted any more ends now. How many were new.
    """
    wanted = {(line.pk, span.starts_at): (line, span) for line in lines for span in _spans(line, now=now)}
    keys = {line.pk for line in lines}
    changed: list[RotaShift] = []
    for shift in RotaShift.objects.filter(line__in=keys, starts_at__gt=now - LONGEST_TURN):
        line, span = wanted.pop((shift.line_id or 0, shift.starts_at), (None, None))
        if line is not None and span is not None:
            if (line.person_id, span.ends_at) != (shift.person_id, shift.ends_at):
                shift.person_id, shift.ends_at = line.person_id, span.ends_at
                changed.append(shift)
        elif shift.ends_at > now:
            changed.append(shift)
            shift.ends_at = now  # one that has not begun goes altogether, below
    RotaShift.objects.filter(pk__in=[shift.pk for shift in changed if shift.starts_at >= shift.ends_at]).delete()
    RotaShift.objects.bulk_update([each for each in changed if each.starts_at < each.ends_at], ["person", "ends_at"])
    new = [
        RotaShift(
            rota_id=line.rota_id, person_id=line.person_id, line=line, starts_at=span.starts_at, ends_at=span.ends_at
        )
        for line, span in wanted.values()
    ]
    return len(RotaShift.objects.bulk_create(new))


def _spans(line: RotaLine, *, now: datetime) -> tuple[Span, ...]:
    return patterns.spans(as_rule(line), since=now, until=now + AHEAD)


def may_edit(person: Person) -> None:
    """Administrators and the practice lead keep rotas."""
    if not person.has_role(*roles.ROTA_EDITORS):
        raise Forbidden(
            _("Rotas are edited by an administrator or the practice lead. Your own shifts you can give away.")
        )


def locked(rota_id: int) -> Rota:
    """The rota, locked against other edits and against the sweep."""
    rota = Rota.objects.select_for_update(no_key=True, of=("self",)).filter(pk=rota_id).first()
    if rota is None:
        raise UnknownRota(_("There is no such rota."))
    return rota


def eligible(rota: Rota, person: Person, *, field: str) -> Person:
    """The person, if they can be called through this rota: active, and in its role or in its team."""
    if rota.role:
        if not person.is_active or not person.has_role(rota.role):
            words = {"who": person.name, "role": rota.get_role_display().lower()}
            raise Invalid(_("%(who)s does not have the role %(role)s.") % words, code="not_in_role", field=field)
    elif not person.is_active or not person.is_member(rota.team_id):
        raise Invalid(_("%s is not in the team.") % person.name, code="not_in_team", field=field)
    return person


def as_rule(line: RotaLine) -> Line:
    """The line as the rule takes it."""
    return Line(
        person_id=line.person_id,
        weekdays=frozenset(line.weekdays),
        starts=line.starts,
        ends=line.ends,
        time_zone=line.time_zone,
        first_date=line.first_date,
        last_date=line.last_date,
        every_weeks=line.every_weeks,
    )


def _checked(rota: Rota, fields: Mapping[str, Any]) -> dict[str, Any]:
    weekdays = sorted({int(day) for day in fields["weekdays"]})
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise Invalid(_("Choose at least one day of the week."), code="required", field="weekdays")
    every_weeks = fields.get("every_weeks") or 1
    if not 1 <= every_weeks <= MOST_WEEKS:
        raise Invalid(_("Choose 1 to %d weeks.") % MOST_WEEKS, field="every_weeks")
    first_date: date = fields["first_date"]
    last_date: date | None = fields.get("last_date")
    if last_date is not None and last_date < first_date:
        raise Invalid(_("The last day is before the first."), field="last_date")
    return {
        "person": eligible(rota, fields["person"], field="person"),
        "weekdays": weekdays,
        "starts": fields["starts"],
        "ends": fields["ends"],
        "time_zone": _zone(fields.get("time_zone") or rota.time_zone),
        "every_weeks": every_weeks,
        "first_date": first_date,
        "last_date": last_date,
    }


def _locked_line(line_id: int) -> RotaLine:
    rota_id = RotaLine.objects.filter(pk=line_id).values_list("rota_id", flat=True).first()
    if rota_id is None:
        raise UnknownRota(_("There is no such line."))
    rota = locked(rota_id)
    line = RotaLine.objects.select_related("rota").filter(pk=line_id, rota=rota).first()
    if line is None:
        raise UnknownRota(_("There is no such line."))
    return line


def _free_name(name: str, *, besides: Rota | None = None) -> str:
    cleaned = name.strip()
    if not cleaned:
        raise Invalid(_("Give the rota a name."), code="required", field="name")
    taken = Rota.objects.filter(name=cleaned)
    if (taken.exclude(pk=besides.pk) if besides else taken).exists():
        raise Invalid(_("There is a rota called “%s” already.") % cleaned, code="taken", field="name")
    return cleaned[:120]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = _("“%s” is not a time zone. Use a name such as Europe/London.") % name
        raise Invalid(message, field="time_zone") from error
    return name


def _audit(verb: str, rota: Rota, person: Person, **data: Any) -> None:
    AuditEntry.objects.create(actor=person, verb=verb, subject=rota.name, data={"rota": rota.pk, **data})
