"""Working hours and holidays of a team, kept by its members and by administrators."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Forbidden, Invalid, Missing
from mim_portal.models import AuditEntry
from teams.models import Person, Team, TeamHoliday, TeamHours
from teams.queries import hours as queries
from teams.rules import fields, holidays, table
from teams.services.cleaning import cleaned

MOST = 500


class UnknownHoliday(Missing):
    """The team has no such holiday."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a file of holidays did."""

    added: int
    renamed: int
    unchanged: int
    left_out: tuple[str, ...]


@transaction.atomic
def set_hours(*, team: Team, person: Person, weekdays: Collection[int], starts: time, ends: time) -> TeamHours:
    """From when until when the team is at work, in its own time zone; an end before the start is on the next day."""
    _locked(team, person)
    days = sorted(set(weekdays))
    if not days or not set(days) <= set(range(7)):
        raise Invalid(_("Choose at least one day."), field="weekdays")
    row, _is_new = TeamHours.objects.update_or_create(
        team=team, defaults={"weekdays": days, "starts": starts, "ends": ends}
    )
    words = {"weekdays": days, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    _audit("team.hours_changed", team, person, **words)
    return row


@transaction.atomic
def add_holiday(*, team: Team, person: Person, on_date: date, name: str) -> TeamHoliday:
    """One day; a day that is there already gets the new name."""
    _locked(team, person)
    words = cleaned("name", lambda text: fields.words(text, longest=holidays.LONGEST_NAME), name)
    if not words:
        raise Invalid(_("This needs a few words."), field="name")
    _check_room(team, {on_date})
    row, _is_new = TeamHoliday.objects.update_or_create(team=team, on_date=on_date, defaults={"name": words})
    _audit("team.holiday_added", team, person, on_date=on_date.isoformat())
    return row


@transaction.atomic
def remove_holiday(*, team: Team, person: Person, holiday_id: int) -> None:
    """The day is a working day again."""
    _locked(team, person)
    found = TeamHoliday.objects.filter(team=team, pk=holiday_id).first()
    if found is None:
        raise UnknownHoliday(_("The team has no such holiday."))
    found.delete()
    _audit("team.holiday_removed", team, person, on_date=found.on_date.isoformat())


@transaction.atomic
def take_file(*, team: Team, person: Person, raw: bytes, today: date) -> Taken:
    """Every day of a calendar file or a sheet; what the file does not name stays."""
    _locked(team, person)
    try:
        read = holidays.read(raw, today=today)
    except table.Unreadable as error:
        raise Invalid(str(error), field="file") from error
    if not read.days:
        words = " ".join([_("No holiday was found in the file."), *read.left_out[:3]])
        raise Invalid(words, field="file")
    _check_room(team, set(read.days))
    there = {row.on_date: row for row in TeamHoliday.objects.filter(team=team, on_date__in=list(read.days))}
    new = [TeamHoliday(team=team, on_date=on, name=name) for on, name in read.days.items() if on not in there]
    renamed = [row for on, row in there.items() if row.name != read.days[on]]
    for row in renamed:
        row.name = read.days[row.on_date]
    TeamHoliday.objects.bulk_create(new)
    TeamHoliday.objects.bulk_update(renamed, ["name"])
    if new or renamed:
        _audit("team.holidays_imported", team, person, added=len(new), renamed=len(renamed))
    return Taken(
        added=len(new),
        renamed=len(renamed),
        unchanged=len(read.days) - len(new) - len(renamed),
        left_out=read.left_out,
    )


def _locked(team: Team, person: Person) -> None:
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if not queries.may_keep(team=team, person=person):
        raise Forbidden(_("Only members of %s and administrators keep its hours and holidays.") % team.name)


def _check_room(team: Team, days: Collection[date]) -> None:
    others = TeamHoliday.objects.filter(team=team).exclude(on_date__in=list(days)).count()
    if others + len(days) > MOST:
        raise Invalid(_("A team keeps %d holidays at most. Remove those that are over.") % MOST)


def _audit(verb: str, team: Team, person: Person, **data: Any) -> None:
    AuditEntry.objects.create(actor=person, verb=verb, subject=team.slug, data=data)
