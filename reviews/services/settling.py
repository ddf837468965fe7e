"""What became of plans that are being watched: it came back, or it held for long enough (domain.md 7.3)."""

from datetime import datetime

from django.db import transaction

from reviews.choices import LapseState
from reviews.models import EffectivenessCheck, Lapse
from reviews.queries import watching
from reviews.queries.watching import Watch
from reviews.rules import ledger
from reviews.services.suggesting import making


@transaction.atomic
def settle(*, now: datetime) -> int:
    """Move what is watched: recurred with the first repeat, held after 20 chances and 90 days without one.

    Each with a check of the numbers as they stood. Returns how many moved; safe to run twice.
    """
    watched = Lapse.objects.filter(state=LapseState.WATCHING)
    making.locked(watched.values_list("incident_id", flat=True))
    lapses = list(watched.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    plans = watching.latest_plans([lapse.pk for lapse in lapses])
    moved: list[Lapse] = []
    checks: list[EffectivenessCheck] = []
    by_id = {lapse.pk: lapse for lapse in lapses}
    for lapse_id, watch in watching.watches(lapses, plans, now=now).items():
        lapse, plan = by_id[lapse_id], plans[lapse_id]
        to = _outcome(watch, in_place_at=plan.in_place_at, now=now)
        if to is None:
            continue
        lapse.state, lapse.version = to, lapse.version + 1
        moved.append(lapse)
        checks.append(
            EffectivenessCheck(
                plan=plan,
                checked_at=now,
                chances=watch.chances,
                repeats=watch.repeats,
                upper_bound=watch.upper_bound,
            )
        )
    Lapse.objects.bulk_update(moved, ["state", "version"])
    EffectivenessCheck.objects.bulk_create(checks)
    return len(moved)


def _outcome(watch: Watch, *, in_place_at: datetime | None, now: datetime) -> LapseState | None:
    if watch.repeats:
        return LapseState.RECURRED
    if (
        in_place_at is not None
        and not watch.unclear
        and ledger.held(plan_in_place_at=in_place_at, chances=watch.chances, now=now)
    ):
        return LapseState.HELD
    return None
