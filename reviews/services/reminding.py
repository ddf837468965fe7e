"""Owners of actions are reminded of the day, and the practice lead hears of what is a week late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from comms.services.telling import letters
from incidents.queries import visibility
from mim_portal.lib import addresses
from reviews.choices import ActionNotice, ActionState
from reviews.models import ImprovementAction
from reviews.rules import actions as rules
from teams.choices import Role
from teams.models import Person
from teams.queries import calling

# In one run; the rest in the next.
_AT_ONCE: Final = 200


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Say what is due; how many actions were spoken of. Each step is said once; two runs at once say it once."""
    today = now.date()
    due = Q()
    for told in ActionNotice:
        until = rules.speaks_until(told=told, today=today)
        if until is not None:
            due |= Q(told=told, due_date__lte=until)
    rows = (
        ImprovementAction.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
        .filter(due, state=ActionState.OPEN, review__isnull=False)
        .select_related("owner", "review__incident")
        .order_by("due_date", "pk")
    )[:_AT_ONCE]
    spoken = 0
    for action in rows:
        notice = rules.notice(due_date=action.due_date, told=action.told, today=today)
        if notice is None:
            continue
        for person in _readers(action, notice, now=now):
            _write(action, notice, to=person)
        action.told = notice
        action.save(update_fields=["told"])
        spoken += 1
    return spoken


def _readers(action: ImprovementAction, notice: ActionNotice, *, now: datetime) -> Sequence[Person]:
    """Whoever may not see the incident, or has left, is told nothing of it."""
    people = {action.owner.pk: action.owner}
    if notice == ActionNotice.ESCALATED:
        people |= {one.pk: one for one in calling.told(Role.PRACTICE_LEAD, at=now)}
    assert action.review is not None
    incident = action.review.incident_id
    return [
        person
        for person in people.values()
        if person.is_active and person.email and visibility.visible_incidents(person).filter(pk=incident).exists()
    ]


def _write(action: ImprovementAction, notice: ActionNotice, *, to: Person) -> None:
    assert action.review is not None
    incident = action.review.incident
    context = {
        "action": action,
        "incident": incident,
        "notice": notice.value,
        "is_own": to.pk == action.owner_id,
        "address": addresses.absolute(f"{addresses.review(incident.reference)}#actions"),
    }
    letters.send("action_due", context, to=to, incident=incident)
