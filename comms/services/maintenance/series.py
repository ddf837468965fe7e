"""Windows that come back: the next ones are announced some weeks ahead, each of them to be changed or cancelled."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import MaintenanceState, Repeat
from comms.models import Maintenance, MaintenanceSeries
from comms.rendering.windows import Told
from comms.rules import maintenance as rules
from comms.services.maintenance import subscribers, windows
from comms.services.maintenance.wording import Read
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid
from teams.models import Person
from teams.rules import fields


@transaction.atomic
def plan(
    *,
    values: Mapping[str, Any],
    repeat: str,
    until: date | None,
    time_zone: str,
    person: Person,
    now: datetime,
    words: Read = windows.NOT_READ,
) -> Maintenance:
    """Announce the first window and those that follow within the horizon; the first is given back."""
    if time_zone not in fields.time_zones():
        raise Invalid(_("Give a time zone by its name, such as Europe/London."), field="time_zone")
    if not repeat:
        return windows.plan(values=values, person=person, now=now, words=words)
    if repeat not in Repeat.values:
        raise Invalid(_("Choose one of %s.") % ", ".join(Repeat.values), field="repeat")
    begin: datetime = values["scheduled_for"]
    if until is not None and until < begin.astimezone(times.zone(time_zone)).date():
        raise Invalid(_("The last day is before the first window: give a later one, or none."), field="until")
    made = MaintenanceSeries.objects.create(
        repeat=repeat, first_at=begin, announced_to=begin, time_zone=time_zone, until=until
    )
    first = windows.plan(values=values, person=person, now=now, words=words, series=made)
    _extend(made, now=now)
    return first


@transaction.atomic
def end(*, pk: int, body: str, person: Person, now: datetime, words: Read = windows.NOT_READ) -> int:
    """No window of this series follows any more: those that have not begun are cancelled; how many. Subscribers hear of
    all of them at once."""
    found = MaintenanceSeries.objects.select_for_update().filter(pk=pk, ended_at=None).first()
    if found is None:
        raise windows.Unknown(_("There is no such series, or it has ended."))
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    ahead = found.windows.filter(state=MaintenanceState.SCHEDULED).order_by("pk").values_list("pk", flat=True)
    cancelled = [
        windows.move(
            pk=pk, to=MaintenanceState.CANCELLED, body=body, person=person, now=now, words=words, is_told=False
        )
        for pk in ahead
    ]
    for alike in _by_readers(cancelled):
        subscribers.tell(alike[0], Told.ENDED, body=body, now=now, alike=alike)
    return len(cancelled)


def _by_readers(cancelled: Iterable[Maintenance]) -> list[list[Maintenance]]:
    """Those that stand on the same pages for the same services together, the next one first."""
    found: dict[tuple[frozenset[int], frozenset[int]], list[Maintenance]] = {}
    for each in sorted(cancelled, key=lambda window: window.scheduled_for):
        key = (
            frozenset(each.pages.values_list("pk", flat=True)),
            frozenset(each.services.values_list("pk", flat=True)),
        )
        found.setdefault(key, []).append(each)
    return list(found.values())


def extend_all(*, now: datetime) -> int:
    """Announce what has come within the horizon; how many windows. Safe to run twice at once and safe to skip."""
    made = 0
    for pk in MaintenanceSeries.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            found = MaintenanceSeries.objects.select_for_update(skip_locked=True).filter(pk=pk, ended_at=None).first()
            made += _extend(found, now=now) if found else 0
    return made


def _extend(found: MaintenanceSeries, *, now: datetime) -> int:
    """Each new window is as the latest one of the series was announced."""
    latest = found.windows.order_by("-scheduled_for").first()
    if latest is None:
        return 0
    ahead = found.windows.filter(scheduled_for__gt=now).count()
    if ahead >= rules.AHEAD:
        return 0
    series = rules.Series(
        repeat=Repeat(found.repeat),
        first_at=found.first_at,
        zone=times.zone(found.time_zone),
        until=found.until,
    )
    starts = rules.occurrences(
        series, after=max(found.announced_to, now), before=now + rules.HORIZON, most=rules.AHEAD - ahead
    )
    for start in starts:
        windows.repeat(latest, scheduled_for=start, now=now)
    if starts:
        windows.show(latest, now=now)  # they stand on the same pages, for the same services
        found.announced_to = starts[-1]
        found.save(update_fields=["announced_to"])
    return len(starts)
