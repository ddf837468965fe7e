"""When people were on shift, as far as the ledger needs it."""

from collections.abc import Iterable
from datetime import datetime

from teams.models import RotaShift


def ends_of(person_ids: Iterable[int]) -> dict[int, list[datetime]]:
    """The ends of each person's shifts for a role, past and planned, in order."""
    rows = (
        RotaShift.objects.filter(person__in=list(person_ids))
        .exclude(rota__role="")
        .order_by("ends_at")
        .values_list("person_id", "ends_at")
    )
    found: dict[int, list[datetime]] = {}
    for person_id, ends_at in rows:
        found.setdefault(person_id, []).append(ends_at)
    return found
