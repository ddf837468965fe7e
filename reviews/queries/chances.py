"""How often a lapse could have come back since its plan was in place: one query a kind of chance, for all plans."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import CharField, Count, Expression, F, Func, Q, QuerySet

from comms.models import Update, UpdateDeadline
from incidents.choices import HandoverState
from incidents.models import Candidate, Engagement, Handover, ImpactStatement, Incident
from reviews.choices import LapseCode, ReviewState
from reviews.models import PreventionPlan, Review
from reviews.rules.lapses import LOW_INTAKE
from reviews.rules.ledger import CHANCE_OF, Chance

_REAL: Final = Q(incident__is_exercise=False)


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Rows that may be chances, and which of them are one for a plan that is in place since a time, as of now.

    Rows that share `one` are one chance.
    """

    rows: Callable[[], QuerySet[Any]]
    is_one: Callable[[datetime, datetime], Q]
    one: Expression | str = "pk"


def _promise(**fields: Any) -> _Source:
    """One kept before the plan was in place, however far ahead it was due, was no chance. Several audiences that wait
    for one and the same message are one chance, as they are late once.
    """
    return _Source(
        rows=lambda: UpdateDeadline.objects.filter(_REAL, **fields),
        is_one=lambda since, _now: Q(due_at__gt=since) & (Q(kept_at__gt=since) | Q(missed_at__isnull=False)),
        one=Func(F("incident_id"), F("due_at"), function="ROW", output_field=CharField()),
    )


def _message(**fields: Any) -> _Source:
    return _Source(
        rows=lambda: Update.objects.filter(_REAL, **fields), is_one=lambda since, _now: Q(published_at__gt=since)
    )


_SOURCES: Final[Mapping[Chance, _Source]] = {
    Chance.FIRST_UPDATE: _promise(is_first=True),
    Chance.LATER_UPDATE: _promise(is_first=False),
    Chance.ANY_UPDATE: _promise(),
    Chance.MESSAGE: _message(),
    Chance.CORRECTION: _message(corrects__isnull=False),
    Chance.STATEMENT: _Source(
        rows=lambda: ImpactStatement.objects.filter(_REAL), is_one=lambda since, _now: Q(as_of__gt=since)
    ),
    Chance.WEAK_INTAKE: _Source(
        rows=lambda: Candidate.objects.filter(_REAL, intake_score__lt=LOW_INTAKE, raised_by__isnull=False),
        is_one=lambda since, _now: Q(decided_at__gt=since),
    ),
    Chance.CALL: _Source(
        rows=lambda: Engagement.objects.filter(_REAL, profile__isnull=False),
        is_one=lambda since, _now: Q(asked_at__gt=since),
    ),
    Chance.HANDOVER: _Source(
        rows=lambda: Handover.objects.filter(_REAL, state=HandoverState.ACCEPTED),
        is_one=lambda since, _now: Q(answered_at__gt=since),
    ),
    Chance.RESTORATION: _Source(
        rows=lambda: Incident.objects.filter(is_exercise=False),
        is_one=lambda since, _now: Q(service_restored_at__gt=since),
    ),
    Chance.REVIEW: _Source(
        rows=lambda: Review.objects.filter(_REAL),
        is_one=lambda since, now: (
            Q(publish_due_date__gt=since.date()) & (Q(state=ReviewState.PUBLISHED) | Q(publish_due_date__lt=now.date()))
        ),
    ),
    Chance.PLAN: _Source(
        rows=lambda: PreventionPlan.objects.all(),
        is_one=lambda since, now: (
            Q(due_date__gt=since.date()) & (Q(in_place_at__isnull=False) | Q(due_date__lt=now.date()))
        ),
    ),
}


def since(plans: Mapping[int, tuple[str, datetime]], *, now: datetime) -> dict[int, int]:
    """By plan (its code and when it was in place): how many chances there were since. Exercises are none."""
    by_chance: dict[Chance, dict[str, int]] = {}
    for plan_id, (code, _at) in plans.items():
        by_chance.setdefault(CHANCE_OF[LapseCode(code)], {})[f"plan_{plan_id}"] = plan_id
    found: dict[int, int] = {}
    for chance, names in by_chance.items():
        source = _SOURCES[chance]
        counts = {
            name: Count(source.one, distinct=True, filter=source.is_one(plans[pk][1], now))
            for name, pk in names.items()
        }
        earliest = min(plans[pk][1] for pk in names.values())
        row = source.rows().filter(source.is_one(earliest, now)).aggregate(**counts)
        found |= {pk: row[name] for name, pk in names.items()}
    return found
