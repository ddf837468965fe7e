"""Mail that came back or was called unwanted: the copy says so, and no update goes there until it is lifted."""

import html
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory, smtp
from comms.choices import MailTrouble, UpdateKind
from comms.models import Audience, Delivery, Message, Suppression, Update
from comms.queries.recipients import delivery_words, reach
from comms.services.sending import delivery, mail_reports
from comms.services.writing import publishing
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from teams.models import Person
from tests import factories
from tests.comms import report_mails, update_kit

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
REPORTS = "/api/v1/mail-reports/"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    for name in ("Anna", "ben"):
        factories.recipient(audience="service_desk", address=f"{name}@example.com")
    return update_kit.declared(cast.mia)


def send(incident: Incident, by: Person) -> Update:
    """An initial update to the desk, every copy of which the server took."""
    made = update_kit.published(update_kit.drafted(incident, by, "service_desk", kind=UpdateKind.INITIAL), by)
    copies(made).filter(state="pending").update(state="sent", sent_at=dbtime.now())
    return made


def copies(update: Update) -> Any:
    return Delivery.objects.filter(message__update=update)


def copy_to(address: str) -> Delivery:
    return Delivery.objects.get(address=address)


def report(kind: MailTrouble, *, by: Person, to: str = "", **given: str) -> bool:
    if to:
        given["message_id"] = smtp.message_id(copy_to(to).pk)
    return mail_reports.report(kind=kind, by=by, **given)


class TestMessageIds:
    def test_ours(self) -> None:
        text = smtp.message_id(7)
        assert smtp.delivery_of(text) == smtp.delivery_of(f" {text.strip('<>')} ") == 7

    @pytest.mark.parametrize("text", ["", "<d7@x.org>", "<x@example.org>", "<d7.0123456789abcdef@x.org>", "d" * 500])
    def test_others(self, text: str) -> None:
        assert smtp.delivery_of(text) is None

    def test_a_number_that_was_exchanged(self) -> None:
        assert smtp.delivery_of(smtp.message_id(7).replace("<d7.", "<d8.")) is None


