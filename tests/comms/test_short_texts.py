"""What a text message says: the template's words where they may leave unread, else the checked subject."""

from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Message
from comms.rendering import parcels
from comms.rules import sms
from comms.services.writing import templates
from mim_portal.lib import dbtime
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


def published(cast: SimpleNamespace, written: str, *, has_sms: bool = True) -> Message:
    if has_sms:
        factories.endpoint(kind="sms")
    parts = {"subject": "", "body": "{{ doing }}", "sms": written}
    templates.save(kind="initial", audience="end_users", parts=parts, by=cast.ada, now=dbtime.now())
    incident = update_kit.declared(cast.mia)
    made = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL)
    return Message.objects.get(update=update_kit.published(made, cast.mia))


def said(message: Message) -> str:
    return parcels.of(message, delivery_id=1, channel="sms", address="+447911123456").text


def test_the_templates_words(cast: SimpleNamespace) -> None:
    message = published(cast, "{{ service }} has a problem – we are working on it.")
    name = message.update.incident.service.name if message.update else ""
    assert said(message) == f"{name} has a problem - we are working on it."


def test_a_long_one_takes_two_parts(cast: SimpleNamespace) -> None:
    text = said(published(cast, "{{ service }} has a problem and we are working on it. " * 12))
    assert (sms.size(text).gsm, sms.size(text).parts) == (True, 2)


@pytest.mark.parametrize("written", ["", "Ask [team] for help.", "See http://10.0.0.7/dashboard for more."])
def test_the_subject_where_there_are_none_or_they_may_not_leave(cast: SimpleNamespace, written: str) -> None:
    message = published(cast, written)
    assert message.short == ""
    assert said(message) == sms.headline(message.subject)
    assert "| next " in said(message)


def test_without_a_provider_nothing_is_written(cast: SimpleNamespace) -> None:
    assert published(cast, "{{ service }} has a problem.", has_sms=False).short == ""
