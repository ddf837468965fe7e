"""Calls for help leave by mail at once: to the team's addresses, and to whoever of the team is on shift."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from comms.models import Delivery, Message
from comms.rendering import calls
from comms.services.sending import outbox
from incidents.models import Engagement
from incidents.services.work import call_links, engagements
from mim_portal.lib import nudge
from teams.models import Contact, Team
from teams.queries import calling, hours
from teams.rules import hours as rules

URGENT = 0  # leaves before every copy of an update


@transaction.atomic
def enqueue(*, engagement_ids: Sequence[int], again: bool, now: datetime) -> int:
    """Messages and deliveries of these calls; how many addresses are called.

    Without an address of the team and with nobody on shift every member is called: a call never goes nowhere in
    silence while there is somebody to call.
    """
    found = Engagement.objects.filter(pk__in=engagement_ids).select_related("team", "incident", "asked_by")
    called = 0
    for engagement in found.order_by("pk"):
        people = _addresses(engagement.team, now=now)
        if not people:
            continue
        for person in dict.fromkeys(people.values()):
            to = [address for address, whose in people.items() if whose == person]
            _call(engagement, to=to, person_id=person, again=again)
        called += len(people)
    if called:
        nudge.nudge(outbox.DELIVER)
    return called


def note_sent(delivery_ids: Iterable[int], *, now: datetime) -> None:
    """The engagements whose call was among these sent deliveries are delivered."""
    sent = Message.objects.filter(engagement__isnull=False, deliveries__in=list(delivery_ids))
    ids = set(sent.values_list("engagement_id", flat=True))
    if ids:
        engagements.note_delivered([pk for pk in ids if pk is not None], now=now)


def _call(engagement: Engagement, *, to: Sequence[str], person_id: int | None, again: bool) -> None:
    """One message for the team's own addresses, and one for each person, whose link answers as them."""
    said = calls.for_team(engagement, answer=call_links.link(engagement, person_id), again=again)
    message = Message.objects.create(
        engagement=engagement,
        subject=said.subject,
        text=said.text,
        html=said.html,
        thread=outbox.thread(engagement.incident),
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=person_id, address=address, position=URGENT) for address in to
    )


def _addresses(team: Team, *, now: datetime) -> dict[str, int | None]:
    """Address and person, each address once: the team's own of this hour first, then the shift, else every member.

    Addresses of other hours are used where nothing else is left.
    """
    own = list(team.contacts.filter(kind=Contact.Kind.EMAIL).order_by("position").values_list("value", "hours"))
    is_in = hours.at_work([team], at=now)[team.pk]
    people = calling.team_on_shift(team, at=now)
    used = rules.used(own, is_in=is_in) or ([] if people else [address for address, _hours in own])
    found: dict[str, int | None] = {address.lower(): None for address in used}
    if not people and not found:
        people = list(team.members.filter(is_active=True))
    for person in people:
        if person.email:
            found.setdefault(person.email.lower(), person.pk)
    return found
