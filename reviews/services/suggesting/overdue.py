"""What learning itself promised and did not keep: reviews that are not published, actions and plans past their day."""

from datetime import datetime

from django.db import transaction

from reviews.models import Lapse
from reviews.queries import overdue
from reviews.rules import lapses as rules
from reviews.services.suggesting import making
from reviews.services.suggesting.making import Found


@transaction.atomic
def suggest(*, now: datetime) -> list[Lapse]:
    """L18 once for each review, and once for its actions; L20 once for each plan. Safe to repeat, and cheap to."""
    found = [
        Found(
            incident_id=one.incident_id,
            source_key=one.source_key,
            suggestion=rules.from_clock(kind=one.kind, due_date=one.due_date),
            addressee_id=one.addressee_id,
        )
        for one in overdue.since(now=now)
    ]
    return making.make(found, now=now)
