"""How prevention plans have held since they were in place: chances and repeats, for many plans at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reviews.choices import DEADLINE_LAPSES, UNCONFIRMED_LAPSES, LapseState
from reviews.models import EffectivenessCheck, Lapse, PreventionPlan
from reviews.queries import chances
from reviews.queries import lapses as lapse_queries
from reviews.rules import ledger, statistics
from teams.models import Person

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Chances that the lapse had to come back since its plan was in place, and how often it did.

    `unclear` are confirmed ones whose cause nobody wrote down yet: no repeats so far, and no proof either.
    """

    chances: int
    repeats: int
    unclear: int = 0

    @property
    def upper_bound(self) -> float:
        """The highest true rate that still fits, 95 %, exact binomial."""
        return statistics.upper_bound(repeats=self.repeats, chances=self.chances)


def latest_plans(lapse_ids: Iterable[int]) -> dict[int, PreventionPlan]:
    """The plan that counts for each lapse: the newest."""
    plans = (
        PreventionPlan.objects.filter(lapse__in=list(lapse_ids))
        .order_by("lapse_id", "-pk")
        .distinct("lapse_id")
        .select_related("owner")
    )
    return {plan.lapse_id: plan for plan in plans}


def watches(lapses: Sequence[Lapse], plans: Mapping[int, PreventionPlan], *, now: datetime) -> dict[int, Watch]:
    """By lapse, for those whose plan is in place; a query for each kind of chance, and one for what came later."""
    in_place = {
        lapse.pk: (str(lapse.code), plan.in_place_at)
        for lapse in lapses
        if (plan := plans.get(lapse.pk)) and plan.in_place_at and lapse.code in ledger.CHANCE_OF
    }
    if not in_place:
        return {}
    counted = chances.since(in_place, now=now)
    earliest = min(since for _, since in in_place.values())
    later = list(
        Lapse.objects.filter(
            code__in={code for code, _ in in_place.values()},
            occurred_at__gt=earliest,
            incident__is_exercise=False,
        )
        .exclude(state__in=UNCONFIRMED_LAPSES)
        .values("pk", "code", "occurred_at", "cause_category", "incident_id")
    )
    causes = {lapse.pk: lapse.cause_category for lapse in lapses}
    found = {}
    for lapse_id, (code, since) in in_place.items():
        answers: dict[object, set[bool | None]] = {}
        for row in later:
            if row["pk"] != lapse_id and row["code"] == code and row["occurred_at"] > since:
                again = ledger.is_repeat(cause=causes[lapse_id], later_cause=row["cause_category"])
                answers.setdefault(_once(row), set()).add(again)
        repeats = sum(True in each for each in answers.values())
        unclear = sum(None in each and True not in each for each in answers.values())
        found[lapse_id] = Watch(chances=max(counted[lapse_id], repeats), repeats=repeats, unclear=unclear)
    return found


def proven(lapses: Sequence[Lapse], plans: Mapping[int, PreventionPlan]) -> dict[int, Watch]:
    """Of those that held: the figures by which they were called so. What came later has an entry of its own.

    One query; none where nothing held.
    """
    held = {plans[lapse.pk].pk: lapse.pk for lapse in lapses if lapse.state == LapseState.HELD and lapse.pk in plans}
    checks = EffectivenessCheck.objects.filter(plan__in=held).order_by("checked_at", "pk") if held else ()
    return {held[check.plan_id]: Watch(chances=check.chances, repeats=check.repeats) for check in checks}


def _once(row: Mapping[str, Any]) -> object:
    """What was late for several audiences at one moment was late once, as it was one chance."""
    return (row["incident_id"], row["occurred_at"]) if row["code"] in DEADLINE_LAPSES else row["pk"]


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Entries of the same promise, as far as their cause is not another: those that came after this one's plan was in
    place, and those whose plan was in place before this one.
    """

    later: Sequence[Lapse]
    earlier: Sequence[Lapse]


def linked(lapse: Lapse, *, person: Person) -> Linked:
    """What the person sees of it, the newest first; what is unconfirmed is no repeat."""
    same = lapse_queries.visible_lapses(person).filter(code=lapse.code, incident__is_exercise=False)
    same = same.exclude(pk=lapse.pk).exclude(state__in=UNCONFIRMED_LAPSES)
    if lapse.cause_category:
        same = same.filter(cause_category__in=["", lapse.cause_category])
    in_place = PreventionPlan.objects.filter(in_place_at__isnull=False)
    first = in_place.filter(lapse=lapse).order_by("in_place_at").values_list("in_place_at", flat=True).first()
    later = [] if first is None else list(same.filter(occurred_at__gt=first).order_by("-occurred_at", "-pk")[:SHOWN])
    if lapse.state in UNCONFIRMED_LAPSES:
        return Linked(later=later, earlier=[])
    planned = in_place.filter(in_place_at__lt=lapse.occurred_at).values("lapse")
    return Linked(later=later, earlier=list(same.filter(pk__in=planned).order_by("-occurred_at", "-pk")[:SHOWN]))