class TestReport:
    def test_a_hard_bounce_marks_the_copy_and_keeps_updates_away(
        self, cast: SimpleNamespace, incident: Incident
    ) -> None:
        send(incident, cast.mia)
        assert report(MailTrouble.HARD, by=cast.ada, to="Anna@example.com", detail="550 5.1.1 unknown")
        row = copy_to("Anna@example.com")
        assert (row.state, row.last_error) == ("bounced", "550 5.1.1 unknown")
        held = Suppression.objects.get()
        assert (held.address, held.reason, held.delivery_id) == ("anna@example.com", "hard", row.pk)
        assert AuditEntry.objects.get(verb="suppression.made").actor == cast.ada

        desk = Audience.objects.get(code="service_desk")
        counted = reach.tally(incident=incident, audiences=[desk]).reached
        again = send(incident, cast.mia)
        left_out = copies(again).get(address="Anna@example.com")
        assert (left_out.state, left_out.last_error) == ("suppressed", "Mail to it came back.")
        assert copies(again).filter(state="sent").count() == counted
        assert copies(again).get(address="ben@example.com").state == "sent"

    def test_a_soft_one_marks_the_copy_alone(self, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        assert report(MailTrouble.SOFT, by=cast.ada, to="ben@example.com")
        assert (copy_to("ben@example.com").state, copy_to("ben@example.com").last_error) == ("bounced", "It came back.")
        assert not Suppression.objects.exists()

    def test_a_complaint_is_about_a_copy_that_arrived(self, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        assert report(MailTrouble.COMPLAINT, by=cast.ada, to="ben@example.com")
        assert copy_to("ben@example.com").state == "sent"
        again = send(incident, cast.mia)
        assert copies(again).get(address="ben@example.com").last_error == "Its reader called our mail unwanted."

    def test_a_duty_outlives_a_complaint_and_not_a_dead_mailbox(
        self, cast: SimpleNamespace, incident: Incident
    ) -> None:
        report(MailTrouble.COMPLAINT, by=cast.ada, address=cast.desmond.email)
        report(MailTrouble.HARD, by=cast.ada, address=cast.dara.email)
        sent = send(incident, cast.mia)
        assert copies(sent).get(address=cast.desmond.email).state == "sent"
        assert copies(sent).get(address=cast.dara.email).last_error == "Mail to it came back."

    def test_notices_leave_all_the_same(self, cast: SimpleNamespace) -> None:
        report(MailTrouble.HARD, by=cast.ada, address=cast.mia.email)
        notice = Message.objects.create(subject="s", text="t", thread="x")
        Delivery.objects.create(message=notice, address=cast.mia.email)
        assert [row.address for row in delivery.claim().rows] == [cast.mia.email]

    def test_said_again_it_changes_nothing_not_even_once_it_is_lifted(
        self, cast: SimpleNamespace, incident: Incident
    ) -> None:
        send(incident, cast.mia)
        assert report(MailTrouble.HARD, by=cast.ada, to="ben@example.com")
        assert not report(MailTrouble.HARD, by=cast.ada, to="ben@example.com")
        held = Suppression.objects.get()
        mail_reports.lift(suppression_id=held.pk, person=cast.ada, reason="It exists again.", now=dbtime.now())
        assert not report(MailTrouble.HARD, by=cast.ada, to="ben@example.com")
        assert not Suppression.objects.filter(lifted_at=None).exists()
        assert AuditEntry.objects.filter(verb="suppression.made").count() == 1
        assert report(MailTrouble.HARD, by=cast.ada, address="BEN@example.com")  # by its address it is news

    def test_a_report_that_is_faster_than_the_worker(self, cast: SimpleNamespace, incident: Incident) -> None:
        copies(send(incident, cast.mia)).update(state="sent")
        Delivery.objects.filter(address="ben@example.com").update(state="pending", position=0)
        chunk = delivery.claim(limit=1)
        (row,) = chunk.rows
        assert report(MailTrouble.HARD, by=cast.ada, to=row.address)
        assert delivery.mark(lease=chunk.lease, outcomes=[delivery.sent(row)]) == 0
        assert copy_to(row.address).state == "bounced"

    def test_a_correction_tries_everybody_who_was_told(self, cast: SimpleNamespace, incident: Incident) -> None:
        wrong = send(incident, cast.mia)
        report(MailTrouble.HARD, by=cast.ada, to="ben@example.com")
        publishing.withdraw(update_id=wrong.pk, person=cast.mia, reason="Wrong.", now=dbtime.now())
        rows = Delivery.objects.filter(address="ben@example.com").order_by("pk")
        assert [row.state for row in rows] == ["bounced", "pending"]

    def test_it_names_nothing(self, cast: SimpleNamespace) -> None:
        with pytest.raises(Invalid) as refused:
            mail_reports.report(kind=MailTrouble.HARD, by=cast.ada, message_id="<x@example.org>")
        assert (refused.value.field, refused.value.code) == ("message_id", "unknown_copy")
        with pytest.raises(Invalid) as refused:
            mail_reports.report(kind=MailTrouble.HARD, by=cast.ada)
        assert refused.value.field == "address"


class TestApi:
    def test_report_list_and_lift(self, api: Api, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        ada = api(cast.ada)
        given = {"kind": "hard", "message_id": smtp.message_id(copy_to("ben@example.com").pk), "detail": "550 gone"}
        assert api(cast.ada, scopes=["mail"]).post(REPORTS, given).json() == {"changed": True}
        assert ada.post(REPORTS, given).json() == {"changed": False}
        assert ada.post(REPORTS, {"kind": "soft", "address": "x"}).status_code == 400
        assert ada.post(REPORTS, {"kind": "hard"}).json()["code"] == "unknown_copy"
        assert api(cast.ada, scopes=["comms", "read"]).post(REPORTS, given).status_code == 403
        assert api(cast.mia).post(REPORTS, given).status_code == 403

        (row,) = ada.get("/api/v1/suppressions/?q=BEN").json()["results"]
        assert (row["address"], row["reason"], row["detail"]) == ("ben@example.com", "hard", "550 gone")
        assert ada.get("/api/v1/suppressions/?q=anna").json()["results"] == []
        address = f"/api/v1/suppressions/{row['id']}/lift/"
        lifted = ada.post(address, {"reason": "The mailbox is back."})
        assert (lifted.status_code, lifted.json()["lift_reason"]) == (200, "The mailbox is back.")
        assert ada.post(address, {"reason": "Again."}).status_code == 404


class TestPages:
    def test_list_and_lift(
        self, signed_in: Callable[[Person], Client], cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("comms.views.recipients.suppressions.PAGE", 2)
        ada = signed_in(cast.ada)
        assert "Every address gets its updates." in text_of(ada.get("/settings/suppressions/"))
        for name in ("one", "two", "three"):
            report(MailTrouble.HARD, by=cast.ada, address=f"{name}@example.com", detail="550 5.1.1 x")
        first = text_of(ada.get("/settings/suppressions/"))
        assert ("three@" in first, "two@" in first, "one@" in first) == (True, True, False)
        assert "There is no such mailbox." in first
        last = Suppression.objects.get(address="two@example.com")
        assert "one@" in text_of(ada.get(f"/settings/suppressions/?before={last.pk}"))
        assert "No address is like that." in text_of(ada.get("/settings/suppressions/?q=four"))

        lift = f"/settings/suppressions/{last.pk}/lift/"
        assert "Send updates to two@example.com again" in text_of(ada.get(lift))
        empty = ada.post(lift, {"reason": ""})
        assert empty.status_code == 422
        assert ada.post(lift, {"reason": "It is back."})["Location"] == "/settings/suppressions/"
        last.refresh_from_db()
        assert (last.lifted_by, last.lift_reason) == (cast.ada, "It is back.")
        assert AuditEntry.objects.get(verb="suppression.lifted").subject == f"suppression {last.pk}"
        assert ada.get(lift).status_code == 404

    def test_administrators_alone(self, signed_in: Callable[[Person], Client], cast: SimpleNamespace) -> None:
        assert signed_in(cast.mia).get("/settings/suppressions/").status_code == 403

    def test_its_queries(
        self,
        signed_in: Callable[[Person], Client],
        cast: SimpleNamespace,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        report(MailTrouble.HARD, by=cast.ada, address="a@example.com")
        ada = signed_in(cast.ada)
        ada.get("/settings/suppressions/")
        with django_assert_num_queries(4):
            ada.get("/settings/suppressions/")


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


class TestMails:
    """The mail itself in which a server reports, handed in as it came."""

    def hand_in(self, api: Api, by: Person, shape: str, row: Delivery, *, copy: str = "") -> Any:
        raw = report_mails.mail(shape, to=row.address, copy=copy or smtp.message_id(row.pk))
        return api(by).post(REPORTS, raw, content_type="message/rfc822")

    @pytest.mark.parametrize("shape", ["POSTFIX", "POSTFIX_NO_DOMAIN", "EXIM", "EXIM_OLD", "EXCHANGE"])
    def test_for_good(self, shape: str, api: Api, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        row = copy_to("Anna@example.com")
        answers = [self.hand_in(api, cast.ada, getattr(report_mails, shape), row).json() for _ in range(2)]
        assert answers == [{"changed": True}, {"changed": False}]
        assert copy_to("Anna@example.com").state == "bounced"
        assert [(one.address, one.reason) for one in Suppression.objects.all()] == [("anna@example.com", "hard")]

    @pytest.mark.parametrize(
        ("shape", "words"),
        [
            ("GMAIL", "The mailbox is full."),
            ("POSTFIX_EXPIRED", "The mail server said: not now."),
            ("MEMBER", "There is no such mailbox."),
        ],
    )
    def test_for_now(self, shape: str, words: str, api: Api, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        assert self.hand_in(api, cast.ada, getattr(report_mails, shape), copy_to("ben@example.com")).json()["changed"]
        row = copy_to("ben@example.com")
        assert (row.state, delivery_words.in_words(row.last_error)) == ("bounced", words)
        assert not Suppression.objects.exists()

    def test_one_member_of_a_list_is_named(self, api: Api, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        self.hand_in(api, cast.ada, report_mails.MEMBER, copy_to("ben@example.com"))
        assert "(member@elsewhere.example)" in copy_to("ben@example.com").last_error

    def test_a_complaint(self, api: Api, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        assert self.hand_in(api, cast.ada, report_mails.COMPLAINT, copy_to("ben@example.com")).json()["changed"]
        assert (copy_to("ben@example.com").state, Suppression.objects.get().reason) == ("sent", "complaint")

    def test_a_delay_changes_nothing(self, api: Api, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        answer = self.hand_in(api, cast.ada, report_mails.POSTFIX_DELAYED, copy_to("ben@example.com"))
        assert answer.json() == {"changed": False}
        assert copy_to("ben@example.com").state == "sent"

    def test_what_is_none_of_ours_is_refused(self, api: Api, cast: SimpleNamespace, incident: Incident) -> None:
        """Anybody can write a mail that claims an address: without our signed Message-ID it ends nobody's updates."""
        send(incident, cast.mia)
        row = copy_to("ben@example.com")
        forged = smtp.message_id(row.pk).replace(f"<d{row.pk}.", f"<d{copy_to('Anna@example.com').pk}.")
        refused = [
            self.hand_in(api, cast.ada, report_mails.POSTFIX, row, copy=forged),
            self.hand_in(api, cast.ada, report_mails.POSTFIX, row, copy="<1@example.com>"),
            self.hand_in(api, cast.ada, report_mails.ORDINARY, row),
        ]
        assert [(one.status_code, one.json()["code"]) for one in refused] == [
            (400, "unknown_copy"),
            (400, "unknown_copy"),
            (400, "not_a_report"),
        ]
        assert not Suppression.objects.exists()
        assert self.hand_in(api, cast.mia, report_mails.POSTFIX, row).status_code == 403

    def test_of_a_long_mail_the_beginning_is_read(self, api: Api, cast: SimpleNamespace, incident: Incident) -> None:
        send(incident, cast.mia)
        row = copy_to("ben@example.com")
        raw = report_mails.mail(report_mails.POSTFIX, to=row.address, copy=smtp.message_id(row.pk))
        long = raw + b"x" * 2_000_000
        answer = api(cast.ada).post(REPORTS, long, content_type="message/rfc822; charset=utf-8")
        assert answer.json() == {"changed": True}
