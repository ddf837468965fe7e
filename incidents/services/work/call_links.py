"""The signed link in a call for help: whoever got the call answers it for the team, without signing in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing

from incidents.models import Engagement
from mim_portal.lib import addresses
from teams.models import Person

_SALT: Final = "incidents.call"
# A team that is still needed after three days has been asked again by then, with a new link.
HOLDS_FOR: Final = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Called:
    """Which call, and whom it went to; nobody where it went to an address of the team."""

    engagement: Engagement
    person: Person | None


def link(engagement: Engagement, person_id: int | None) -> str:
    """The address for the call to this reader, or to the team's own addresses."""
    return addresses.absolute(addresses.call(token(engagement, person_id)))


def token(engagement: Engagement, person_id: int | None) -> str:
    return signing.dumps([engagement.pk, person_id], salt=_SALT)


def called(text: str) -> Called | None:
    """What the link answers; None where it was not made here or is too old, or whoever it was made for has left.

    Of an incident that became private later, whoever was called knows already.
    """
    try:
        engagement_id, person_id = signing.loads(text, salt=_SALT, max_age=HOLDS_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = (
        Engagement.objects.select_related("incident", "team", "profile", "acknowledged_by")
        .filter(pk=engagement_id)
        .first()
    )
    person = None if person_id is None else Person.objects.filter(pk=person_id, is_active=True).first()
    if found is None or (person_id is not None and person is None):
        return None
    return Called(engagement=found, person=person)
