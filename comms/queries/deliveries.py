"""Which address got an update, and which did not: by message, channel and address, as their unique index has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from comms.choices import DeliveryState
from comms.models import Delivery, Message, Update
from comms.queries import delivery_words
from mim_portal.lib import keys
from teams.choices import Role
from teams.models import Person

ORDER = ("message_id", "channel", "address")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One delivery with whose it is."""

    row: Delivery
    audience: str
    person: Person | None

    @property
    def problem(self) -> str:
        """Why it has not arrived, in words."""
        return delivery_words.in_words(self.row.last_error)

    @property
    def roles(self) -> list[str]:
        """What the person is in the portal; nothing for an address that stands on a list."""
        return [str(Role(role).label) for role in self.person.roles if role in Role.values] if self.person else []

    @property
    def is_dead(self) -> bool:
        return self.row.state == DeliveryState.DEAD


def of(update: Update, *, state: str = "") -> QuerySet[Delivery]:
    """Everything that was sent for the update; in one state where that is asked."""
    found = Delivery.objects.filter(message__in=list(_audiences(update))).order_by(*ORDER)
    return found.filter(state=state) if state else found


def after(found: QuerySet[Delivery], pk: str) -> QuerySet[Delivery]:
    """What follows the delivery with this key; from the start where it is not one of them."""
    row = Delivery.objects.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
    return found.filter(keys.beyond(ORDER, keys.of(row, ORDER))) if row is not None else found


def counts(update: Update) -> dict[str, int]:
    """How many there are in each state that there are any in, in the order of the states."""
    rows = dict(
        Delivery.objects.filter(message__update=update).values_list("state").annotate(n=Count("pk")).order_by("state")
    )
    return {state: rows[state] for state in DeliveryState.values if state in rows}


def lines(update: Update, rows: Iterable[Delivery]) -> list[Line]:
    """The rows of a page with names, in two queries."""
    page = list(rows)
    audiences = _audiences(update)
    people = Person.objects.in_bulk({row.person_id for row in page if row.person_id is not None})
    return [
        Line(row=row, audience=audiences.get(row.message_id, ""), person=people.get(row.person_id or 0)) for row in page
    ]


def _audiences(update: Update) -> Mapping[int, str]:
    return dict(Message.objects.filter(update=update).values_list("pk", "audience__name"))
