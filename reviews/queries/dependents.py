"""What of the reviews hangs on a person: named before anybody switches them off."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Model
from django.utils.translation import ngettext

from reviews.choices import ActionState
from reviews.models import ImprovementAction
from teams.models import Person
from teams.rules.dependents import Dependent


def find(rows: Sequence[Model], *, viewer: Person | None, now: datetime) -> Mapping[int, list[Dependent]]:
    """settings.DEPENDENTS: improvement actions that would be nobody's. Lapses are nobody else's business."""
    if not rows or type(rows[0]) is not Person:
        return {}
    owned = ImprovementAction.objects.filter(owner__in=[row.pk for row in rows], state=ActionState.OPEN)
    found = {}
    for pk, count in owned.values_list("owner_id").annotate(count=Count("pk")).order_by("owner_id"):
        text = ngettext("owns %d open improvement action", "owns %d open improvement actions", count)
        found[pk] = [Dependent(text=text % count, href="/reviews/")]
    return found
