"""Twelve months after an entry of the ledger is over, its person, its words and its incident go; a number stays."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from mim_portal.models import IdempotencyKey
from reviews.models import Lapse, LapseCount
from reviews.queries import ended
from reviews.rules import ledger

AT_ONCE: Final = 500
_ANSWERS: Final = "POST /api/v1/lapses/"
_Kind = tuple[str, date, str, str]


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Count what is over and remove it, with its plans and with the answers that the API keeps of it. Returns how many.

    Safe to run twice: an entry is counted in the transaction that removes it, and one that somebody is working on at
    this moment is left for the next run.
    """
    rows = list(ended.over(now=now).select_for_update(no_key=True, skip_locked=True, of=("self",))[:AT_ONCE])
    if not rows:
        return 0
    _count(rows)
    pks = {row.pk for row in rows}
    _forget_answers(pks)
    Lapse.objects.filter(pk__in=pks).delete()
    return len(rows)


def _count(rows: Iterable[Lapse]) -> None:
    kinds: Counter[_Kind] = Counter(
        (row.code, ended.month(row.occurred_at), row.cause_category, str(ledger.outcome(row.state))) for row in rows
    )
    for (code, month_date, cause, outcome), count in sorted(kinds.items()):
        named = {"code": code, "month_date": month_date, "cause_category": cause, "outcome": outcome}
        LapseCount.objects.bulk_create([LapseCount(**named)], ignore_conflicts=True)
        LapseCount.objects.filter(**named).update(count=F("count") + count)


def _forget_answers(pks: Collection[int]) -> None:
    """First answers to requests with an Idempotency-Key hold the entry as it was, words included."""
    answers = IdempotencyKey.objects.filter(method_path__startswith=_ANSWERS).values_list("pk", "method_path")
    about = [pk for pk, path in answers if path.removeprefix(_ANSWERS).partition("/")[0] in {str(one) for one in pks}]
    IdempotencyKey.objects.filter(pk__in=about).delete()
