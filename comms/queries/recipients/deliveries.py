"""Which address got an update, and which did not: by message, channel and address, as their unique index has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, F, QuerySet, Value, When

from comms.choices import DeliveryState, UpdateState
from comms.models import Delivery, Message, Update
from comms.queries.recipients import delivery_words, other_ways, withdrawals
from mim_portal.lib import keys
from teams.choices import Role
from teams.models import Person

ORDER = ("message_id", "channel", "address")
# By what people may choose: the states, and what no longer matters because another copy stands for it.
STATES = (*DeliveryState.values, other_ways.OTHER_WAY)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One delivery with whose it is."""

    row: Delivery
    audience: str
    person: Person | None
    may_go_again: bool  # it was given up, and its words are still right
    is_notice: bool = False  # it says that the update was withdrawn
    other: Delivery | None = None  # the copy that arrived, or goes, instead of it

    @property
    def problem(self) -> str:
        """Why it has not arrived, in words."""
        return delivery_words.in_words(self.row.last_error)

    @property
    def instead(self) -> str:
        """How it came to its reader all the same, in words; nothing where no other copy stands for it."""
        return other_ways.in_words(self.other) if self.other is not None else ""

    @property
    def roles(self) -> list[str]:
        """What the person is in the portal; nothing for an address that stands on a list."""
        return [str(Role(role).label) for role in self.person.roles if role in Role.values] if self.person else []


def of(update: Update, *, state: str = "") -> QuerySet[Delivery]:
    """Everything that was sent for the update; in one state where that is asked, of which OTHER_WAY is one."""
    messages = Message.objects.filter(update=update).values_list("pk", flat=True)
    found = Delivery.objects.filter(message__in=list(messages)).order_by(*ORDER)
    if state == other_ways.OTHER_WAY:
        return found.filter(other_ways.replaced())
    return found.filter(~other_ways.replaced(), state=state) if state else found


def may_send_again(update: Update) -> bool:
    """Whether its words are still what people should read: its own, or the notice that it was withdrawn."""
    return update.state in {UpdateState.PUBLISHED, UpdateState.WITHDRAWN}


def current(update: Update) -> QuerySet[Delivery]:
    """What may be sent again: of a withdrawn update its notice."""
    found = Delivery.objects.filter(message__update=update)
    return found.filter(withdrawals.notices()) if update.state == UpdateState.WITHDRAWN else found


def lost(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those that were given up and that no other copy stands for."""
    return found.filter(~other_ways.replaced(), state=DeliveryState.DEAD)


def given_up(update: Update) -> int:
    """How many of those that may be sent again were given up."""
    return lost(current(update)).count()


def after(found: QuerySet[Delivery], pk: str) -> QuerySet[Delivery]:
    """What follows the delivery with this key; from the start where it is not one of them."""
    row = Delivery.objects.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
    return found.filter(keys.beyond(ORDER, keys.of(row, ORDER))) if row is not None else found


def counts(update: Update) -> dict[str, int]:
    """How many there are in each state that there are any in, in the order of the states."""
    shown = Case(When(other_ways.replaced(), then=Value(other_ways.OTHER_WAY)), default=F("state"))
    found = Delivery.objects.filter(message__update=update).annotate(shown=shown)
    rows = dict(found.values_list("shown").annotate(n=Count("pk")).order_by("shown"))
    return {state: rows[state] for state in STATES if state in rows}


def lines(update: Update, rows: Iterable[Delivery]) -> list[Line]:
    """The rows of a page with names, in two queries, and up to two more where some did not leave by their own way."""
    page = list(rows)
    messages = _messages(update)
    people = Person.objects.in_bulk({row.person_id for row in page if row.person_id is not None})
    others = replacing(page)
    dead = [row.pk for row in page if row.state == DeliveryState.DEAD and row.pk not in others]
    again = set(current(update).filter(pk__in=dead).values_list("pk", flat=True)) if may_send_again(update) else set()
    return [
        Line(
            row=row,
            audience=told.audience.name if (told := messages.get(row.message_id)) and told.audience else "",
            person=people.get(row.person_id or 0),
            may_go_again=row.pk in again,
            is_notice=told is not None and withdrawals.is_notice(told),
            other=others.get(row.pk),
        )
        for row in page
    ]


def replacing(page: Iterable[Delivery]) -> dict[int, Delivery]:
    """Of the rows that did not leave by their own way: the copy that stands for each."""
    wanted = {row.pk: row.other_way_id for row in page if row.other_way_id and row.state in other_ways.NOT_GONE}
    if not wanted:
        return {}
    going = Delivery.objects.filter(state__in=other_ways.GOING).in_bulk(set(wanted.values()))
    return {pk: going[other] for pk, other in wanted.items() if other in going}


def _messages(update: Update) -> Mapping[int, Message]:
    return Message.objects.filter(update=update).select_related("audience", "update").defer("text", "html").in_bulk()
