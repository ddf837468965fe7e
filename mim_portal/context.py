"""What every page shows: where one can go, and whether the clock runs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from mim_portal.lib import prepared, times
from mim_portal.models import heartbeat
from teams.rules import roles

LATE_AFTER = timedelta(seconds=3)
STOPPED_AFTER = timedelta(seconds=15)
FIND_URL = "/find/incidents/"  # what the palette asks, for those who read rooms


@dataclass(frozen=True)
class NavigationItem:
    """One place in the top bar."""

    label: str
    href: str
    icon: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class Clock:
    """Whether deadlines are being watched: ok, late or stopped, with the sentence that says so."""

    state: str
    sentence: str


_PLACES = (
    ("board", "/", "layout-dashboard", None),
    ("raise", "/raise/", "bell-plus", roles.RAISERS),
    ("incidents", "/incidents/", "list", roles.ROOM_READERS),
    ("updates", "/updates/", "message", roles.WRITERS | roles.SECOND_READERS),
    ("teams", "/teams/", "users", roles.ROOM_READERS),
    ("reviews", "/reviews/", "book", roles.REVIEW_READERS),
    ("ledger", "/ledger/", "notebook", roles.LEDGER_READERS),
    ("desk", "/desk/", "headset", roles.DESK_READERS),
    ("metrics", "/metrics/", "chart-bar", roles.REVIEW_READERS),
    ("settings", "/settings/", "settings", roles.ADMINISTRATORS),
)


def _labels() -> dict[str, str]:
    return {
        "board": _("Board"),
        "raise": _("Raise"),
        "incidents": _("Incidents"),
        "updates": _("Updates"),
        "teams": _("Teams"),
        "reviews": _("Reviews"),
        "ledger": _("Ledger"),
        "desk": _("Desk"),
        "metrics": _("Metrics"),
        "settings": _("Settings"),
    }


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """The places that the person's roles open."""
    held = frozenset(getattr(request.user, "roles", ()))
    if not held:
        return []
    labels = _labels()
    return [
        NavigationItem(
            label=labels[name],
            href=href,
            icon=icon,
            current=request.path == href or (href != "/" and request.path.startswith(href)),
        )
        for name, href, icon, wanted in _PLACES
        if wanted is None or wanted & held
    ]


def clock() -> Clock:
    """The state of the deadline sweep, from its heartbeat in PostgreSQL."""
    try:
        age = heartbeat.age(name=settings.CLOCK_HEARTBEAT)
    except DatabaseError:
        return Clock("stopped", _("The database cannot be reached: what you see may be old."))
    if age is None:
        return Clock("stopped", _("The clock has not started yet: deadlines are not being watched."))
    if age <= LATE_AFTER:
        return Clock("ok", _("Deadlines are being watched."))
    if age <= STOPPED_AFTER:
        return Clock("late", _("The clock is late by %(age)s.") % {"age": times.duration(age)})
    return Clock(
        "stopped",
        _("The clock has stood still for %(age)s: watch your deadlines yourself and tell an administrator.")
        % {"age": times.duration(age)},
    )


def ask() -> prepared.Ask:
    """What every page asks for its clock, to be asked together with more."""
    return heartbeat.ask(name=settings.CLOCK_HEARTBEAT)


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every Jinja2 page; the clock costs its one query only where it is shown."""
    held = frozenset(getattr(getattr(request, "user", None), "roles", ()))
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "navigation": navigation(request) if signed_in else [],
        "clock": SimpleLazyObject(clock) if signed_in else None,
        "find_url": FIND_URL if roles.ROOM_READERS & held else "",
        "live_origin": settings.LIVE_URL,
        "csp_nonce": SimpleLazyObject(lambda: getattr(request, "csp_nonce", "")),
        "server_now": timezone.now(),
    }
