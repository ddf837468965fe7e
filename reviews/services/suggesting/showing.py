"""When a suggestion is shown, and when it is passed on."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from incidents.choices import UNRESTORED_STATES
from reviews.choices import LapseState
from reviews.models import Lapse
from reviews.queries import shifts
from reviews.rules import ledger
from reviews.services.suggesting import making


@transaction.atomic
def show_after_restoration(*, incident_ids: Iterable[int], now: datetime) -> int:
    """Users have their service back: what waited is shown, to the addressee alone. Returns how many lapses."""
    restored = [
        incident.pk
        for incident in making.locked(sorted(set(incident_ids))).values()
        if incident.state not in UNRESTORED_STATES
    ]
    return Lapse.objects.filter(incident__in=restored, shown_after=None).update(shown_after=now)


@transaction.atomic
def pass_on_unanswered(*, now: datetime) -> int:
    """Tell the practice lead of suggestions that nobody answered for two worked shifts. Returns how many."""
    waiting = list(
        Lapse.objects.select_for_update(no_key=True, skip_locked=True).filter(
            state=LapseState.SUGGESTED, shown_after__isnull=False, lead_told_at=None
        )
    )
    earliest = min((lapse.shown_after for lapse in waiting if lapse.shown_after), default=now)
    ends = shifts.worked_ends({lapse.addressee_id for lapse in waiting}, since=earliest, now=now)
    due = []
    for lapse in waiting:
        if lapse.shown_after is None:
            continue
        passes_on_at = ledger.passes_on_at(
            suggested_at=lapse.shown_after, worked_shift_ends=ends.get(lapse.addressee_id)
        )
        if passes_on_at is not None and passes_on_at <= now:
            due.append(lapse.pk)
    return Lapse.objects.filter(pk__in=due).update(lead_told_at=now)
