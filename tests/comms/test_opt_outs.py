"""Opting out of an audience's updates: by one click of the mail program, on a page, and back."""

import html
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory, smtp
from comms.adapters.mailbox import Mailbox
from comms.choices import DUTY_AUDIENCES, ChannelKind, MailKind, RepliesGo, UpdateKind
from comms.models import Audience, Delivery, Message, OptOut, Update
from comms.queries.recipients import reach
from comms.queries.replies import destinations
from comms.services.recipients import opt_outs
from comms.services.replies import deciding
from comms.services.writing import publishing
from comms.tasks import deliver
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.models import AuditEntry
from teams.models import Person
from tests import factories
from tests.comms import reply_kit, update_kit
from tests.plugins.mail import MailSink

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def settings_and_language(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEFAULT_FROM_EMAIL = "Major incidents <incidents@portal.example>"
    settings.BASE_URL = "https://portal.example"
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    factories.recipient(audience="end_users", address="Anna@example.com")
    factories.recipient(audience="end_users", address="ben@example.com")
    return update_kit.declared(cast.mia)


def send(incident: Incident, by: Person, *codes: str, kind: UpdateKind = UpdateKind.INITIAL) -> Update:
    Delivery.objects.all().delete()
    return update_kit.published(update_kit.drafted(incident, by, *(codes or ("end_users",)), kind=kind), by)


def reader(address: str = "anna@example.com", audience: str = "end_users") -> opt_outs.Reader:
    return opt_outs.Reader(audience=Audience.objects.get(code=audience), address=address)


def link(address: str = "anna@example.com", audience: str = "end_users") -> str:
    return opt_outs.address_of(Audience.objects.get(code=audience).pk, address)


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def press(browser: Client, deed: str) -> Any:
    """One of the page's buttons, with the token that the page has put into its form."""
    page = browser.get(link())
    given = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text_of(page))
    assert given is not None
    return browser.post(f"{link()}choose/", {"deed": deed, "csrfmiddlewaretoken": given[1]}, follow=True)


class TestPage:
    def test_a_look_changes_nothing_and_a_button_does(self, cast: SimpleNamespace, incident: Incident) -> None:
        stranger = Client(enforce_csrf_checks=True)
        answer = stranger.get(link())
        assert "anna@example.com gets updates for “End users”" in text_of(answer)
        assert answer["X-Robots-Tag"] == "noindex"
        assert stranger.head(link()).status_code == 200
        assert not OptOut.objects.exists()

        after = press(stranger, "out")
        assert "gets no more updates for “End users”" in text_of(after)
        assert opt_outs.choice(reader()).is_out
        after = press(stranger, "back")
        assert "gets updates for" in text_of(after)
        assert not OptOut.objects.exists()
        entries = AuditEntry.objects.filter(subject="audience end_users", actor=None).order_by("pk")
        assert [entry.verb for entry in entries] == ["recipient.opted_out", "recipient.opted_in"]

    def test_one_click_said_twice_is_said_once(self, incident: Incident) -> None:
        stranger = Client(enforce_csrf_checks=True)
        assert [stranger.post(link(), ONE_CLICK).status_code for _ in range(2)] == [204, 204]
        assert OptOut.objects.get().address == "anna@example.com"
        assert AuditEntry.objects.filter(verb="recipient.opted_out").count() == 1

    def test_a_post_that_says_nothing_changes_nothing(self, incident: Incident) -> None:
        assert Client().post(link()).status_code == 302
        assert Client().post(link(), {"deed": "out"}).status_code == 302
        assert Client().post(f"{link()}choose/", {"deed": "else"}).status_code == 302
        assert not OptOut.objects.exists()

    def test_the_buttons_are_for_the_page_alone(self, incident: Incident) -> None:
        """Only a mail program posts without a token, and only its one click."""
        stranger = Client(enforce_csrf_checks=True)
        assert stranger.post(f"{link()}choose/", {"deed": "out"}).status_code == 403
        assert stranger.get(f"{link()}choose/").status_code == 405
        assert not OptOut.objects.exists()

    def test_of_all_at_once_and_back(self, incident: Incident) -> None:
        stranger = Client(enforce_csrf_checks=True)
        after = press(stranger, "out-of-all")
        assert "anna@example.com gets no more updates from us." in text_of(after)
        left = set(OptOut.objects.filter(address="anna@example.com").values_list("audience__code", flat=True))
        assert left == set(Audience.objects.exclude(code__in=DUTY_AUDIENCES).values_list("code", flat=True))
        assert "Only those for “End users”" in text_of(after)
        press(stranger, "out-of-all")
        after = press(stranger, "back")
        assert "gets updates for “End users”" in text_of(after)
        assert "Send me all updates again" in text_of(after)
        assert opt_outs.choice(reader()) == opt_outs.Choice(is_out=False, is_out_of_any=True, is_out_of_all=False)
        press(stranger, "back-to-all")
        press(stranger, "back-to-all")
        assert not OptOut.objects.exists()
        entries = AuditEntry.objects.filter(verb__startswith="recipient.opted").order_by("pk")
        assert [(entry.verb, entry.data.get("audiences")) for entry in entries] == [
            ("recipient.opted_out_of_all", len(left)),
            ("recipient.opted_in", None),
            ("recipient.opted_in_to_all", len(left) - 1),
        ]

    def test_its_queries(self, incident: Incident, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(4):
            Client().get(link())

    @pytest.mark.parametrize("change", ["x", ""])
    def test_a_forged_link_leads_nowhere(self, change: str, incident: Incident) -> None:
        token = link().split("/")[2]
        forged = f"{token[:-1]}{'b' if token[-1] == 'a' else 'a'}{change}"
        assert Client().get(f"/opt-out/{forged}/").status_code == 404
        assert Client().post(f"/opt-out/{forged}/", ONE_CLICK).status_code == 404

    def test_the_link_of_an_audience_that_is_gone(self, incident: Incident) -> None:
        gone = opt_outs.address_of(999_999, "anna@example.com")
        assert Client().get(gone).status_code == 404

    def test_other_forms_keep_their_protection(self, cast: SimpleNamespace) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast.ada, backend="mim_portal.signed_in.Password")
        assert browser.post("/settings/audiences/+new/", ONE_CLICK).status_code == 403


