"""Send a test: one message now, and the answer in words. Nothing is queued, and nothing else waits for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from comms.adapters import channels, webhook
from comms.adapters.channels import Parcel
from comms.choices import ChannelKind
from comms.models import Endpoint
from comms.rendering import parcels
from comms.rules import endpoints as rules
from comms.rules import recipients, sms
from comms.services.sending import ways
from mim_portal.lib import outgoing, sealing
from mim_portal.models import AuditEntry
from teams.models import Person
from teams.services.cleaning import cleaned

TEST = "endpoint.test"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What became of a test."""

    is_taken: bool
    words: str


def send(*, endpoint: Endpoint, number: str = "", by: Person, now: datetime) -> Tried:
    """One test message through the endpoint as it is set up, also while it is switched off or paused."""
    parcel = _parcel(endpoint, number=_number(endpoint, number), by=by, now=now)
    tried = attempt(lambda: channels.send(ways.opened(endpoint, now=now), parcel, now=now))
    note(endpoint, tried, now=now)
    AuditEntry.objects.create(
        actor=by, verb="endpoint.tested", subject=f"channel {endpoint.code}"[:200], data={"taken": tried.is_taken}
    )
    return tried


def attempt(sending: Callable[[], outgoing.Answer]) -> Tried:
    """What became of it, in words."""
    try:
        answer = sending()
    except sealing.Unreadable:
        return Tried(is_taken=False, words=_("Its address cannot be read: MIM_SECRET_KEY has changed. Enter it again."))
    except (outgoing.Forbidden, outgoing.Unreachable) as error:
        return Tried(is_taken=False, words=str(error))
    is_taken = rules.meaning(answer.status) is rules.Meaning.TAKEN
    return Tried(is_taken=is_taken, words=rules.words(answer.status))


def note(endpoint: Endpoint, tried: Tried, *, now: datetime) -> None:
    """A test that went through ends a pause: what waits leaves now."""
    found = Endpoint.objects.filter(pk=endpoint.pk)
    if tried.is_taken:
        found.update(last_success_at=now, failures=0, paused_until=None)
    else:
        found.update(last_failure_at=now, last_error=tried.words[:500])


def _number(endpoint: Endpoint, typed: str) -> str:
    if endpoint.kind != ChannelKind.SMS:
        return ""
    return str(cleaned("number", recipients.number, typed))


def _parcel(endpoint: Endpoint, *, number: str, by: Person, now: datetime) -> Parcel:
    test_id = f"{parcels.stable_id(endpoint.pk)}_test_{int(now.timestamp())}"
    if endpoint.kind == ChannelKind.WEBHOOK:
        data = {"endpoint": endpoint.code, "by": {"roles": sorted(by.roles)}}
        return Parcel(id=test_id, text=webhook.body(event=TEST, at=now, data=data))
    text = _("A test of the channel “%(name)s”. Nothing has happened, and nobody has to do anything.")
    said = text % {"name": endpoint.name}
    return Parcel(id=test_id, title=_("[TEST] MIM Portal"), text=sms.seven_bit(said) if number else said, number=number)
