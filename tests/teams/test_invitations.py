"""Being asked in: one mail, one link that works once, and nobody signs in before."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from comms.adapters import smtp
from comms.models import Delivery, Message
from comms.tasks import deliver
from mim_portal.embedded.ports import free_port
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Invitation, Person
from teams.services import invitations, people
from tests import factories
from tests.factories import NOON
from tests.plugins.mail import MailSink

Browser = Callable[[Person], Client]
SECRET = "a calm and long phrase 42"
LATER = NOON + timedelta(hours=1)


def invite(cast: SimpleNamespace, **fields: object) -> Invitation:
    given = {
        "email": "niamh@example.org",
        "first_name": "Niamh",
        "last_name": "Byrne",
        "roles": ("responder",),
    } | fields
    return people.invite(by=cast.ada, now=NOON, **given)  # type: ignore[arg-type]


def deactivate(invitation: Invitation, by: Person) -> None:
    people.change(person_id=invitation.person_id, by=by, changes={"is_active": False}, now=NOON)


def test_an_invited_person_is_in_the_list_and_cannot_sign_in(cast: SimpleNamespace, client: Client) -> None:
    team = factories.team(slug="database")
    found = invite(cast, teams={"database": True}, email=" NIAMH@Example.org ").person
    assert (found.username, found.email, found.roles, found.is_active) == (
        "niamh", "niamh@example.org", ["responder"], True,
    )  # fmt: skip
    assert team.memberships.get().is_lead
    assert not found.has_usable_password()
    client.post("/account/login/", {"login": "niamh", "password": ""})
    client.post("/account/login/", {"login": "niamh", "password": found.password})
    assert "_auth_user_id" not in client.session


def test_the_mail_waits_in_the_outbox_with_a_link_that_names_nobody(cast: SimpleNamespace) -> None:
    invite(cast)
    delivery = Delivery.objects.get()
    message = Message.objects.get()
    assert (delivery.address, delivery.state) == ("niamh@example.org", "pending")
    assert "Ada Example invites you" in message.subject
    assert "http://127.0.0.1" in message.text
    assert "niamh@" not in re.search(r"https?://\S+", message.text)[0]  # type: ignore[index]
    assert "Your user name is niamh" in message.text
    assert "Mon 30 Nov 2026, 12:00 (UTC+0)" in message.text


def test_the_mail_leaves_when_the_server_is_back(
    cast: SimpleNamespace, mail_sink: MailSink, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    invite(cast)
    deliver.run(smtp.Smtp(), seconds=2)
    assert Delivery.objects.get().state == "failed"
    settings.EMAIL_PORT = port
    Delivery.objects.update(due_at=NOON - timedelta(days=1))
    deliver.run(smtp.Smtp(), seconds=2)
    assert mail_sink.wait_for(1)[0]["To"] == "niamh@example.org"
    assert Delivery.objects.get().state == "sent"


def test_the_link_sets_the_password_once(cast: SimpleNamespace, client: Client) -> None:
    token = invitations.token(invite(cast))
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        page = client.get(f"/invitation/{token}/")
        assert "Welcome, Niamh Byrne" in page.content.decode()
        assert page["Cache-Control"].startswith("max-age=0")
        assert Invitation.objects.get().accepted_at is None  # a mail scanner has opened it
        done = client.post(f"/invitation/{token}/", {"password": SECRET, "again": SECRET})
        assert done["Location"] == "/account/login/"
        again = client.post(f"/invitation/{token}/", {"password": "x" + SECRET, "again": "x" + SECRET})
        assert again.status_code == 410
        assert "used before" in again.content.decode()
    assert client.login(username="niamh@example.org", password=SECRET) or client.login(
        username="niamh", password=SECRET
    )
    assert AuditEntry.objects.filter(verb="invitation.accepted").get().actor == Person.objects.get(username="niamh")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": SECRET, "again": "other"}, "not the same"),
        ({"password": "", "again": ""}, "required"),
        ({"password": "niamh@example.org", "again": "niamh@example.org"}, "No password was set"),
    ],
)
def test_a_password_that_cannot_be_is_said(
    cast: SimpleNamespace, client: Client, given: dict[str, str], words: str
) -> None:
    token = invitations.token(invite(cast))
    with time_machine.travel(NOON, tick=False):
        page = client.post(f"/invitation/{token}/", given)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Person.objects.get(username="niamh").has_usable_password()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one, ada: invitations.withdraw(person_id=one.person_id, by=ada, now=NOON), "withdrawn"),
        (lambda one, ada: deactivate(one, ada), "does not work"),
        (lambda one, ada: Invitation.objects.update(expires_at=NOON + timedelta(seconds=1)), "too old"),
        (lambda one, ada: invitations.send(person_id=one.person_id, by=ada, now=LATER), "newer link"),
        (lambda one, ada: Person.objects.filter(pk=one.person_id).delete(), "does not work"),
    ],
    ids=["withdrawn", "deactivated", "expired", "replaced", "deleted"],
)  # fmt: skip
def test_a_link_that_lost_its_worth_says_what_to_do(
    cast: SimpleNamespace, client: Client, change: Callable[..., object], words: str
) -> None:
    invitation = invite(cast)
    token = invitations.token(invitation)
    change(invitation, cast.ada)
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        for answer in (client.get(f"/invitation/{token}/"), client.post(f"/invitation/{token}/", {"password": SECRET})):
            assert answer.status_code == 410
            assert words in answer.content.decode()


@pytest.mark.parametrize("token", ["x", "a:b:c", "WzEsMl0:1abc:xyz", "%F0%9F%94%A5"])
def test_a_link_that_was_never_ours_tells_nothing(db: None, client: Client, token: str) -> None:
    assert client.get(f"/invitation/{token}/").status_code == 410


def test_sent_again_it_renews_and_the_older_mail_stays_behind(cast: SimpleNamespace) -> None:
    first = invite(cast)
    again = invitations.send(person_id=first.person_id, by=cast.ada, now=NOON + timedelta(days=9))
    assert again.pk == first.pk
    assert again.expires_at == NOON + timedelta(days=16)
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["suppressed", "pending"]
    assert AuditEntry.objects.filter(verb="person.invited_again").count() == 1


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        ({}, "a moment ago"),
        ({"email": ""}, "an e-mail address first"),
        ({"is_active": False}, "Reactivate"),
    ],
)
def test_who_cannot_be_invited_is_said(cast: SimpleNamespace, prepare: dict[str, object], words: str) -> None:
    found = invite(cast).person
    Person.objects.filter(pk=found.pk).update(**prepare)
    with pytest.raises(Refusal, match=words):
        invitations.send(person_id=found.pk, by=cast.ada, now=NOON + timedelta(seconds=5))


def test_whoever_has_a_password_needs_no_invitation(cast: SimpleNamespace) -> None:
    with pytest.raises(Refusal, match="has a password"):
        invitations.send(person_id=cast.mia.pk, by=cast.ada, now=NOON)


@pytest.mark.parametrize("address", ["mia@example.org", "MIA@Example.ORG", " mia＠example.org"])
def test_one_person_an_address(cast: SimpleNamespace, address: str) -> None:
    with pytest.raises(Invalid, match="Mia Example") as caught:
        invite(cast, email=address)
    assert caught.value.field == "email"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"roles": ("emperor",)}, "roles"),
        ({"teams": {"nowhere": False}}, "teams"),
        ({"username": "MIA"}, "username"),
        ({"username": "mia"}, "username"),
        ({"username": "a\x00b"}, "username"),
        ({"time_zone": "IST"}, "time_zone"),
        ({"first_name": "x" * 151}, "first_name"),
        ({"shoe_size": "45"}, "shoe_size"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast: SimpleNamespace, fields: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        invite(cast, **fields)
    assert caught.value.field == field


def test_a_name_that_is_taken_is_numbered(cast: SimpleNamespace) -> None:
    assert invite(cast, email="mia@other.example").person.username == "mia2"


# The pages


def test_an_administrator_invites_and_sees_what_became_of_it(
    cast: SimpleNamespace, signed_in: Browser, mail_sink: MailSink
) -> None:
    ada = signed_in(cast.ada)
    given = {"email": "niamh@example.org", "first_name": "Niamh", "roles": ["responder"], "time_zone": "Europe/Dublin"}
    done = ada.post("/settings/invitations/new/", given | {"locale": "en-gb"})
    assert done["Location"] == "/settings/people/niamh/"
    assert "on its way" in ada.get("/settings/invitations/").content.decode()
    mail_sink.refuse("niamh@example.org")
    deliver.run(smtp.Smtp(), seconds=2)
    page = ada.get("/settings/invitations/").content.decode()
    assert "refused" in page
    assert "No such user" in page
    ada.post("/settings/people/niamh/invitation/", {"deed": "withdraw", "back": "invitations"})
    assert "No invitation waits" in ada.get("/settings/invitations/").content.decode()
    assert "withdrawn" in ada.get("/settings/invitations/?show=all").content.decode()


def test_what_was_typed_stays_when_it_cannot_be_sent(cast: SimpleNamespace, signed_in: Browser) -> None:
    given = {"email": "mia@example.org", "first_name": "<b>Niamh", "time_zone": "UTC", "locale": "en-gb"}
    page = signed_in(cast.ada).post("/settings/invitations/new/", given)
    assert page.status_code == 422
    assert "&lt;b&gt;Niamh" in page.content.decode()
    assert "One address belongs to one person" in page.content.decode()
    assert not Invitation.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(
    cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Callable[..., Any]
) -> None:
    ada = signed_in(cast.ada)
    for number in range(3):
        invite(cast, email=f"p{number}@example.org")
    with django_assert_num_queries(6):  # session, person, invitations, newest messages, deliveries, clock
        ada.get("/settings/invitations/")
    for number in range(60):
        invite(cast, email=f"q{number}@example.org")
    with django_assert_num_queries(6):
        page = ada.get("/settings/invitations/")
    assert "before=" in page.content.decode()
    older = re.search(r'href="\?(before=\d+)"', page.content.decode())
    assert older is not None
    assert "p0@example.org" in ada.get(f"/settings/invitations/?{older[1]}").content.decode()


@pytest.mark.parametrize("username", ["mia", "petra", "audra", "olaf"])
def test_nobody_else_invites(username: str, cast: SimpleNamespace, signed_in: Browser) -> None:
    browser = signed_in(getattr(cast, username))
    for address in ("/settings/invitations/", "/settings/invitations/new/", "/settings/people/"):
        assert browser.get(address).status_code == 403
    assert browser.post("/settings/invitations/new/", {"email": "x@example.org"}).status_code == 403


def test_an_invitation_names_nobody_in_the_audit_log(cast: SimpleNamespace) -> None:
    person = invite(cast).person
    invitations.withdraw(person_id=person.pk, by=cast.ada, now=NOON)
    for entry in AuditEntry.objects.filter(subject=f"person {person.pk}"):
        assert "niamh" not in f"{entry.subject}{entry.data}".lower()
    assert AuditEntry.objects.filter(subject=f"person {person.pk}").count() == 2
    assert Role.RESPONDER in person.roles
