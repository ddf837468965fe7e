"""How long a restored service is watched before its incident counts as resolved."""

from datetime import datetime, timedelta

from django.conf import settings

from incidents.models import Incident
from incidents.rules import lifecycle as rules


def period(priority: str) -> timedelta:
    """The organisation's watch period for a priority."""
    minutes: dict[str, int] = settings.WATCH_MINUTES
    return rules.watch_period(
        priority=priority, settings={name: timedelta(minutes=length) for name, length in minutes.items()}
    )


def ends_at(incident: Incident) -> datetime | None:
    """From when on a restored incident may be resolved; None before restoration."""
    if incident.service_restored_at is None:
        return None
    return rules.resolvable_at(service_restored_at=incident.service_restored_at, watch_period=period(incident.priority))
