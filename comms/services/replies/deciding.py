"""Where replies to updates go is the organisation's decision: one for all updates that leave from now on."""

from django.db import transaction
from django.utils.translation import gettext as _

from comms.adapters import smtp
from comms.choices import RepliesGo
from comms.queries.replies import destinations
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry, OrganisationSetting
from teams.models import Person
from teams.rules import roles


@transaction.atomic
def decide(*, person: Person, to: str, address: str) -> bool:
    """Set what Reply-To says; whether anything changed. A mailbox has an address that a mail can carry."""
    if not person.has_role(*roles.POLICY_EDITORS):
        raise Forbidden(_("Where replies go is set by an administrator or the practice lead."))
    if to not in RepliesGo.values:
        raise Invalid(_("Choose one of the list."), field="to")
    address = address.strip()
    if to == RepliesGo.MAILBOX and not address:
        raise Invalid(_("Write the address of the mailbox that replies go to."), field="address")
    if address and not smtp.can_carry(address):
        raise Invalid(
            _("A mail cannot name this address: use plain letters, such as replies@example.org."), field="address"
        )
    before, after = destinations.current(), destinations.Decision(to=RepliesGo(to), address=address)
    if after == before:
        return False
    OrganisationSetting.objects.update_or_create(name=destinations.REPLIES, defaults={"value": _plain(after)})
    AuditEntry.objects.create(actor=person, verb="replies.decided", data={"from": _plain(before), "to": _plain(after)})
    return True


def _plain(decision: destinations.Decision) -> dict[str, str]:
    return {"to": decision.to.value, "address": decision.address}
