"""When people were on shift, as far as the ledger needs it."""

from collections.abc import Collection
from datetime import datetime

from teams.models import RotaShift
from teams.queries import rotas


def worked_ends(person_ids: Collection[int], *, since: datetime, now: datetime) -> dict[int, list[datetime]]:
    """Of everybody who is on a rota of a role: the ends of the shifts that they worked in this time, in order.

    A shift during all of which somebody was away, or somebody else stood in, was not worked.
    """
    planned = RotaShift.objects.filter(person__in=person_ids).exclude(rota__role="")
    places = set(planned.values_list("person", "rota"))
    found: dict[int, list[datetime]] = {person: [] for person, _rota in places}
    covers = rotas.covers(sorted({rota for _person, rota in places}), since=since, until=now) if since < now else {}
    for cover in covers.values():
        on = cover.stretches()
        for turn in cover.turns:
            if turn.person_id in found and turn.ends_at <= now:
                overlapping = (one for one in on if one.starts_at < turn.ends_at and one.ends_at > turn.starts_at)
                if any(turn.person_id in one.person_ids for one in overlapping):
                    found[turn.person_id].append(turn.ends_at)
    return {person: sorted(ends) for person, ends in found.items()}
