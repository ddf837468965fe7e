"""Sign-in, sign-out and the reset of a password, as a person meets them."""

import re
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMessage
from django.test import Client

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


def test_a_forgotten_password_is_reset_by_a_link_that_works_once(
    client: Client,
    mia: SimpleNamespace,
    mailoutbox: list[EmailMessage],
) -> None:
    assert "A link that sets a new password" in text(client.get("/account/password/reset/"))
    sent = client.post("/account/password/reset/", {"email": "mia@example.org"}, follow=True)
    assert "Look into your mail" in text(sent)
    link = re.search(r"https?://[^/\s]+(/account/\S+)", str(mailoutbox[0].body))
    assert link is not None
    page = client.get(link[1], follow=True)
    assert "Choose a new password" in text(page)
    address = page.redirect_chain[-1][0]
    new = "another correct horse 7"
    done = client.post(address, {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in text(done)
    assert client.login(username="mia", password=new)
    client.logout()
    assert "This link no longer works" in text(client.get(link[1], follow=True))


def test_an_unknown_address_is_answered_alike(client: Client, mia: SimpleNamespace) -> None:
    sent = client.post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert "Look into your mail" in text(sent)


def test_a_password_that_is_too_short_is_refused_at_the_field(
    client: Client,
    mia: SimpleNamespace,
    mailoutbox: list[EmailMessage],
) -> None:
    client.post("/account/password/reset/", {"email": "mia@example.org"})
    link = re.search(r"https?://[^/\s]+(/account/\S+)", str(mailoutbox[0].body))
    assert link is not None
    address = client.get(link[1], follow=True).redirect_chain[-1][0]
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
