"""Reminding subscribers of a window before it begins, by the clock, each time once."""

from datetime import datetime
from typing import Final

from django.db import transaction

from comms.choices import MaintenanceState
from comms.models import Maintenance, MaintenanceReminder
from comms.rendering.windows import Told
from comms.rules import maintenance as rules
from comms.services.maintenance import subscribers
from mim_portal.lib import dbtime

BATCH: Final = 50


def set_anew(found: Maintenance, *, now: datetime) -> None:
    """The reminders that lie ahead of a window that begins at a new time, or has just been announced. Part of the
    transaction of whoever holds the window."""
    ahead = rules.reminders(scheduled_for=found.scheduled_for, minutes=found.remind_before, now=now)
    found.reminders.all().delete()
    MaintenanceReminder.objects.bulk_create(
        MaintenanceReminder(maintenance=found, minutes=before, due_at=at) for before, at in ahead.items()
    )


def run_due() -> int:
    """Remind of what is due by the database's clock; of how many windows. Safe to run twice at once, safe to skip.

    Several reminders of one window that are due together, because the clock stood, are one message. One that begins or
    has begun is told of by its beginning.
    """
    reminded = 0
    for _turn in range(BATCH):
        with transaction.atomic():
            now = dbtime.now()
            due = MaintenanceReminder.objects.filter(done_at=None, due_at__lte=now).values("maintenance")
            windows = Maintenance.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            found = windows.filter(pk__in=due).order_by("scheduled_for", "pk").first()
            if found is None:
                break
            # Whoever held the window before may have reminded of it: read again what is still due.
            is_due = found.reminders.filter(done_at=None, due_at__lte=now).update(done_at=now)
            if is_due and found.state == MaintenanceState.SCHEDULED and found.scheduled_for > now:
                subscribers.tell(found, Told.REMINDED, body=found.body, now=now)
                reminded += 1
    return reminded
