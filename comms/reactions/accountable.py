"""Who was made accountable by somebody else, such as a desk lead, is told in the same transaction."""

from collections.abc import Sequence

from comms.services.telling import desk_mail
from incidents.choices import EntryKind
from incidents.models import TimelineEntry


def react(entries: Sequence[TimelineEntry]) -> None:
    """New incidents whose manager is not the person who declared them."""
    for entry in entries:
        manager_id = entry.data.get("manager")
        if entry.kind == EntryKind.DECLARED and manager_id is not None and manager_id != entry.actor_id:
            desk_mail.tell_accountable(entry.incident, manager_id=manager_id, declared_by_id=entry.actor_id)