class TestWhoIsLeftOut:
    def test_the_list_of_that_audience_and_nothing_else(self, cast: SimpleNamespace, incident: Incident) -> None:
        factories.recipient(audience="executives", address="anna@example.com")
        users = Audience.objects.get(code="end_users")
        counted = reach.tally(incident=incident, audiences=[users]).reached
        opt_outs.opt_out(reader())
        assert reach.tally(incident=incident, audiences=[users]).reached == counted - 1

        send(incident, cast.mia)
        left_out = Delivery.objects.get(address="Anna@example.com")
        assert (left_out.state, left_out.last_error) == ("suppressed", "Opted out.")
        assert Delivery.objects.get(address="ben@example.com").state == "pending"

        send(incident, cast.mia, "end_users", "executives")
        assert Delivery.objects.get(address="anna@example.com").state == "pending"  # as one of the executives, once
        opt_outs.opt_in(reader())
        send(incident, cast.mia)
        assert Delivery.objects.get(address="Anna@example.com").state == "pending"

    def test_a_duty_is_not_opted_out_of(self, cast: SimpleNamespace, incident: Incident) -> None:
        factories.recipient(audience="end_users", address=cast.desmond.email)
        opt_outs.opt_out(reader(cast.desmond.email))
        send(incident, cast.mia, "service_desk", "end_users")
        assert Delivery.objects.get(address=cast.desmond.email).state == "pending"

    @pytest.mark.parametrize("code", sorted(DUTY_AUDIENCES))
    def test_nobody_leaves_a_list_of_people_on_duty(self, code: str, cast: SimpleNamespace, incident: Incident) -> None:
        """One click in a shared mailbox would end the desk's copy."""
        factories.recipient(audience=code, address="desk@example.com")
        send(incident, cast.mia, code)
        mailbox = Mailbox()
        deliver.run(mailbox)
        assert "desk@example.com" in mailbox.addresses
        assert mailbox.listed == {}
        assert Client().get(link("desk@example.com", code)).status_code == 404

    def test_text_messages_go_on(self, cast: SimpleNamespace, incident: Incident) -> None:
        factories.recipient(audience="end_users", address="+441632960000", channel=ChannelKind.SMS)
        OptOut.objects.create(audience=Audience.objects.get(code="end_users"), address="+441632960000")
        send(incident, cast.mia)
        assert Delivery.objects.get(address="+441632960000").last_error != "Opted out."

    def test_a_correction_goes_to_whoever_was_told(self, cast: SimpleNamespace, incident: Incident) -> None:
        wrong = send(incident, cast.mia)
        opt_outs.opt_out(reader("ben@example.com"))
        publishing.withdraw(update_id=wrong.pk, person=cast.mia, reason="Wrong service.", now=dbtime.now())
        rows = Delivery.objects.filter(address="ben@example.com")
        assert [row.state for row in rows] == ["pending", "pending"]  # the wrong message, and that it was wrong

    def test_the_page_says_why(
        self, cast: SimpleNamespace, incident: Incident, signed_in: Callable[[Person], Client]
    ) -> None:
        opt_outs.opt_out(reader())
        sent = send(incident, cast.mia)
        mia = signed_in(cast.mia)
        text = text_of(mia.get(f"/updates/{sent.pk}/deliveries/?state=suppressed"))
        assert "Anna@example.com" in text
        assert "Opted out." in text
        assert "1 left out" in text_of(mia.get(f"/updates/{sent.pk}/"))
        assert "1 left out" in text_of(mia.get(f"/incidents/{incident.reference}/"))


