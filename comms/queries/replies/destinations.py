"""Where replies to updates go, as the organisation decided, and what that is for a message that leaves now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from comms.choices import RepliesGo
from comms.models import Message, Update
from incidents.choices import IncidentRole
from incidents.models import CommandTenure, Engagement, RoleAssignment
from mim_portal.models import OrganisationSetting

REPLIES = "replies"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`address` is the mailbox, where one was named; it is kept while replies go elsewhere."""

    to: RepliesGo = RepliesGo.SENDER
    address: str = ""


def current() -> Decision:
    """What was decided in the settings; until then replies go to the address that updates come from."""
    held = OrganisationSetting.objects.filter(name=REPLIES).values_list("value", flat=True).first()
    return Decision(to=RepliesGo(held["to"]), address=held["address"]) if held else Decision()


def opt_out_address() -> str:
    """Where a mail that opts out is read by the portal: as configured, else the mailbox of replies if it is read."""
    if settings.OPT_OUT_ADDRESS or not settings.IMAP_URL:
        return str(settings.OPT_OUT_ADDRESS)
    decided = current()
    return decided.address if decided.to == RepliesGo.MAILBOX else ""


def of_messages(messages: Iterable[Message]) -> dict[int, str]:
    """Reply-To of each message of an update, and of a call for help where the portal reads the mailbox: a reply
    acknowledges it. Notices have none: they have a link.

    Who is accountable is asked when the mail leaves, so that a copy sent after a handover names the successor. Replies
    to a private incident never go to a shared mailbox, whose readers may not know of it.
    """
    updates: dict[int, int] = {}
    calls: dict[int, int] = {}
    for one in messages:
        if one.update_id is not None:
            updates[one.pk] = one.update_id
        elif one.engagement_id is not None:
            calls[one.pk] = one.engagement_id
    decided = current() if updates or calls else Decision()
    if decided.to == RepliesGo.SENDER:
        return {}
    rows = Update.objects.filter(pk__in=set(updates.values())).values_list("pk", "incident", "incident__is_private")
    about = {pk: (incident, is_private) for pk, incident, is_private in rows}
    mailbox = decided.address if decided.to == RepliesGo.MAILBOX else ""
    asked = {incident for incident, is_private in about.values() if is_private or not mailbox}
    people = _addresses(asked, leads_first=decided.to == RepliesGo.COMMUNICATIONS) if asked else {}
    found = _of_calls(calls, mailbox)
    for message, update in updates.items():
        incident, is_private = about[update]
        found[message] = people.get(incident, "") if is_private or not mailbox else mailbox
    return {message: address for message, address in found.items() if address}


def _of_calls(calls: Mapping[int, int], mailbox: str) -> dict[int, str]:
    if not mailbox or not settings.IMAP_URL or not calls:
        return {}
    private = Engagement.objects.filter(pk__in=set(calls.values()), incident__is_private=True)
    hidden = set(private.values_list("pk", flat=True))
    return {message: mailbox for message, engagement in calls.items() if engagement not in hidden}


def _addresses(incidents: set[int], *, leads_first: bool) -> dict[int, str]:
    """The address of each incident's accountable manager, or of its communications lead where there is one."""
    tenures = CommandTenure.objects.filter(incident__in=incidents, ended_at=None, manager__is_active=True)
    found = dict(tenures.values_list("incident", "manager__email"))
    if leads_first:
        roles = RoleAssignment.objects.filter(
            incident__in=incidents, role=IncidentRole.COMMUNICATIONS_LEAD, ended_at=None, person__is_active=True
        )
        found |= dict(roles.exclude(person__email="").values_list("incident", "person__email"))
    return found
