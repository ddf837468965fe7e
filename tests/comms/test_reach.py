"""The number on the send button is the number of messages that leave."""

from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from comms.choices import ChannelKind, UpdateKind
from comms.models import Audience, Delivery
from comms.queries import reach
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_private", [False, True])
def test_counted_is_enqueued(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, is_private: bool) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    service = factories.service()
    incident = update_kit.declared(cast.mia, service=service, is_private=is_private)
    for address in ("one@example.org", "ONE@example.org", cast.desmond.email):
        factories.recipient(audience="service_owners", address=address)
    factories.recipient(audience="service_owners", address="+441632960000", channel=ChannelKind.SMS)
    factories.recipient(audience="service_owners", address="mia@example.org", person=cast.mia)
    factories.recipient(audience="service_owners", address="elsewhere@example.org", service=factories.service())
    audiences = list(Audience.objects.filter(code__in=["service_owners", "service_desk"]))
    counted = reach.count(incident=incident, audiences=audiences)
    made = update_kit.drafted(incident, cast.mia, "service_owners", "service_desk", kind=UpdateKind.INITIAL)
    update_kit.published(made, cast.mia)
    assert Delivery.objects.filter(channel=ChannelKind.EMAIL).count() == counted == (1 if is_private else 4)
