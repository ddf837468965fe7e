"""What tests of rotas start from."""

from datetime import date, datetime, time, timedelta
from typing import Any

from teams.choices import Role
from teams.models import Person, Rota, RotaLine, RotaShift
from teams.services import rotas
from tests.factories import NOON


def rota(name: str = "Managers", **fields: Any) -> Rota:
    """A rota of incident managers."""
    fields.setdefault("role", Role.INCIDENT_MANAGER)
    return Rota.objects.create(name=name, **fields)


def hours(count: float) -> datetime:
    return NOON + timedelta(hours=count)


def shift(of: Rota, person: Person, starts: float = -1, ends: float = 1, **options: Any) -> RotaShift:
    """From and to, in hours around noon."""
    return RotaShift.objects.create(rota=of, person=person, starts_at=hours(starts), ends_at=hours(ends), **options)


def fields(person: Person, **changes: Any) -> dict[str, Any]:
    """A line of every day, 08:00 to 16:00 in London, from Monday 23 November 2026."""
    return {
        "person": person,
        "weekdays": list(range(7)),
        "starts": time(8),
        "ends": time(16),
        "time_zone": "Europe/London",
        "first_date": date(2026, 11, 23),
        **changes,
    }


def line(of: Rota, person: Person, *, by: Person, now: datetime = NOON, **changes: Any) -> RotaLine:
    return rotas.add_line(rota_id=of.pk, person=by, fields=fields(person, **changes), now=now)
