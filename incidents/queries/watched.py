"""What the practice does since a mistake that could happen again here (settings.WATCHED_PLANS)."""

from mim_portal.lib import hooks
from teams.models import Person


def plans(place: str, *, person: Person) -> list[str]:
    """Each in its own words, for whoever writes an `impact` or a `message`, or makes a `call` for help."""
    return [plan for source in hooks.registered("WATCHED_PLANS") for plan in source(place, person=person)]
