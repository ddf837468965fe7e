"""What was given up lately, across the updates that a person may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import F, Q, QuerySet

from comms.choices import UpdateState
from comms.models import Delivery, Update
from comms.queries.recipients import deliveries, delivery_words, withdrawals
from incidents.models import Incident
from incidents.queries import visibility
from teams.models import Person

RECENT = timedelta(days=30)

# Its words are still what people should read: those of the update, or the notice that it was withdrawn.
_STILL_RIGHT = Q(message__update__state=UpdateState.PUBLISHED) | (
    Q(message__update__state=UpdateState.WITHDRAWN) & withdrawals.notices()
)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One copy that was given up."""

    row: Delivery
    audience: str
    may_go_again: bool

    @property
    def problem(self) -> str:
        return delivery_words.in_words(self.row.last_error)


@dataclass(frozen=True, kw_only=True)
class OfUpdate:
    """Those of one update that stand together in the list."""

    update: Update
    incident: Incident
    letters: list[Letter]

    @property
    def may_go_again(self) -> bool:
        return any(letter.may_go_again for letter in self.letters)


def recent(person: Person, *, now: datetime, channel: str = "") -> QuerySet[Delivery]:
    """Given up in the last thirty days, the newest copies first; whatever arrived by another way is not among them."""
    visible = visibility.visible_incidents(person)
    found = deliveries.lost(Delivery.objects.filter(message__update__incident__in=visible))
    found = found.filter(due_at__gt=now - RECENT).annotate(still_right=_STILL_RIGHT)
    found = found.select_related("message__update__incident", "message__audience").order_by("-pk")
    return found.filter(channel=channel) if channel else found


def letters(rows: Iterable[Delivery]) -> list[Letter]:
    """The rows of a page as people read them."""
    return [
        Letter(
            row=row,
            audience=row.message.audience.name if row.message.audience is not None else "",
            may_go_again=row.still_right,  # type: ignore[attr-defined]
        )
        for row in rows
    ]


def by_update(rows: Iterable[Delivery]) -> list[OfUpdate]:
    """The rows of a page under the updates that they are copies of."""
    groups = groupby(letters(rows), key=lambda letter: letter.row.message.update)
    return [
        OfUpdate(update=update, incident=update.incident, letters=list(found))
        for update, found in groups
        if update is not None
    ]


def chosen(person: Person, ids: Collection[int], *, now: datetime) -> dict[int, list[int]]:
    """By update: those of the deliveries that were given up and that the person may see."""
    rows = recent(person, now=now).filter(pk__in=ids).values_list("message__update_id", "pk").order_by(F("pk"))
    found: dict[int, list[int]] = {}
    for update, pk in rows:
        found.setdefault(update or 0, []).append(pk)
    return found
