"""A call for help as a pager carries it: the words once, what each kind of pager makes of them."""

from datetime import datetime

from django.utils.translation import gettext as _

from comms.adapters import webhook
from comms.adapters.channels import Parcel
from comms.choices import PageAction, PagingKind
from comms.models import Endpoint, Message
from comms.rendering import calls
from comms.rendering.calls import Call
from comms.rules import paging, sms
from comms.rules.frame_words import EXERCISE
from comms.rules.paging import Page
from incidents.choices import COMMANDED_STATES, EngagementState
from incidents.models import Engagement
from mim_portal.lib import addresses


def call(engagement: Engagement, *, answer: str, again: bool) -> Call:
    """The call of one engagement for pagers. They are read beyond the team and kept elsewhere: of a private incident
    they say only that the team is needed, and where.
    """
    if not engagement.incident.is_private:
        return calls.for_team(engagement, answer=answer, again=again)
    incident = engagement.incident
    words = {"priority": incident.priority, "team": engagement.team.name, "reference": incident.reference}
    subject = _("[%(priority)s] %(team)s is needed: a private incident | %(reference)s") % words
    if again:
        subject = _("Asked again: %s") % subject
    if incident.is_exercise:
        subject = f"{EXERCISE} {subject}"
    return Call(subject=subject[:400], text="{}\n{}\n".format(_("Answer the call, or open the room:"), answer), html="")


def short(subject: str, *, answer: str) -> str:
    """A text message: what fits before the link that answers, which is never cut; without it where it is too long."""
    link = f" {answer}"
    words = sms.seven_bit(subject)
    for length in range(len(words), 39, -1):
        said = (words if length == len(words) else words[:length].rstrip() + "...") + link
        if len(said) <= 400 and sms.size(said).fits:
            return said
    return sms.headline(subject)


def page_of(message: Message, *, key: str, answer: str, by: str) -> Page:
    """What a saved message says; its engagement is read as it stands now."""
    engagement = message.engagement
    assert engagement is not None
    incident = engagement.incident
    return Page(
        action=PageAction(message.page),
        key=key,
        summary=message.subject,
        text=message.text,
        team=engagement.team.name,
        incident=incident.reference,
        service="" if incident.is_private else incident.service.name,
        priority=incident.priority or "",
        room=addresses.absolute(f"{addresses.incident(incident.reference)}#teams"),
        answer=answer,
        by=by,
    )


def parcel(page: Page, *, endpoint: Endpoint, parcel_id: str, at: datetime, short_text: str = "") -> Parcel:
    """As this pager carries it."""
    if endpoint.kind == PagingKind.WEBHOOK:
        event, data = paging.webhook(page)
        return Parcel(id=parcel_id, text=webhook.body(event=event, at=at, data=data))
    if endpoint.kind == PagingKind.SMS:
        text = short_text or sms.headline(page.summary)
        return Parcel(id=parcel_id, text=text, number=endpoint.number)
    if endpoint.kind == PagingKind.VOICE:
        return Parcel(id=parcel_id, text=spoken(page.summary), number=endpoint.number)
    return Parcel(id=parcel_id, page=page)


def spoken(summary: str) -> str:
    """What is read out on the phone, twice: who wakes up misses the first words."""
    words = " ".join(summary.replace("[", "").replace("]", ".").replace("|", ".").split())
    said = _("MIM Portal. %s. Open the room, or the call's mail, to answer.") % words
    return f"{said} {said}"


def is_overtaken(message: Message) -> bool:
    """A call that was answered, a team that was let go, or an incident that ended, before the page could leave."""
    engagement = message.engagement
    if message.page != PageAction.TRIGGER or engagement is None:
        return False
    return engagement.state != EngagementState.ASKED or engagement.incident.state not in COMMANDED_STATES
