"""Reply-To: the organisation decides whom readers reach when they answer an update, and mails say so."""

from collections.abc import Callable
from email import message_from_bytes
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory, smtp
from comms.adapters.mailbox import Mailbox
from comms.choices import RepliesGo, UpdateKind
from comms.models import Delivery, Message
from comms.queries.replies import destinations
from comms.services.replies import deciding
from comms.tasks import deliver
from incidents.choices import IncidentRole
from incidents.models import Incident
from incidents.services.accountability import command, people
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry, OrganisationSetting
from tests import factories
from tests.comms import update_kit
from tests.plugins.mail import MailSink

pytestmark = pytest.mark.django_db

PAGE, API = "/settings/replies/", "/api/v1/reply-settings/"
MAILBOX = "replies@portal.example"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    factories.recipient(audience="end_users", address="anna@example.com")
    return update_kit.declared(cast.mia)


def reply_to(incident: Incident, cast: SimpleNamespace, *, address: str = "anna@example.com") -> str:
    """What the copy of an update says that leaves now."""
    made = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL)
    update_kit.published(made, cast.mia, send_now=True)
    box = Mailbox()
    deliver.run(box)
    (text,) = [text for _, to, text in box.taken if to == address]
    return text.reply_to


def decide(cast: SimpleNamespace, to: RepliesGo, address: str = "") -> bool:
    return deciding.decide(person=cast.ada, to=to, address=address)


class TestDeciding:
    def test_it_is_written_once_and_audited(self, cast: SimpleNamespace) -> None:
        assert destinations.current() == destinations.Decision(to=RepliesGo.SENDER)
        assert decide(cast, RepliesGo.MAILBOX, f" {MAILBOX} ")
        assert not decide(cast, RepliesGo.MAILBOX, MAILBOX)
        assert destinations.current() == destinations.Decision(to=RepliesGo.MAILBOX, address=MAILBOX)
        entry = AuditEntry.objects.get(verb="replies.decided")
        assert (entry.actor, entry.data["from"]["to"], entry.data["to"]["address"]) == (cast.ada, "sender", MAILBOX)

    def test_others_may_not(self, cast: SimpleNamespace) -> None:
        with pytest.raises(Forbidden):
            deciding.decide(person=cast.mia, to="manager", address="")

    @pytest.mark.parametrize(
        ("to", "address", "field"),
        [
            ("mailbox", " ", "address"),
            ("mailbox", "a@example.org\nBcc: b@example.org", "address"),
            ("manager", "büro@example.org", "address"),
            ("everybody", "", "to"),
        ],
    )
    def test_what_no_mail_can_say_is_refused(self, cast: SimpleNamespace, to: str, address: str, field: str) -> None:
        with pytest.raises(Invalid) as refused:
            deciding.decide(person=cast.petra, to=to, address=address)
        assert refused.value.field == field
        assert not OrganisationSetting.objects.exists()


