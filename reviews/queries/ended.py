"""Entries of the ledger that are over for more than twelve months, and what is left of those before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from reviews.choices import UNCONFIRMED_LAPSES, UNCONFIRMED_OUTCOMES, LapseCode, LapseState
from reviews.models import EffectivenessCheck, Lapse, LapseCount, PreventionPlan
from reviews.queries import lapses
from reviews.rules import ledger
from teams.models import Person

# Fewer than this could still be somebody's.
ENOUGH_TO_SAY = 5


@dataclass(frozen=True, kw_only=True)
class Number:
    """How often one promise was not held: in the last twelve months, and before."""

    code: LapseCode
    recent: int
    earlier: int


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What the ledger shows together, from entries that are there and from those that are only counted. `unconfirmed`
    are questions of former years that were answered with no or not at all; None while they are too few to say.
    """

    codes: Sequence[Number]
    unconfirmed: int | None


def over(*, now: datetime) -> QuerySet[Lapse]:
    """What nobody waits for any more: dismissed, held or watched for twelve months, or never answered for as long.

    Something confirmed that has no plan in place is an open promise, however old it is.
    """
    until = now - ledger.KEPT_FOR
    plans = PreventionPlan.objects.filter(lapse=OuterRef("pk"))
    checks = EffectivenessCheck.objects.filter(plan__lapse=OuterRef("pk"), checked_at__gt=until)
    watched = Q(state__in=[LapseState.HELD, LapseState.WATCHING])
    silent = Q(state=LapseState.SUGGESTED, discovered_at__lte=until) & (Q(shown_after=None) | Q(shown_after__lte=until))
    return (
        Lapse.objects.alias(answered_at=Coalesce("decided_at", "discovered_at"))
        .filter(
            Q(state=LapseState.DISMISSED, answered_at__lte=until)
            | silent
            | (
                watched
                & Exists(plans.filter(in_place_at__lte=until))
                & ~Exists(plans.filter(in_place_at__gt=until))
                & ~Exists(checks)
            )
        )
        .order_by("pk")
    )


def numbers(person: Person | AnonymousUser, *, now: datetime) -> Numbers:
    """By code, what exists for the person and what is only counted; two queries."""
    recent = Q(occurred_at__gt=now - ledger.KEPT_FOR)
    rows = lapses.visible_lapses(person).exclude(state__in=UNCONFIRMED_LAPSES).order_by().select_related(None)
    live = rows.values("code").annotate(recent=Count("pk", filter=recent), earlier=Count("pk", filter=~recent))
    found = {row["code"]: [row["recent"], row["earlier"]] for row in live}
    unconfirmed = 0
    for code, outcome, count in LapseCount.objects.values_list("code", "outcome").annotate(total=Sum("count")):
        if outcome in UNCONFIRMED_OUTCOMES:
            unconfirmed += count
        else:
            found.setdefault(code, [0, 0])[1] += count
    codes = [
        Number(code=LapseCode(code), recent=now_, earlier=before) for code, (now_, before) in sorted(found.items())
    ]
    return Numbers(codes=codes, unconfirmed=unconfirmed if unconfirmed >= ENOUGH_TO_SAY else None)


def month(moment: datetime) -> date:
    """The month in which it is counted, by UTC."""
    return moment.date().replace(day=1)
