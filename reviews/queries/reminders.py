"""What the practice does since the last time, where the same mistake could happen again (settings.WATCHED_PLANS)."""

from collections.abc import Mapping, Sequence
from typing import Final

from reviews.choices import LapseCode, LapseState
from reviews.models import PreventionPlan
from reviews.queries import lapses
from teams.models import Person

# Where somebody writes, and which lapses happen there.
_PLACES: Final[Mapping[str, frozenset[LapseCode]]] = {
    "message": frozenset(
        {
            *(LapseCode.L01, LapseCode.L02, LapseCode.L03, LapseCode.L04, LapseCode.L05),
            *(LapseCode.L06, LapseCode.L08, LapseCode.L10, LapseCode.L11, LapseCode.L14),
        }
    ),
    "impact": frozenset({LapseCode.L07, LapseCode.L09}),
    "call": frozenset({LapseCode.L15}),
}
SHOWN: Final = 2


def watched(place: str, *, person: Person) -> Sequence[str]:
    """The newest plans that are in place and being watched, each once; the plan alone, not what it came from.

    One query. Nothing of incidents that the person may not see.
    """
    plans = PreventionPlan.objects.filter(
        in_place_at__isnull=False,
        lapse__in=lapses.visible_lapses(person).filter(state=LapseState.WATCHING, code__in=_PLACES[place]).values("pk"),
    )
    newest = plans.order_by("-in_place_at", "-pk").values_list("plan", flat=True)[: 5 * SHOWN]
    return list(dict.fromkeys(newest))[:SHOWN]
