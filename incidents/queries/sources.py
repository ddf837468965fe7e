"""Texts of a timeline entry that an app above keeps: what was published stands in comms (settings.SEARCH_SOURCES)."""

from collections.abc import Sequence

from incidents.models import TimelineEntry
from mim_portal.lib import hooks


def texts(entries: Sequence[TimelineEntry]) -> dict[int, str]:
    """What everybody adds to the entries, by their primary key."""
    found: dict[int, str] = {}
    for source in hooks.registered("SEARCH_SOURCES"):
        for pk, text in source(entries).items():
            found[pk] = f"{found[pk]} {text}" if pk in found else text
    return found
