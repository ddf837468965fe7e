"""What a subscriber reads of a planned window, in the mail."""

from collections.abc import Sequence
from enum import StrEnum

from django.utils.translation import gettext as _

from comms.choices import RUNNING_MAINTENANCE, MaintenanceState
from comms.models import Maintenance, StatusPage
from comms.rendering import accounts, page_languages
from comms.rendering.accounts import Letter
from comms.rules import maintenance as rules
from mim_portal.lib import addresses, times


class Told(StrEnum):
    """What makes subscribers hear of it."""

    ANNOUNCED = "announced"
    CHANGED = "changed"
    REMINDED = "reminded"
    SAID = "said"
    ENDED = "ended"  # neither it nor those of its series that follow will take place
    STEP = "step"  # it has begun, is being verified, is done, or will not take place


def letter(found: Maintenance, page: StatusPage, told: Told, *, body: str, alike: Sequence[Maintenance] = ()) -> Letter:
    """In the page's own time and language, with the hours as it runs or ran; the words are the planner's. `alike` are
    the windows of a series that was ended, by the time at which each was to begin."""
    zone = times.zone(page.time_zone)
    hours = rules.hours(
        state=found.state,
        scheduled_for=found.scheduled_for,
        scheduled_until=found.scheduled_until,
        started_at=found.started_at,
        ended_at=found.ended_at,
    )
    begins, ends = (times.full_date_time(at, zone, language=page.language) for at in hours)
    with page_languages.said_in(page.language):
        return accounts.rendered(
            "maintenance",
            {
                "what": _what(found, told),
                "window": found,
                "page": page,
                "dates": [times.full_date_time(each.scheduled_for, zone, language=page.language) for each in alike],
                "repeat": found.series.get_repeat_display() if told == Told.ANNOUNCED and found.series else "",
                "begins": begins,
                "ends": ends,
                "services": sorted(service.name for service in found.services.all()),
                "body": body,
                "home": addresses.absolute(addresses.status_page(page.slug)),
                "subscribe": addresses.absolute(addresses.subscribe(page.slug)),
                "is_running": found.state in RUNNING_MAINTENANCE,
                "is_over": found.state == MaintenanceState.COMPLETED,
                "is_ahead": found.state == MaintenanceState.SCHEDULED,
            },
        )


def _what(found: Maintenance, told: Told) -> str:
    """The first words of the subject."""
    if told == Told.STEP:
        return {
            MaintenanceState.IN_PROGRESS: _("Maintenance has begun"),
            MaintenanceState.VERIFYING: _("Maintenance is being verified"),
            MaintenanceState.COMPLETED: _("Maintenance is done"),
            MaintenanceState.CANCELLED: _("Maintenance will not take place"),
        }[MaintenanceState(found.state)]
    return {
        Told.ANNOUNCED: _("Planned maintenance"),
        Told.CHANGED: _("Planned maintenance has changed"),
        Told.REMINDED: _("Reminder of maintenance"),
        Told.SAID: _("About maintenance"),
        Told.ENDED: _("Maintenance will not take place any more"),
    }[told]
