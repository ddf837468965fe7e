"""The calls that a team got lately, for its own members."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.models import Engagement
from incidents.queries import visibility
from teams.models import Person, Team

LATELY: Final = timedelta(days=30)
MEMBERS_ONLY: Final = _("Only members of %s see how they were called.")


def of_team(team: Team, *, viewer: Person, now: datetime) -> QuerySet[Engagement]:
    """Of incidents that the viewer may see, without exercises, the newest first."""
    return (
        Engagement.objects.filter(team=team, asked_at__gte=now - LATELY, incident__is_exercise=False)
        .filter(incident__in=visibility.visible_incidents(viewer))
        .select_related("incident", "profile")
        .order_by("-asked_at", "-pk")
    )
