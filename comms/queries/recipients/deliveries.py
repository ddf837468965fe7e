"""Which address got an update, and which did not: by message, channel and address, as their unique index has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet

from comms.choices import DeliveryState, UpdateState
from comms.models import Delivery, Message, Update
from comms.queries.recipients import delivery_words
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
    may_go_again: bool  # it was given up, and its words are still right

    @property
    def problem(self) -> str:
        """Why it has not arrived, in words."""
        return delivery_words.in_words(self.row.last_error)

    @property
    def roles(self) -> list[str]:
        """What the person is in the portal; nothing for an address that stands on a list."""
        return [str(Role(role).label) for role in self.person.roles if role in Role.values] if self.person else []


def of(update: Update, *, state: str = "") -> QuerySet[Delivery]:
    """Everything that was sent for the update; in one state where that is asked."""
    found = Delivery.objects.filter(message__in=list(_audiences(update))).order_by(*ORDER)
    return found.filter(state=state) if state else found


def may_send_again(update: Update) -> bool:
    """Whether its words are still what people should read: its own, or the notice that it was withdrawn."""
    return update.state in {UpdateState.PUBLISHED, UpdateState.WITHDRAWN}


def current(update: Update) -> QuerySet[Delivery]:
    """What may be sent again: of a withdrawn update its notice, whose messages are younger than the first."""
    found = Delivery.objects.filter(message__update=update)
    if update.state != UpdateState.WITHDRAWN:
        return found
    first = Message.objects.filter(update=update).aggregate(at=Min("created_at"))["at"]
    return found.filter(message__created_at__gt=first)


def given_up(update: Update) -> int:
    """How many of those that may be sent again were given up."""
    return current(update).filter(state=DeliveryState.DEAD).count()


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
    """The rows of a page with names, in two queries, and one more where some were given up."""
    page = list(rows)
    audiences = _audiences(update)
    people = Person.objects.in_bulk({row.person_id for row in page if row.person_id is not None})
    dead = [row.pk for row in page if row.state == DeliveryState.DEAD] if may_send_again(update) else []
    again = set(current(update).filter(pk__in=dead).values_list("pk", flat=True)) if dead else set()
    return [
        Line(
            row=row,
            audience=audiences.get(row.message_id, ""),
            person=people.get(row.person_id or 0),
            may_go_again=row.pk in again,
        )
        for row in page
    ]


def _audiences(update: Update) -> Mapping[int, str]:
    return dict(Message.objects.filter(update=update).values_list("pk", "audience__name"))
