"""What an incident waits for: a fact that a holding update can say where there is no other news."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import WaitingFor
from comms.services.promises import owing
from incidents.choices import EntryKind
from incidents.services import timeline
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person


@transaction.atomic
def wait(*, reference: str, what: str, until_at: datetime, person: Person, now: datetime) -> WaitingFor:
    """Record what is waited for and until when; it takes the place of what was waited for before."""
    incident = owing.live(reference, person=person)
    said, at = " ".join(what.split()).rstrip("."), dbtime.now()
    if not said:
        raise Invalid(_("Say what you are waiting for."), code="required", field="what")
    if until_at <= at:
        raise Invalid(_("That time has passed. Say until when you are waiting."), code="in_the_past", field="until_at")
    WaitingFor.objects.filter(incident=incident, ended_at=None).update(ended_at=at)
    made = WaitingFor.objects.create(incident=incident, what=said[:200], until_at=until_at, said_by=person, said_at=at)
    data = {"waiting": made.pk, "until": until_at.isoformat()}
    entry = timeline.Entry(kind=EntryKind.WAITING_FOR, at=at, actor_id=person.pk, text=made.what, data=data)
    timeline.append(incident=incident, entries=[entry])
    return made


@transaction.atomic
def end(*, reference: str, person: Person, now: datetime) -> WaitingFor:
    """It came, or nobody waits for it any more."""
    incident = owing.live(reference, person=person)
    found = WaitingFor.objects.filter(incident=incident, ended_at=None).first()
    if found is None:
        raise Refusal(_("Nothing is being waited for."), code="not_waiting")
    found.ended_at = dbtime.now()
    found.save(update_fields=["ended_at"])
    entry = timeline.Entry(
        kind=EntryKind.WAITING_ENDED,
        at=found.ended_at,
        actor_id=person.pk,
        text=found.what,
        data={"waiting": found.pk},
    )
    timeline.append(incident=incident, entries=[entry])
    return found
