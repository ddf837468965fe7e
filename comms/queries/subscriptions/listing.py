"""Who subscribed to a page, for those who look after it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, Value, When

from comms.choices import SubscriptionState
from comms.models import StatusPage, Subscription

WHOLE, PARTS, INCIDENTS = "whole", "parts", "incidents"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many there are in each state; of the confirmed, to what."""

    by_state: Mapping[str, int]
    by_scope: Mapping[str, int]
    by_channel: Mapping[str, int]


def page(slug: str) -> StatusPage | None:
    """A page that can have subscribers; also a retired one, which may have some left."""
    return StatusPage.objects.filter(slug=slug, is_public=True).first()


def of(page: StatusPage, *, q: str = "", state: str = "") -> QuerySet[Subscription]:
    """The last ones first; without a state those that have not ended."""
    found = Subscription.objects.filter(page=page).select_related("page", "added_by", "endpoint")
    found = found.filter(state=state) if state else found.exclude(state=SubscriptionState.ENDED)
    named = Q(address__icontains=q.strip()) | Q(endpoint__name__icontains=q.strip())
    return (found.filter(named) if q.strip() else found).order_by("-pk")


def counts(page: StatusPage) -> Counts:
    """In one query. Whoever chose services as well as incidents counts under the services."""
    scope = Case(
        When(is_whole=True, then=Value(WHOLE)),
        When(groups=[], services=[], then=Value(INCIDENTS)),
        default=Value(PARTS),
    )
    rows = Subscription.objects.filter(page=page).values("state", "channel", kind=scope).annotate(number=Count("pk"))
    by_state: Counter[str] = Counter()
    by_scope: Counter[str] = Counter()
    by_channel: Counter[str] = Counter()
    for row in rows:
        by_state[row["state"]] += row["number"]
        if row["state"] == SubscriptionState.CONFIRMED:
            by_scope[row["kind"]] += row["number"]
            by_channel[row["channel"]] += row["number"]
    return Counts(by_state=by_state, by_scope=by_scope, by_channel=by_channel)


def one(page: StatusPage, pk: int) -> Subscription | None:
    return Subscription.objects.filter(page=page, pk=pk).select_related("page", "added_by", "endpoint").first()


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a page calls the services and incidents that subscriptions name by key; asked once for a whole list."""

    services: Mapping[int, str]
    references: Mapping[int, str]

    def services_of(self, row: Subscription) -> list[str]:
        return sorted(self.services[pk] for pk in row.services if pk in self.services)

    def incidents_of(self, row: Subscription) -> list[str]:
        return sorted(self.references[pk] for pk in row.incidents if pk in self.references)
