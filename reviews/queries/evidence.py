"""What the record has on how fast a team came, before and after it confirmed its profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Min, QuerySet

from incidents.models import Engagement
from reviews.queries.metrics import counting
from reviews.rules import evidence as rules
from reviews.rules.evidence import Call, Comparison
from teams.models import EngagementProfile, Person, Team
from teams.queries import hours
from teams.rules import hours as hour_rules

# Enough to fill both strata of a side unless nearly all calls come at one kind of hour.
_READ: Final = 5 * rules.KEPT


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`strata` by whether the call came in the team's hours; `missing` calls have no time of joining, `invalid` ones
    have it before the call.
    """

    team: Team
    confirmed_at: datetime | None
    strata: Mapping[bool, Comparison]
    missing: int
    invalid: int

    @property
    def is_empty(self) -> bool:
        return not any(one.before or one.after for one in self.strata.values())


def of_team(team: Team, *, viewer: Person | AnonymousUser) -> Evidence:
    """Over the incidents that the viewer may see, as the metrics count them; five queries whatever the team has.

    After begins with the first version that the team confirmed: later ones are how it goes on.
    """
    confirmed_at = EngagementProfile.objects.filter(team=team).aggregate(first=Min("confirmed_at"))["first"]
    asked = Engagement.objects.filter(team=team, incident__in=counting.incidents(viewer, counting.Filters()))
    at_work = hours.whole(team)
    if confirmed_at is None:
        rows = list(_read(asked.order_by("-asked_at")))
    else:
        rows = [
            *_read(asked.filter(asked_at__lt=confirmed_at).order_by("-asked_at")),
            *_read(asked.filter(asked_at__gte=confirmed_at).order_by("asked_at")),
        ]
    calls = [Call(asked_at=at, joined_at=joined, in_hours=hour_rules.is_in(at_work, at=at)) for at, joined in rows]
    found, missing, invalid = rules.times(calls, confirmed_at=confirmed_at)
    return Evidence(team=team, confirmed_at=confirmed_at, strata=rules.strata(found), missing=missing, invalid=invalid)


def _read(asked: QuerySet[Engagement]) -> QuerySet[Engagement, tuple[datetime, datetime | None]]:
    return asked.values_list("asked_at", "joined_at")[:_READ]
