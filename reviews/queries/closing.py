"""What the review asks before the record of an incident is closed (settings.CLOSURE_ITEMS)."""

from datetime import datetime

from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.rules import closure
from mim_portal.lib import addresses, times
from reviews.models import Review


def items(*, incident: Incident, now: datetime) -> list[closure.Item]:
    """The review has an owner and a date. That lapses are noted a person says: what nobody has confirmed is its
    addressee's alone, so the record may not show it here.
    """
    review = Review.objects.filter(incident=incident).select_related("facilitator").first()
    owner = review.facilitator if review is not None else None
    return [
        closure.Item(
            code="review",
            question=_("The review has an owner and a date"),
            met=owner is not None,
            detail=_review_words(review),
            fix=addresses.review(incident.reference) if review is not None else "",
            answers=() if owner is not None else closure.EVERY_ANSWER,
        ),
        closure.Item(
            code="lapses",
            question=_("What was promised and not kept is noted, or there was nothing"),
            answers=closure.EVERY_ANSWER,
        ),
    ]


def _review_words(review: Review | None) -> str:
    if review is None:
        return _("The review opens by itself once the incident is resolved.")
    date = times.day(review.publish_due_date)
    if review.facilitator is None:
        return _("It is due on %s. Choose who leads it.") % date
    return _("%(owner)s leads it; it is due on %(date)s.") % {"owner": review.facilitator.name, "date": date}
