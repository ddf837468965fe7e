"""Planned windows as a planner announces them."""

from datetime import datetime, timedelta
from typing import Any

from comms.choices import MaintenanceState
from comms.models import Component, Maintenance, StatusPage
from comms.services.maintenance import series, windows
from mim_portal.lib import dbtime
from teams.models import Person, Service
from tests import factories, status_pages


def values(*, start: datetime, hours: float = 2, **changed: Any) -> dict[str, Any]:
    """What a planner types."""
    return {
        "title": "Payroll moves to new servers",
        "body": "You cannot submit timesheets. Use the paper form.",
        "begins_with": "The move has begun.",
        "ends_with": "The move is done.",
        "is_automatic": True,
        "services": ["payroll"],
        "pages": ["public"],
        "scheduled_for": start,
        "scheduled_until": start + timedelta(hours=hours),
    } | changed


def shown_page() -> StatusPage:
    """The public page with payroll and mail on it; made where it is not there yet."""
    found = StatusPage.objects.filter(slug="public").first() or status_pages.page()
    for slug in ("payroll", "mail"):
        service = Service.objects.filter(slug=slug).first() or factories.service(slug=slug, name=slug.title())
        Component.objects.get_or_create(page=found, service=service)
    return found


def plan(
    *, by: Person, start: datetime | None = None, now: datetime | None = None, repeat: str = "", **changed: Any
) -> Maintenance:
    """A window that begins in a day, on the public page."""
    shown_page()
    at = now or dbtime.now()
    return series.plan(
        values=values(start=start or at + timedelta(days=1), **changed),
        repeat=repeat,
        until=None,
        time_zone="Europe/London",
        person=by,
        now=at,
    )


def move(window: Maintenance, to: MaintenanceState, *, by: Person, now: datetime, body: str = "") -> Maintenance:
    return windows.move(pk=window.pk, to=to, body=body, person=by, now=now)
