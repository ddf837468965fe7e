"""Rotas as people read them: who is on now and next, the week in the reader's zone, and where nobody is on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mim_portal.lib import times
from teams.models import Person, Rota, RotaAbsence, RotaLine, RotaShift, Team
from teams.rules import oncall
from teams.rules.oncall import Absence, Stretch, Turn

LOOK_AHEAD = timedelta(days=14)
DAY = timedelta(days=1)
DAYS = 7


@dataclass(frozen=True, kw_only=True)
class OnNow:
    """Who is on, until when, and who comes next; `people` is empty where nobody is on."""

    people: tuple[Person, ...]
    until: datetime | None
    next: Person | None
    next_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A part of a day in which the same people are on; both ends in the reader's zone."""

    starts_at: datetime
    ends_at: datetime
    people: tuple[Person, ...]

    @property
    def words(self) -> str:
        """'09:00–17:00'; the end of a day is 24:00."""
        end = "24:00" if self.ends_at.time() == time(0) else f"{self.ends_at:%H:%M}"
        return f"{self.starts_at:%H:%M}–{end}"


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the week view, with the offsets that hold in it: two where the clocks change."""

    on: date
    offset: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Week:
    """Seven days in one zone."""

    monday: date
    days: tuple[Day, ...]
    gaps: tuple[str, ...]
    overlaps: tuple[str, ...]


@dataclass(kw_only=True)
class Cover:
    """Everything planned of one rota in a time, with its people."""

    since: datetime
    until: datetime
    turns: list[Turn] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)

    def stretches(self) -> tuple[Stretch, ...]:
        """The whole time, cut where the answer changes."""
        return oncall.stretches(turns=self.turns, absences=self.absences, since=self.since, until=self.until)


def all_rotas() -> QuerySet[Rota]:
    """Every rota, those of roles first."""
    return Rota.objects.select_related("team").order_by("team__name", "name", "id")


def covers(rota_ids: Sequence[int], *, since: datetime, until: datetime) -> dict[int, Cover]:
    """What is planned on each of the rotas, in two queries whatever their number."""
    touching = Q(starts_at__lt=until, ends_at__gt=since, rota__in=list(rota_ids), person__is_active=True)
    found = {pk: Cover(since=since, until=until) for pk in rota_ids}
    for shift in RotaShift.objects.filter(touching).select_related("person"):
        cover = found[shift.rota_id]
        cover.people[shift.person_id] = shift.person
        cover.turns.append(as_turn(shift))
    for absence in RotaAbsence.objects.filter(touching):
        found[absence.rota_id].absences.append(
            Absence(person_id=absence.person_id, starts_at=absence.starts_at, ends_at=absence.ends_at)
        )
    return found


def as_turn(shift: RotaShift) -> Turn:
    """The shift as the rule takes it."""
    return Turn(
        person_id=shift.person_id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        key=shift.pk,
        is_override=shift.is_override,
        instead_of=shift.instead_of_id,
    )


def on_now(cover: Cover) -> OnNow:
    """Who is on at the beginning of the cover, and what follows."""
    stretches = cover.stretches()
    first = stretches[0]
    following = oncall.next_on(stretches)
    return OnNow(
        people=tuple(cover.people[pk] for pk in first.person_ids),
        until=first.ends_at if len(stretches) > 1 else None,
        next=cover.people[following[0]] if following else None,
        next_at=following[1].starts_at if following else None,
    )


def now_and_next(rota_ids: Sequence[int], *, at: datetime) -> dict[int, OnNow]:
    """The same for several rotas at once."""
    return {pk: on_now(cover) for pk, cover in covers(rota_ids, since=at, until=at + LOOK_AHEAD).items()}


def next_of_role(role: str, *, at: datetime, besides: Person) -> Person | None:
    """Whom this person hands over to: somebody else who is on for the role already, or who comes on next."""
    whole = of_role(role, since=at, until=at + LOOK_AHEAD)
    stretches = whole.stretches()
    others = [pk for pk in stretches[0].person_ids if pk != besides.pk]
    found = oncall.next_on(stretches, besides=[besides.pk])
    if others:
        return whole.people[others[0]]
    return whole.people[found[0]] if found else None


def shift_ends_at(person: Person, *, at: datetime) -> datetime | None:
    """When the person, who is on some rota of a role now, goes off; None where they are on none."""
    roles = [role for role in person.roles if role]
    touching = RotaShift.objects.filter(person=person, starts_at__lte=at, ends_at__gt=at, rota__role__in=roles)
    rota_ids = list(touching.values_list("rota", flat=True).distinct())
    if not rota_ids:
        return None
    ends = [
        oncall.off_at(cover.stretches(), person_id=person.pk)
        for cover in covers(rota_ids, since=at, until=at + LOOK_AHEAD).values()
    ]
    return max((end for end in ends if end is not None and end < at + LOOK_AHEAD), default=None)


def of_role(role: str, *, since: datetime, until: datetime) -> Cover:
    """The rotas of a role as one: whoever is on any of them is on."""
    return _as_one(Rota.objects.filter(role=role), since=since, until=until)


def of_team(team: Team, *, since: datetime, until: datetime) -> Cover:
    """The same of a team's own rotas."""
    return _as_one(Rota.objects.filter(team=team), since=since, until=until)


