"""When teams are at work: their hours, their holidays, and who keeps both."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from teams.models import Contact, Person, Team, TeamHoliday, TeamHours
from teams.rules import hours as rules
from teams.rules import roles
from teams.rules.hours import Hours, State

_AROUND = timedelta(days=40)  # of a moment: what its answer and the next change depend on


def may_keep(*, team: Team, person: Person) -> bool:
    """The team says when and how it is reached; an administrator sets it up for it."""
    return person.has_role(*roles.ADMINISTRATORS) or person.is_member(team.pk)


def of_teams(teams: Collection[Team], *, at: datetime) -> Mapping[int, Hours]:
    """By team, with the holidays around that moment; two queries whatever their number."""
    rows = {row.team_id: row for row in TeamHours.objects.filter(team__in=teams)}
    days: dict[int, dict[date, str]] = {}
    around = (at.date() - _AROUND, at.date() + _AROUND)
    for row in TeamHoliday.objects.filter(team__in=teams, on_date__range=around):
        days.setdefault(row.team_id, {})[row.on_date] = row.name
    return {team.pk: _hours(team, rows.get(team.pk), days.get(team.pk, {})) for team in teams}


def at_work(teams: Iterable[Team], *, at: datetime) -> Mapping[int, bool]:
    """Which teams are in their working hours at that moment."""
    return {pk: rules.is_in(hours, at=at) for pk, hours in of_teams(list(teams), at=at).items()}


def ways(team: Team, *, is_in: bool) -> list[tuple[Contact, bool]]:
    """The team's contacts in the order to try, those of this hour first; each with whether it is one.

    One query, none where they were read with the team.
    """
    contacts = sorted(team.contacts.all(), key=lambda one: (one.position, one.pk))
    return sorted(((one, rules.is_used(one.hours, is_in=is_in)) for one in contacts), key=lambda one: not one[1])


def whole(team: Team) -> Hours:
    """The team's hours with every holiday on record, for what lies in the past."""
    days = dict(TeamHoliday.objects.filter(team=team).values_list("on_date", "name"))
    return _hours(team, TeamHours.objects.filter(team=team).first(), days)


def state(team: Team, *, at: datetime) -> State:
    """Whether the team is at work now, and until when."""
    return rules.state(of_teams([team], at=at)[team.pk], at=at)


def holidays(team: Team) -> QuerySet[TeamHoliday]:
    """In their order."""
    return TeamHoliday.objects.filter(team=team).order_by("on_date")


def _hours(team: Team, row: TeamHours | None, days: Mapping[date, str]) -> Hours:
    if row is None:
        return Hours(zone=team.time_zone, holidays=days)
    weekdays = frozenset(row.weekdays)
    return Hours(zone=team.time_zone, weekdays=weekdays, starts=row.starts, ends=row.ends, holidays=days)
