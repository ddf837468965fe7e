"""Who wants quiet now, and until when."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from comms.models import NoticePreference
from comms.rules.promises import quiet
from incidents.models import CommandTenure
from mim_portal.lib import times
from teams.models import Person
from teams.queries import calling


def until(people: Iterable[Person], *, now: datetime) -> dict[int, datetime]:
    """Of these people, those whose quiet hours hold now, with their end; in one query.

    Whoever is accountable for a live incident or on a shift is never quiet.
    """
    accountable = CommandTenure.objects.filter(manager=OuterRef("person"), ended_at=None)
    on_shift = calling.turns(at=now).order_by().filter(person=OuterRef("person"))
    rows = NoticePreference.objects.filter(
        ~Exists(accountable), ~Exists(on_shift), person__in=[one.pk for one in people], quiet_from__isnull=False
    ).select_related("person")
    found: dict[int, datetime] = {}
    for row in rows:
        assert row.quiet_from is not None
        assert row.quiet_until is not None
        zone = times.zone(row.person.time_zone)
        end = quiet.ends(now=now, begins=row.quiet_from, until=row.quiet_until, tz=zone)
        if end is not None:
            found[row.person_id] = end
    return found


def awake(people: list[Person], *, now: datetime) -> list[Person]:
    """Those who are not quiet now; all of them where everybody is, so that a call never goes nowhere."""
    asleep = until(people, now=now) if len(people) > 1 else {}
    return [one for one in people if one.pk not in asleep] or people
