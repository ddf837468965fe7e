"""A reply was read or answered, or belongs to this incident."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import ReplyState
from comms.models import Reply
from comms.queries.replies import replies as queries
from comms.services.replies import intake
from incidents.models import Incident
from incidents.queries import incidents
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person


class UnknownReply(Missing):
    """There is none that this person may see."""


@transaction.atomic
def mark(*, reply_id: int, person: Person, state: str, now: datetime) -> Reply:
    """Say that a reply was read or answered; `new` takes that back. Said twice it stays as it was."""
    reply = _locked(reply_id, person=person)
    if state not in ReplyState.values:
        raise Invalid(_("A reply is new, read or answered."), field="state")
    if reply.state == state:
        return reply
    reply.state = ReplyState(state)
    is_new = reply.state == ReplyState.NEW
    reply.marked_at, reply.marked_by = (None, None) if is_new else (now, person)
    reply.save(update_fields=["state", "marked_at", "marked_by"])
    if reply.incident is not None:
        intake.tell_room(reply.incident)
    return reply


@transaction.atomic
def mark_all_read(*, incident: Incident, up_to: int, person: Person, now: datetime) -> int:
    """All new replies of the incident that the person has seen, those up to this one; how many."""
    new = Reply.objects.filter(incident=incident, pk__lte=up_to, state=ReplyState.NEW)
    count = new.update(state=ReplyState.READ, marked_at=now, marked_by=person)
    if count:
        intake.tell_room(incident)
    return count


@transaction.atomic
def place(*, reply_id: int, person: Person, reference: str) -> Reply:
    """Put a reply that belongs to no incident into the room of one that the person may see."""
    reply = _locked(reply_id, person=person)
    if reply.incident is not None:
        raise Refusal(
            _("It stands in the room of %(reference)s already.") % {"reference": reply.incident.reference},
            code="placed",
        )
    wanted = " ".join(reference.split()).upper()
    incident = incidents.get(wanted, person)
    if incident is None:
        raise Invalid(_("There is no incident with this reference: write it as in MI-2026-0042."), field="incident")
    reply.incident = incident
    reply.save(update_fields=["incident"])
    AuditEntry.objects.create(
        actor=person, verb="reply.placed", subject=f"reply {reply.pk}", data={"incident": incident.pk}
    )
    intake.tell_room(incident)
    return reply


def _locked(reply_id: int, *, person: Person) -> Reply:
    visible = queries.visible(person).filter(pk=reply_id).values("pk")
    reply = (
        Reply.objects.select_for_update(no_key=True, of=("self",))
        .select_related("incident")
        .filter(pk__in=visible)
        .first()
    )
    if reply is None:
        raise UnknownReply(_("There is no such reply."))
    return reply
