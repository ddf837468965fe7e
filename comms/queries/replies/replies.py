"""Replies of readers, for those who may see their incident; what belongs to none for those who look after these."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When, Window

from comms.choices import ReplyState
from comms.models import Reply
from incidents.models import Incident
from incidents.queries import visibility
from mim_portal.lib import prepared
from teams.models import Person
from teams.rules import roles

IN_THE_ROOM = 3


@dataclass(frozen=True, kw_only=True)
class InRoom:
    """What the room says of replies: how many are new, of how many, and the last new ones."""

    new: int
    total: int
    last: tuple[Reply, ...]


def visible(person: Person) -> QuerySet[Reply]:
    """Replies that the person may see: by incident for those who read replies, without one for those who keep them."""
    found = Q(pk__in=[])
    if person.has_role(*roles.REPLY_READERS):
        found |= Q(incident__in=visibility.visible_incidents(person))
    if person.has_role(*roles.REPLY_KEEPERS):
        found |= Q(incident=None)
    return Reply.objects.filter(found)


def of(incident: Incident, *, state: str = "") -> QuerySet[Reply]:
    """Replies of one incident whose words are kept, the last one first."""
    found = Reply.objects.filter(incident=incident, is_folded=False).select_related("incident", "update", "marked_by")
    return (found.filter(state=state) if state else found).order_by("-pk")


def without_incident(*, state: str = "") -> QuerySet[Reply]:
    """Replies that nobody has placed yet, the last one first."""
    found = Reply.objects.filter(incident=None, is_folded=False).select_related("incident", "update", "marked_by")
    return (found.filter(state=state) if state else found).order_by("-pk")


def waiting_without_incident() -> int:
    """How many of them nobody has looked at."""
    return Reply.objects.filter(incident=None, is_folded=False, state=ReplyState.NEW).count()


def folded(incident: Incident | None) -> list[Any]:
    """Addresses that wrote more than stands on its own, the worst first: how many were only counted, and the last."""
    rows = Reply.objects.filter(incident=incident, is_folded=True).values("sender")
    return list(rows.annotate(count=Count("pk"), last_at=Max("received_at")).order_by("-count", "sender")[:20])


def ask(*, incident: Incident) -> prepared.Ask:
    """What `in_room` asks, to be asked together with more."""
    return _in_room.ask(incident=incident)


def in_room(incident: Incident) -> InRoom:
    """New ones first, in one query; nothing where nobody has written."""
    rows = _in_room(incident=incident)
    if not rows:
        return InRoom(new=0, total=0, last=())
    head: Any = rows[0]
    return InRoom(new=head.new, total=head.total, last=tuple(row for row in rows if row.state == ReplyState.NEW))


@prepared.query
def _in_room(*, incident: int) -> QuerySet[Reply]:
    found = Reply.objects.filter(incident=incident, is_folded=False).annotate(
        new=Window(Count("pk", filter=Q(state=ReplyState.NEW))),
        total=Window(Count("pk")),
        turn=Case(When(state=ReplyState.NEW, then=Value(0)), default=Value(1)),
    )
    return found.order_by("turn", F("pk").desc())[:IN_THE_ROOM]


def answer_link(reply: Reply) -> str:
    """A mail to whoever wrote, with the subject that keeps it in their thread."""
    subject = reply.subject if reply.subject.lower().startswith("re:") else f"Re: {reply.subject}"
    return f"mailto:{quote(reply.sender, safe='@')}?subject={quote(subject)}"
