"""Asking of messages of a kind what the profession's table does not ask of them, and no longer: from the next check on.

It advises the writer and stops nothing (C28): whether a text says something is found by its words, and those are never
sure enough to keep a message from its readers.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from comms.queries.writing import required_parts as queries
from comms.queries.writing import vocabulary
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry, OrganisationSetting
from teams.models import Person
from teams.rules import roles


def require(*, person: Person, kind: str, part: str) -> bool:
    """From now on the composer asks for it; whether that is new."""
    return _set(person=person, kind=kind, part=part, is_required=True)


def release(*, person: Person, kind: str, part: str) -> bool:
    """As the writer likes again; whether it was required."""
    return _set(person=person, kind=kind, part=part, is_required=False)


@transaction.atomic
def _set(*, person: Person, kind: str, part: str, is_required: bool) -> bool:
    if not person.has_role(*roles.POLICY_EDITORS):
        raise Forbidden(_("What messages have to say is set by an administrator or the practice lead."))
    one = queries.read(queries.one(kind, part))
    if one is None:
        raise Invalid(_("Choose one of the list: the rest is asked for already, or has its own time."), field="part")
    if not OrganisationSetting.change_pairs(vocabulary.REQUIRED_PARTS, (one.kind, one.part), is_held=is_required):
        return False
    verb = "part.required" if is_required else "part.released"
    AuditEntry.objects.create(actor=person, verb=verb, subject=queries.subject(one))
    return True
