"""How many incidents run, for monitoring: private ones count too, since a number names nobody."""

from django.db.models import Count

from incidents.choices import LIVE_STATES
from incidents.models import Incident


def live_by_priority() -> dict[tuple[str, bool], int]:
    """Live incidents by priority and whether they are an exercise, by the index of live ones."""
    rows = Incident.objects.filter(state__in=sorted(LIVE_STATES)).values("priority", "is_exercise")
    counted = rows.annotate(count=Count("id")).order_by("priority", "is_exercise")
    return {(row["priority"], row["is_exercise"]): row["count"] for row in counted}
