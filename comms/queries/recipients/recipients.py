"""Audiences and their addresses as administrators keep them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from comms.models import Audience, OptOut, OwedAudience, Recipient, Suppression
from comms.queries.recipients import delivery_words, reach
from incidents.choices import LIVE_STATES
from teams.models import Person, Service, Site
from teams.rules import fingerprints

AUDIENCE_FIELDS = (
    "name",
    "position",
    "is_technical",
    "is_plain",
    "is_public",
    "roles",
    "includes_engaged_teams",
    "is_active",
)


def audiences(*, every: bool = False) -> QuerySet[Audience]:
    """In the order in which copies leave, with how many active addresses each has."""
    counted = Count("recipients", filter=Q(recipients__is_active=True))
    found = Audience.objects.annotate(addresses=counted).order_by("position", "id")
    return found if every else found.filter(is_active=True)


def audience(code: str) -> Audience | None:
    return audiences(every=True).filter(code=code).first()


def state(found: Audience) -> dict[str, Any]:
    return {name: getattr(found, name) for name in AUDIENCE_FIELDS}


def version(found: Audience) -> str:
    """Changes with every change of the audience."""
    return fingerprints.of(state(found))


def of(found: Audience, *, q: str = "", every: bool = False) -> QuerySet[Recipient]:
    """Addresses of one audience by themselves."""
    rows = Recipient.objects.filter(audience=found).select_related("service", "site", "person", "audience")
    if q:
        rows = rows.filter(
            Q(address__icontains=q)
            | Q(service__name__icontains=q)
            | Q(site__name__icontains=q)
            | Q(person__username__icontains=q)
        )
    return (rows if every else rows.filter(is_active=True)).order_by("pk")


def marked(rows: QuerySet[Recipient]) -> QuerySet[Recipient]:
    """The same with what keeps updates from an address: `has_opted_out` of this audience, `is_held` since mail to it
    came back or was called unwanted.
    """
    address = Lower(OuterRef("address"))
    return rows.annotate(
        has_opted_out=Exists(OptOut.objects.filter(audience=OuterRef("audience"), address=address)),
        is_held=Exists(Suppression.objects.filter(lifted_at=None, address=address)),
    )


def one(found: Audience, pk: int) -> Recipient | None:
    return of(found, every=True).filter(pk=pk).first()


def owed_by(found: Audience) -> int:
    """How many running incidents owe the audience updates."""
    return OwedAudience.objects.filter(audience=found, owed_until=None, incident__state__in=LIVE_STATES).count()


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Whom a message would reach: how many, the first of them by address, and why others get none."""

    count: int
    reached: list[dict[str, Any]]
    left_out: list[tuple[str, int]]


def tried(found: Audience, *, service: Service, site: Site | None, most: int) -> Tried:
    """Whom a message about the service would reach now, each address once, on the way that it would go."""
    with connection.cursor() as cursor:
        cursor.execute(*reach.trial(audience=found.pk, service=service.pk, site=site.pk if site else None))
        rows = cursor.fetchall()
    shown = [row for row in rows if not row[3]]
    people = Person.objects.in_bulk([person for _channel, _address, person, _error in shown[:most] if person])
    listed = [
        {"channel": channel, "address": address, "person": people.get(person)}
        for channel, address, person, _error in shown[:most]
    ]
    why = Counter(error for _channel, _address, _person, error in rows if error)
    return Tried(count=len(shown), reached=listed, left_out=delivery_words.left_out(why))