class TestHeaders:
    def test_each_copy_has_its_own_link(self, cast: SimpleNamespace, incident: Incident, mail_sink: MailSink) -> None:
        send(incident, cast.mia, "end_users", "service_desk")
        deliver.run(smtp.Smtp())
        (anna,) = mail_sink.to("Anna@example.com")
        (ben,) = mail_sink.to("ben@example.com")
        assert anna["List-Id"] == "<end_users.updates.portal.example>"
        assert anna["List-Unsubscribe"] == f"<https://portal.example{link()}>"
        assert anna["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert ben["List-Unsubscribe"] == f"<https://portal.example{link('ben@example.com')}>"
        assert [part.as_bytes() for part in list(anna.walk())[1:]] == [part.as_bytes() for part in list(ben.walk())[1:]]
        (desmond,) = mail_sink.to(cast.desmond.email)
        assert not [name for name in dict(desmond.items()) if name.startswith("List-")]

    def test_a_mail_opts_out_where_one_is_read(
        self, cast: SimpleNamespace, incident: Incident, mail_sink: MailSink, settings: Settings
    ) -> None:
        settings.OPT_OUT_ADDRESS = "leave@portal.example"
        send(incident, cast.mia)
        deliver.run(smtp.Smtp())
        (anna,) = mail_sink.to("Anna@example.com")
        page, mail = re.findall(r"<([^>]+)>", anna["List-Unsubscribe"])
        assert page == f"https://portal.example{link()}"
        assert anna["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        to, _sep, query = mail.partition("?")
        assert to == "mailto:leave@portal.example"
        sent = {"sender": "someone@example.com", "subject": parse_qs(query)["subject"][0], "Auto_Submitted": "auto"}
        first, again = (reply_kit.taken(reply_kit.mail("", **sent)) for _ in range(2))
        assert (first.kind, first.is_new, first.reply, again.is_new) == (MailKind.OPT_OUT, True, None, False)
        assert OptOut.objects.get().address == "anna@example.com"
        assert AuditEntry.objects.filter(verb="recipient.opted_out", actor=None).count() == 1

    @pytest.mark.parametrize(
        ("imap", "to", "expected"),
        [
            ("", RepliesGo.MAILBOX, ""),
            ("imaps://u:p@mail.example/INBOX", RepliesGo.MAILBOX, "replies@portal.example"),
            ("imaps://u:p@mail.example/INBOX", RepliesGo.MANAGER, ""),
        ],
    )
    def test_without_an_address_of_its_own_it_is_the_mailbox_that_is_read(
        self, cast: SimpleNamespace, settings: Settings, imap: str, to: RepliesGo, expected: str
    ) -> None:
        settings.IMAP_URL = imap
        deciding.decide(person=cast.ada, to=to, address="replies@portal.example")
        assert destinations.opt_out_address() == expected

    def test_an_address_that_no_mail_can_carry_is_left_out(
        self, cast: SimpleNamespace, incident: Incident, settings: Settings
    ) -> None:
        settings.OPT_OUT_ADDRESS = "léave @portal.example"
        send(incident, cast.mia)
        mailbox = Mailbox()
        deliver.run(mailbox)
        assert mailbox.listed["Anna@example.com"].opt_out_mail == ""

    def test_a_forged_mail_is_a_persons_words(self, incident: Incident) -> None:
        token = opt_outs.token(reader().audience.pk, "anna@example.com")
        for subject in (f"unsubscribe {token[:-1]}", "unsubscribe", f"Re: unsubscribe {token}"):
            taken = reply_kit.taken(reply_kit.mail("", subject=subject, message_id=f"<{len(subject)}@x>"))
            assert taken.kind == MailKind.REPLY
        assert not OptOut.objects.exists()

    def test_a_subject_that_would_be_cut_is_not_offered(self) -> None:
        way = opt_outs.way("end_users", opt_outs.token(1, f"{'a' * 240}@example.com"))
        assert way.mail("leave@portal.example") == ""

    def test_one_click_needs_https(self, settings: Settings) -> None:
        head = smtp._list_headers(smtp.Listed(name="a", opt_out="http://portal.example/opt-out/x/"))
        assert "List-Unsubscribe: <http://" in head
        assert "Post" not in head

    def test_notices_and_other_mails_have_none(self, cast: SimpleNamespace, incident: Incident) -> None:
        desk = Audience.objects.get(code="end_users")
        notice = Message.objects.create(subject="s", text="t", thread="x", audience=desk)
        row = Delivery.objects.create(message=notice, address="ben@example.com")
        mailbox = Mailbox()
        deliver.run(mailbox)
        assert "ben@example.com" in mailbox.addresses
        assert mailbox.listed == {}
        assert opt_outs.ways([row.pk]) == {}

    def test_an_address_that_left_the_list_has_no_link(
        self, cast: SimpleNamespace, incident: Incident, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        send(incident, cast.mia)
        audience = Audience.objects.get(code="end_users")
        audience.recipients.filter(address="ben@example.com").update(is_active=False)
        ids = dict(Delivery.objects.values_list("address", "pk"))
        with django_assert_num_queries(1):
            found = opt_outs.ways(list(ids.values()))
        assert set(found) == {ids["Anna@example.com"]}


def test_a_chunk_is_read_first_whatever_the_planner_believes() -> None:
    """Joined the other way round, every reader met every message: a minute for each hundred mails."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {opt_outs._ON_A_LIST}", [[1, 2, 3], sorted(DUTY_AUDIENCES)])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "CTE Scan on copies" in plan
    assert "EXISTS(SubPlan" in plan


class TestSettings:
    """Administrators see who opted out, and take it back where the reader asked for it."""

    PAGE = "/settings/suppressions/opted-out/"

    @pytest.fixture
    def ada(self, cast: SimpleNamespace) -> Client:
        browser = Client()
        browser.force_login(cast.ada, backend="mim_portal.signed_in.Password")
        return browser

    def test_listed_searched_and_paged(
        self, ada: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        monkeypatch.setattr("comms.views.recipients.suppressions.PAGE", 2)
        assert "Nobody has opted out." in text_of(ada.get(self.PAGE))
        users = Audience.objects.get(code="end_users")
        rows = [OptOut.objects.create(audience=users, address=f"{name}@example.org") for name in ("a", "b", "c")]
        with django_assert_num_queries(4):
            first = text_of(ada.get(self.PAGE))
        assert [f"{row.address}</th>" in first for row in rows] == [False, True, True]
        assert f"?before={rows[1].pk}" in first
        rest = text_of(ada.get(f"{self.PAGE}?before={rows[1].pk}"))
        assert [f"{row.address}</th>" in rest for row in rows] == [True, False, False]
        found = text_of(ada.get(f"{self.PAGE}?q=A@Example"))
        assert [f"{row.address}</th>" in found for row in rows] == [True, False, False]
        assert "No address is like that." in text_of(ada.get(f"{self.PAGE}?q=nobody"))
        assert self.PAGE in text_of(ada.get("/settings/suppressions/"))

    def test_lifted_for_a_reason_that_is_kept(self, cast: SimpleNamespace, ada: Client) -> None:
        row = OptOut.objects.create(audience=Audience.objects.get(code="end_users"), address="a@example.org")
        page = f"{self.PAGE}{row.pk}/lift/"
        assert "Opted out of the updates for “End users”" in text_of(ada.get(page))
        empty = ada.post(page, {"reason": "  "})
        assert (empty.status_code, OptOut.objects.count()) == (422, 1)
        assert "Updates go to a@example.org again." in text_of(
            ada.post(page, {"reason": "She asked by phone."}, follow=True)
        )
        assert not OptOut.objects.exists()
        entry = AuditEntry.objects.get(verb="recipient.opt_out_lifted")
        assert (entry.actor, entry.subject, entry.data) == (
            cast.ada,
            "audience end_users",
            {"opt_out": row.pk, "reason": "She asked by phone."},
        )
        assert ada.get(page).status_code == 404

    def test_api(self, cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
        row = OptOut.objects.create(audience=Audience.objects.get(code="end_users"), address="a@example.org")
        ada = api(cast.ada)
        (found,) = ada.get("/api/v1/opt-outs/?q=A@").json()["results"]
        assert (found["id"], found["address"], found["audience"]) == (row.pk, "a@example.org", "end_users")
        lift = f"/api/v1/opt-outs/{row.pk}/lift/"
        assert ada.post(lift, {"reason": ""}, format="json").status_code == 400
        assert ada.post(lift, {"reason": "Asked."}, format="json").json()["id"] == row.pk
        assert ada.post(lift, {"reason": "Asked."}, format="json").status_code == 404
        assert api(cast.mia).get("/api/v1/opt-outs/").status_code == 403
