"""What people write into the timeline."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import EntryKind
from incidents.models import TimelineEntry
from incidents.queries import mentions as queries
from incidents.rules import mentions
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from mim_portal.lib.refusals import Invalid
from teams.models import Person

LONGEST = 10_000


@transaction.atomic
def note(*, reference: str, person: Person, text: str, now: datetime, at: datetime | None = None) -> TimelineEntry:
    """Add a note; `at` is when it happened, where that was earlier than now.

    “@mia” becomes a reference to whoever may read the incident under that name; other handles stay as typed.
    """
    incident = locking.lock(reference=reference, person=person)
    if not text.strip():
        raise Invalid(_("Write something."), code="required", field="text")
    if len(text) > LONGEST:
        raise Invalid(_("A note has at most %d characters. Split it in two.") % LONGEST, field="text")
    if at is not None and at > now:
        raise Invalid(_("This time has not come yet."), field="at")
    written = mentions.stored(text.strip(), queries.known(incident, mentions.handles(text)))
    entry = Entry(kind=EntryKind.NOTE, at=at or now, actor_id=person.pk, text=written.text, data=written.data)
    return timeline.append(incident=incident, entries=[entry])[0]