def _as_one(rotas: QuerySet[Rota], *, since: datetime, until: datetime) -> Cover:
    rota_ids = list(rotas.values_list("pk", flat=True))
    whole = Cover(since=since, until=until)
    for number, cover in enumerate(covers(rota_ids, since=since, until=until).values()):
        alone = cover.stretches()  # an override counts on its own rota only
        whole.people |= cover.people
        whole.turns += [
            Turn(person_id=pk, starts_at=one.starts_at, ends_at=one.ends_at, key=number)
            for one in alone
            for pk in one.person_ids
        ]
    return whole


def week(cover: Cover, *, monday: date, zone: tzinfo, now: datetime, written_until: datetime) -> Week:
    """Seven days by the reader's clock; of gaps and overlaps those that are still to come.

    Beyond what is written ahead nobody is missing yet.
    """
    stretches = cover.stretches()
    return Week(
        monday=monday,
        days=tuple(_day(monday + number * DAY, stretches, cover.people, zone) for number in range(DAYS)),
        gaps=tuple(
            in_words(gap, zone) for gap in oncall.gaps(stretches) if now < gap.ends_at and gap.starts_at < written_until
        ),
        overlaps=tuple(
            _("%(who)s: %(when)s") % {"who": _names(one, cover.people), "when": in_words(one, zone)}
            for one in oncall.overlaps(stretches)
            if one.ends_at > now
        ),
    )


def gaps_in_words(cover: Cover, zone: tzinfo) -> list[str]:
    """When nobody is on, as sentences' parts."""
    return [in_words(gap, zone) for gap in oncall.gaps(cover.stretches())]


def people_of(rota: Rota) -> list[Person]:
    """Who can be called through the rota: active holders of its role, or the members of its team."""
    if rota.role:
        return list(Person.objects.with_role(rota.role).order_by("first_name", "last_name", "username"))
    members = Person.objects.filter(is_active=True, memberships__team=rota.team_id)
    return list(members.order_by("first_name", "last_name", "username"))


def bounds(monday: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The instants between which the week lies in this zone."""
    return _midnight(monday, zone), _midnight(monday + DAYS * DAY, zone)


def in_words(stretch: Stretch, zone: tzinfo) -> str:
    """'Sun 8 Mar, 07:00 (UTC+0) to 08:00 (UTC+0)', with the date at the end where it is another."""
    start, end = stretch.starts_at.astimezone(zone), stretch.ends_at.astimezone(zone)
    shown = times.clock_time(end, zone) if start.date() == end.date() else times.date_time(end, zone)
    return _("%(start)s to %(end)s") % {"start": times.date_time(start, zone), "end": shown}


def lines(rota: Rota) -> QuerySet[RotaLine]:
    """The recurring lines, by when they begin in the day."""
    return RotaLine.objects.filter(rota=rota).select_related("person").order_by("starts", "time_zone", "id")


def overrides(rota: Rota, *, now: datetime) -> QuerySet[RotaShift]:
    """Covers that are not over."""
    return (
        RotaShift.objects.filter(rota=rota, is_override=True, ends_at__gt=now)
        .select_related("person", "instead_of")
        .order_by("starts_at", "id")
    )


def absences(rota: Rota, *, now: datetime) -> QuerySet[RotaAbsence]:
    """Absences that are not over."""
    found = RotaAbsence.objects.filter(rota=rota, ends_at__gt=now).select_related("person")
    return found.order_by("starts_at", "id")


def upcoming(rota: Rota, *, now: datetime, person: Person | None = None) -> QuerySet[RotaShift]:
    """Planned shifts that have not begun, of everybody or of one person; what can be swapped."""
    found = RotaShift.objects.filter(rota=rota, is_override=False, starts_at__gt=now).select_related("person")
    return (found.filter(person=person) if person else found).order_by("starts_at", "id")


def shifts(rota: Rota, *, since: datetime, until: datetime) -> QuerySet[RotaShift]:
    """Every row of the rota that touches this time: planned, from lines, and overrides."""
    found = RotaShift.objects.filter(rota=rota, starts_at__lt=until, ends_at__gt=since)
    return found.select_related("person", "instead_of", "rota").order_by("starts_at", "id")


def _day(on: date, stretches: Iterable[Stretch], people: dict[int, Person], zone: tzinfo) -> Day:
    start, end = _midnight(on, zone), _midnight(on + DAY, zone)
    cells = tuple(
        Cell(
            starts_at=max(one.starts_at, start).astimezone(zone),
            ends_at=min(one.ends_at, end).astimezone(zone),
            people=tuple(people[pk] for pk in one.person_ids),
        )
        for one in stretches
        if one.starts_at < end and one.ends_at > start
    )
    offsets = dict.fromkeys(times.offset(moment.astimezone(zone)) for moment in (start, end - timedelta(minutes=1)))
    return Day(on=on, offset=" → ".join(offsets), cells=cells)


def _midnight(on: date, zone: tzinfo) -> datetime:
    return datetime.combine(on, time(0), tzinfo=zone).astimezone(UTC)


def _names(stretch: Stretch, people: dict[int, Person]) -> str:
    return ", ".join(people[pk].name for pk in stretch.person_ids)
