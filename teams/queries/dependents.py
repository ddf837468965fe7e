"""What hangs on a person, team, service or site, asked of every app; the apps above answer through settings."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mim_portal.lib import addresses, hooks, times
from teams.models import Membership, Person, RotaShift, Service, Site, Team
from teams.rules.dependents import Dependent


def of(row: Model, *, viewer: Person | None, now: datetime) -> list[Dependent]:
    """Of one row: what must be settled first stands first."""
    found = of_many([row], viewer=viewer, now=now).get(row.pk, [])
    return sorted(found, key=lambda one: not one.is_blocking)


def of_many(rows: Sequence[Model], *, viewer: Person | None, now: datetime) -> Mapping[int, list[Dependent]]:
    """Of rows of one kind, by primary key (settings.DEPENDENTS; the viewer's eyes: a private incident has no name)."""
    found: dict[int, list[Dependent]] = {}
    for source in hooks.registered("DEPENDENTS"):
        for pk, more in source(rows, viewer=viewer, now=now).items():
            found.setdefault(pk, []).extend(more)
    return found


def own(rows: Sequence[Model], *, viewer: Person | None, now: datetime) -> Mapping[int, list[Dependent]]:
    """What this app knows: turns that nobody would take, teams without a lead, services without an owner."""
    found: dict[int, list[Dependent]] = {}
    ids = [row.pk for row in rows]
    if not rows:
        return found
    kind = type(rows[0])
    if kind is Person:
        _of_people(ids, found, now=now)
    elif kind is Team:
        _of_teams(ids, found)
    elif kind is Service:
        for service in Service.objects.filter(depends_on__in=ids, is_active=True).prefetch_related("depends_on"):
            for needed in service.depends_on.all():
                if needed.pk in ids:
                    _add(found, needed.pk, _("%s depends on it") % service.name)
    elif kind is Site:
        for service in Service.objects.filter(sites__in=ids, is_active=True).prefetch_related("sites"):
            for site in service.sites.all():
                if site.pk in ids:
                    _add(found, site.pk, _("%s is used there") % service.name)
    return found


def _of_people(ids: Sequence[int], found: dict[int, list[Dependent]], *, now: datetime) -> None:
    shifts = RotaShift.objects.filter(person__in=ids, ends_at__gt=now).select_related("rota").order_by("starts_at")
    turns: dict[tuple[int, str], list[RotaShift]] = {}
    for shift in shifts:
        turns.setdefault((shift.person_id, shift.rota.name), []).append(shift)
    for (pk, rota), mine in turns.items():
        text = ngettext(
            "%(count)d turn on the rota %(rota)s, on %(first)s",
            "%(count)d turns on the rota %(rota)s, the first on %(first)s",
            len(mine),
        )
        _add(found, pk, text % {"count": len(mine), "rota": rota, "first": times.full_date_time(mine[0].starts_at)})
    for lead in Membership.objects.filter(person__in=ids, is_lead=True).select_related("team"):
        _add(found, lead.person_id, _("leads the team %s") % lead.team.name, addresses.team(lead.team.slug))


def _of_teams(ids: Sequence[int], found: dict[int, list[Dependent]]) -> None:
    for service in Service.objects.filter(owner_team__in=ids, is_active=True).order_by("name"):
        if service.owner_team_id is not None:
            _add(found, service.owner_team_id, _("owns the service %s") % service.name)


def _add(found: dict[int, list[Dependent]], pk: int, text: str, href: str = "") -> None:
    found.setdefault(pk, []).append(Dependent(text=text, href=href))
