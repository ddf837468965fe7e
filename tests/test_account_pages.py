"""Sign-in, sign-out and the reset of a password, as a person meets them."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client

from comms.models import Delivery, Message
from mim_portal.models import AuditEntry
from teams.models import Person
from teams.services import people
from tests.factories import NOON

PASSWORD = "correct horse battery staple"


@pytest.fixture
def mia(cast: SimpleNamespace) -> SimpleNamespace:
    cast.mia.set_password(PASSWORD)
    cast.mia.email = "mia@example.org"
    cast.mia.save()
    return cast.mia  # type: ignore[no-any-return]


def text(answer: object) -> str:
    body = getattr(answer, "content").decode()  # noqa: B009
    return " ".join(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", body, flags=re.DOTALL).split())


def test_a_stranger_is_led_to_the_sign_in_and_back(client: Client, mia: SimpleNamespace) -> None:
    page = client.get("/account/login/?next=/raise/")
    assert page.status_code == 200
    assert "<h1>Sign in</h1>" in page.content.decode()
    assert '<input type="hidden" name="next" value="/raise/">' in page.content.decode()
    answer = client.post("/account/login/", {"login": "mia", "password": PASSWORD, "next": "/raise/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/raise/"


def test_a_wrong_password_says_so_and_names_nobody(client: Client, mia: SimpleNamespace) -> None:
    for name in ("mia", "nobody"):
        page = client.post("/account/login/", {"login": name, "password": "wrong"})
        assert page.status_code == 200
        assert "You are not signed in." in text(page)
        assert "correct" in text(page)


def test_the_form_tells_password_managers_what_it_asks(client: Client) -> None:
    body = client.get("/account/login/").content.decode()
    assert 'autocomplete="username"' in body
    assert 'autocomplete="current-password"' in body
    assert '<label class="field-label" for="id_login">' in body
    assert "data-keep-drafts" in body


def test_nobody_can_sign_up(client: Client) -> None:
    assert "Sign up" not in text(client.get("/account/login/"))


def test_signing_out_is_a_post_with_one_button(client: Client, mia: SimpleNamespace) -> None:
    client.login(username="mia", password=PASSWORD)
    page = client.get("/account/logout/")
    assert "Incidents that you manage stay yours" in text(page)
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def mailed_link() -> str:
    """The address in the newest mail of the outbox."""
    found = re.search(r"https?://[^/\s]+(/account/\S+)", Message.objects.latest("pk").text)
    assert found is not None
    return found[1]


def test_a_forgotten_password_is_reset_by_a_link_that_works_once(
    client: Client,
    mia: SimpleNamespace,
) -> None:
    assert "A link that sets a new password" in text(client.get("/account/password/reset/"))
    sent = client.post("/account/password/reset/", {"email": "mia@example.org"}, follow=True)
    assert "Look into your mail" in text(sent)
    link = mailed_link()
    page = client.get(link, follow=True)
    assert "Choose a new password" in text(page)
    address = page.redirect_chain[-1][0]
    new = "another correct horse 7"
    done = client.post(address, {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in text(done)
    assert "password for MIM Portal was changed" in Message.objects.latest("pk").subject
    assert AuditEntry.objects.get().verb == "person.password_changed"
    assert client.login(username="mia", password=new)
    client.logout()
    assert "This link no longer works" in text(client.get(link, follow=True))


@pytest.mark.parametrize("case", ["unknown", "deactivated", "invited", "known"])
def test_every_address_is_answered_alike(
    client: Client, mia: SimpleNamespace, cast: SimpleNamespace, case: str
) -> None:
    Person.objects.filter(pk=cast.omar.pk).update(is_active=False)
    people.invite(by=cast.ada, email="niamh@example.org", now=NOON)
    Message.objects.all().delete()
    Delivery.objects.all().delete()
    address = {"unknown": "nobody", "deactivated": "omar", "invited": "niamh", "known": "mia"}[case] + "@example.org"
    sent = client.post("/account/password/reset/", {"email": address.upper()}, follow=True)
    assert "Look into your mail" in text(sent)
    assert [one.address for one in Delivery.objects.all()] == (["mia@example.org"] if case == "known" else [])


def test_the_mail_of_a_reset_speaks_as_the_portal_does(client: Client, mia: SimpleNamespace) -> None:
    client.post("/account/password/reset/", {"email": "mia@example.org"})
    message = Message.objects.get()
    for body in (message.text, message.html):
        assert "Mia Example, somebody asked for a new password" in body
        assert "http://testserver/account/password/reset/key/" in body
        assert "If it was not you, do nothing" in body
    assert message.subject == "A new password for MIM Portal"
    assert Delivery.objects.get().position == 1  # before the copies of updates


@pytest.mark.parametrize(
    "link", ["/account/password/reset/key/1-set-password/", "/account/password/reset/key/zz-abc-def/"]
)
def test_a_link_that_never_worked_says_so(client: Client, db: None, link: str) -> None:
    assert "This link no longer works" in text(client.get(link, follow=True))


def test_a_link_is_good_for_three_days(client: Client, mia: SimpleNamespace) -> None:
    with time_machine.travel(NOON, tick=False):
        client.post("/account/password/reset/", {"email": "mia@example.org"})
    with time_machine.travel(NOON + timedelta(days=3, minutes=-1), tick=False):
        assert "Choose a new password" in text(client.get(mailed_link(), follow=True))
    with time_machine.travel(NOON + timedelta(days=3, minutes=1), tick=False):
        assert "This link no longer works" in text(client.get(mailed_link(), follow=True))


def test_asking_again_and_again_is_slowed_down_for_everybody_alike(client: Client, mia: SimpleNamespace) -> None:
    for address in ("mia@example.org", "nobody@example.org"):
        codes = [client.post("/account/password/reset/", {"email": address}).status_code for _ in range(4)]
        assert codes == [302, 302, 302, 429], address
    page = client.post("/account/password/reset/", {"email": "mia@example.org"})
    assert "Too many tries" in text(page)
    assert Delivery.objects.count() == 3


def test_a_password_is_changed_by_who_is_signed_in(client: Client, mia: SimpleNamespace) -> None:
    other = Client()
    for browser in (client, other):
        assert browser.login(username="mia", password=PASSWORD)
    page = client.get("/account/password/change/")
    assert "other devices are signed out" in text(page)
    new = {"password1": "another correct horse 7", "password2": "another correct horse 7"}
    wrong = client.post("/account/password/change/", {"oldpassword": "x", **new})
    assert "Your password has not changed." in text(wrong)
    done = client.post("/account/password/change/", {"oldpassword": PASSWORD, **new})
    assert done["Location"] == "/settings/me/"
    assert "My account" in text(client.get("/settings/me/"))
    assert other.get("/settings/me/").status_code == 302
    assert Delivery.objects.get().address == "mia@example.org"


def test_a_password_that_is_too_short_is_refused_at_the_field(
    client: Client,
    mia: SimpleNamespace,
) -> None:
    client.post("/account/password/reset/", {"email": "mia@example.org"})
    link = mailed_link()
    address = client.get(link, follow=True).redirect_chain[-1][0]
    page = client.post(address, {"password1": "short", "password2": "short"})
    assert "Your password has not changed." in text(page)
    assert 'id="id_password1-error"' in page.content.decode() or 'id="id_password2-error"' in page.content.decode()


@pytest.mark.parametrize("address", ["/nowhere/", "/incidents/MI-1999-0001/x/"])
def test_an_address_that_leads_nowhere_says_what_to_do(client: Client, db: None, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 404
    assert "There is nothing at this address" in text(page)
    assert "404 ·" in text(page)


def test_a_form_without_its_token_says_that_nothing_was_changed(db: None) -> None:
    page = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "mia"})
    assert page.status_code == 403
    assert "nothing was changed" in text(page)
