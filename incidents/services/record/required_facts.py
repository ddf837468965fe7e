"""Requiring a fact of the impact, of one service or of every one, and no longer: it holds from the next check on.

A required fact that the record lacks stops a later update until it is answered, or said to be not yet known with a
time, or overridden with a reason. An initial or holding update it never stops (DESIGN 1a).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.queries import required_facts as queries
from incidents.rules import impact as rules
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry, OrganisationSetting
from teams.models import Person, Service
from teams.rules import roles


def require(*, person: Person, fact: str, service: Service | None = None) -> bool:
    """From now on the record answers this; whether that is new."""
    return _set(person=person, fact=fact, service=service, is_required=True)


def release(*, person: Person, fact: str, service: Service | None = None) -> bool:
    """It is asked for as before, and stops nothing; whether it was required."""
    return _set(person=person, fact=fact, service=service, is_required=False)


@transaction.atomic
def _set(*, person: Person, fact: str, service: Service | None, is_required: bool) -> bool:
    if not person.has_role(*roles.POLICY_EDITORS):
        raise Forbidden(_("Which facts are required is set by an administrator or the practice lead."))
    if fact not in dict(rules.GATES):
        raise Invalid(_("Choose one of the seven facts of an impact."), field="fact")
    one = (fact, service.slug if service else queries.EVERY_SERVICE)
    if not OrganisationSetting.change_pairs(queries.REQUIRED, one, is_held=is_required):
        return False
    verb = "fact.required" if is_required else "fact.released"
    AuditEntry.objects.create(actor=person, verb=verb, subject=queries.subject(*one))
    return True
