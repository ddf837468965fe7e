"""How prevention plans have held since they were in place: chances and repeats, for many plans at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reviews.choices import DEADLINE_LAPSES, UNCONFIRMED_LAPSES
from reviews.models import Lapse, PreventionPlan
from reviews.queries import lapses as lapse_queries
from reviews.queries import promises
from reviews.rules import statistics
from teams.models import Person

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Chances that the lapse had to come back since its plan was in place, and how often it did."""

    chances: int
    repeats: int

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


def watches(lapses: Sequence[Lapse], plans: Mapping[int, PreventionPlan]) -> dict[int, Watch]:
    """By lapse, for those about promises whose plan is in place; others are counted once their chances can be."""
    in_place = {
        lapse.pk: (str(lapse.code), plan.in_place_at)
        for lapse in lapses
        if (plan := plans.get(lapse.pk)) and plan.in_place_at and lapse.code in DEADLINE_LAPSES
    }
    if not in_place:
        return {}
    chances = promises.chances_since(in_place)
    earliest = min(since for _, since in in_place.values())
    later = list(
        Lapse.objects.filter(
            code__in={code for code, _ in in_place.values()},
            occurred_at__gt=earliest,
            incident__is_exercise=False,
        )
        .exclude(state__in=UNCONFIRMED_LAPSES)
        .values_list("pk", "code", "occurred_at")
    )
    found = {}
    for lapse_id, (code, since) in in_place.items():
        repeats = sum(pk != lapse_id and other == code and at > since for pk, other, at in later)
        found[lapse_id] = Watch(chances=max(chances[lapse_id], repeats), repeats=repeats)
    return found


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Entries of the same promise: those that came after this one's plan was in place, and those whose plan was in
    place before this one.
    """

    later: Sequence[Lapse]
    earlier: Sequence[Lapse]


def linked(lapse: Lapse, *, person: Person) -> Linked:
    """What the person sees of it, the newest first; what is unconfirmed is no repeat."""
    same = lapse_queries.visible_lapses(person).filter(code=lapse.code, incident__is_exercise=False)
    same = same.exclude(pk=lapse.pk).exclude(state__in=UNCONFIRMED_LAPSES)
    in_place = PreventionPlan.objects.filter(in_place_at__isnull=False)
    first = in_place.filter(lapse=lapse).order_by("in_place_at").values_list("in_place_at", flat=True).first()
    later = [] if first is None else list(same.filter(occurred_at__gt=first).order_by("-occurred_at", "-pk")[:SHOWN])
    if lapse.state in UNCONFIRMED_LAPSES:
        return Linked(later=later, earlier=[])
    planned = in_place.filter(in_place_at__lt=lapse.occurred_at).values("lapse")
    return Linked(later=later, earlier=list(same.filter(pk__in=planned).order_by("-occurred_at", "-pk")[:SHOWN]))
