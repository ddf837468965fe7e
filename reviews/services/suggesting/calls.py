"""What a team says of how it was called and could work: the only entries of the ledger that no machine suggests."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import AGAINST_ANY_TEAM, CallAgainst
from incidents.models import Engagement
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from reviews.models import Lapse
from reviews.rules import lapses as rules
from reviews.services.suggesting import making
from reviews.services.suggesting.making import Found


class NotConfirmed(Refusal):
    """There was nothing yet that the call could have followed."""

    code = "profile_not_confirmed"


@transaction.atomic
def against_profile(*, engagement_id: int, against: str, now: datetime) -> list[Lapse]:
    """L15: the team was called against the profile that it had confirmed. L14: executives joined where it worked. The
    manager of that moment is asked.

    Nobody who says so is kept, and nothing of it stands in the room. Said twice, it is one entry.
    """
    if against not in CallAgainst.values:
        raise Invalid(_("Say what the call went against."), field="against")
    call = Engagement.objects.select_related("profile").filter(pk=engagement_id).first()
    if call is None:
        raise Missing(_("There is no such call."))
    if against not in AGAINST_ANY_TEAM and (call.profile is None or call.profile.confirmed_at is None):
        raise NotConfirmed(_("The team had not confirmed its profile when it was called. Confirm it first."))
    found = Found(
        incident_id=call.incident_id,
        source_key=f"call:{call.pk}:{against}",
        suggestion=rules.from_call(
            against=against,
            occurred_at=call.joined_at or call.asked_at if against in AGAINST_ANY_TEAM else call.asked_at,
        ),
    )
    return making.make([found], now=now)