class TestMails:
    def test_until_it_is_decided_nothing_is_said(self, cast: SimpleNamespace, incident: Incident) -> None:
        assert reply_to(incident, cast) == ""

    def test_a_mailbox(self, cast: SimpleNamespace, incident: Incident) -> None:
        decide(cast, RepliesGo.MAILBOX, MAILBOX)
        assert reply_to(incident, cast) == MAILBOX

    def test_whoever_is_accountable_when_it_leaves(self, cast: SimpleNamespace, incident: Incident) -> None:
        decide(cast, RepliesGo.MANAGER)
        assert reply_to(incident, cast) == cast.mia.email
        offered = command.offer(
            reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=dbtime.now()
        )
        command.accept(handover_id=offered.pk, person=cast.omar, restatement="Staff cannot submit.", now=dbtime.now())
        made = update_kit.drafted(incident, cast.omar, "end_users", kind=UpdateKind.INITIAL)
        update_kit.published(made, cast.omar, send_now=True)
        box = Mailbox()
        deliver.run(box)
        assert {text.reply_to for _, to, text in box.taken if to == "anna@example.com"} == {cast.omar.email}

    def test_the_communications_lead_where_there_is_one(self, cast: SimpleNamespace, incident: Incident) -> None:
        decide(cast, RepliesGo.COMMUNICATIONS)
        assert reply_to(incident, cast) == cast.mia.email
        people.assign(
            reference=incident.reference,
            role=IncidentRole.COMMUNICATIONS_LEAD,
            to=cast.carla,
            person=cast.mia,
            now=dbtime.now(),
        )
        assert reply_to(incident, cast) == cast.carla.email

    def test_a_private_incident_never_names_a_shared_mailbox(self, cast: SimpleNamespace, incident: Incident) -> None:
        decide(cast, RepliesGo.MAILBOX, MAILBOX)
        made = update_kit.published(
            update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL), cast.mia, send_now=True
        )
        Incident.objects.filter(pk=incident.pk).update(is_private=True)
        message = Message.objects.get(update=made)
        assert destinations.of_messages([message]) == {message.pk: cast.mia.email}

    def test_a_manager_without_an_address(self, cast: SimpleNamespace, incident: Incident) -> None:
        decide(cast, RepliesGo.MANAGER)
        type(cast.mia).objects.filter(pk=cast.mia.pk).update(email="")
        assert reply_to(incident, cast) == ""

    def test_notices_have_a_link_instead(
        self, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        decide(cast, RepliesGo.MAILBOX, MAILBOX)
        notice = Message.objects.create(subject="s", text="t", thread="x")
        with django_assert_num_queries(0):
            assert destinations.of_messages([notice]) == {}

    def test_a_chunk_costs_the_same_however_many_messages(
        self, cast: SimpleNamespace, incident: Incident, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        decide(cast, RepliesGo.COMMUNICATIONS)
        for _ in range(3):
            reply_to(incident, cast)
        messages = list(Message.objects.filter(update__isnull=False))
        with django_assert_num_queries(4):
            destinations.of_messages(messages)

    def test_on_the_wire_the_thread_stays_as_it_was(
        self, cast: SimpleNamespace, incident: Incident, mail_sink: MailSink
    ) -> None:
        decide(cast, RepliesGo.MAILBOX, MAILBOX)
        made = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL)
        update_kit.published(made, cast.mia, send_now=True)
        deliver.deliver()
        (mail,) = mail_sink.to("anna@example.com")
        copy = Delivery.objects.get(address="anna@example.com")
        assert mail["Reply-To"] == MAILBOX
        assert mail["Message-ID"] == smtp.message_id(copy.pk)
        assert mail["References"] == mail["In-Reply-To"] == smtp.thread_id(incident.reference)

    def test_without_one_there_is_no_header(self) -> None:
        text = smtp.Text(id=1, subject="s", text="t", html="", thread="x", created_at=dbtime.now())
        assert message_from_bytes(smtp.compose(text))["Reply-To"] is None


class TestPage:
    def test_it_is_chosen_and_kept(self, cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
        ada = signed_in(cast.ada)
        assert "Replies to updates" in ada.get("/settings/").content.decode()
        assert 'value="sender" selected' in ada.get(PAGE).content.decode()
        answer = ada.post(PAGE, {"to": "mailbox", "address": MAILBOX})
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        page = ada.get(PAGE).content.decode()
        assert 'value="mailbox" selected' in page
        assert MAILBOX in page

    def test_an_error_keeps_what_was_typed(self, cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
        answer = signed_in(cast.petra).post(PAGE, {"to": "mailbox", "address": ""})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Write the address of the mailbox" in page
        assert 'value="mailbox" selected' in page

    def test_its_queries(
        self,
        cast: SimpleNamespace,
        signed_in: Callable[..., Client],
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        ada = signed_in(cast.ada)
        ada.get(PAGE)
        with django_assert_num_queries(4):
            ada.get(PAGE)


def test_over_rest(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    ada = api(cast.ada)
    assert ada.get(API).json() == {"to": "sender", "address": ""}
    given = {"to": "mailbox", "address": MAILBOX}
    assert ada.put(API, given).json() == given
    refused = ada.put(API, {"to": "mailbox"})
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert api(cast.mia).put(API, {"to": "sender"}).status_code == 403
    assert api(cast.ada, scopes=["read"]).put(API, {"to": "sender"}).status_code == 403
    assert destinations.current().address == MAILBOX
