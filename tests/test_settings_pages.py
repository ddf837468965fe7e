"""What an administrator looks after: health by component, and the mail that was caught."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import Settings

from teams.models import Person

Browser = Callable[[Person], Client]
MAIL = (
    b"Return-Path: <a@example.org>\r\nFrom: Portal <portal@example.org>\r\nTo: all-stores@example.org\r\n"
    b"Subject: =?utf-8?q?=5BP1=5D_Payroll=3A_stopp=C3=A9d?=\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nUse the <b>paper</b> form.\r\n"
)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MAIL_DIR = tmp_path
    return tmp_path


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.ada)


def test_every_component_is_named(ada: Client, folder: Path) -> None:
    text = ada.get("/settings/").content.decode()
    for component in ("database", "redis", "clock", "worker", "languagetool"):
        assert component in text


def test_caught_mail_is_listed_newest_first(ada: Client, folder: Path) -> None:
    (folder / "20261123T120000-1-000001.eml").write_bytes(MAIL)
    (folder / "20261123T120001-1-000002.eml").write_bytes(MAIL.replace(b"all-stores", b"executives"))
    text = ada.get("/settings/mail/").content.decode()
    assert "[P1] Payroll: stoppéd" in text
    assert text.index("executives@example.org") < text.index("all-stores@example.org")


def test_one_mail_is_read_as_text(ada: Client, folder: Path) -> None:
    (folder / "20261123T120000-1-000001.eml").write_bytes(MAIL)
    text = ada.get("/settings/mail/20261123T120000-1-000001.eml").content.decode()
    assert "Use the &lt;b&gt;paper&lt;/b&gt; form." in text
    assert "Return-Path" in text


def test_without_mail_it_says_what_will_stand_here(ada: Client, folder: Path) -> None:
    assert "Nothing was sent yet." in ada.get("/settings/mail/").content.decode()


@pytest.mark.parametrize("name", ["missing.eml", "..%2Fsecret_key", "secret_key", "x.eml.txt", ".eml"])
def test_nothing_else_in_the_folder_is_shown(ada: Client, folder: Path, name: str) -> None:
    (folder / "secret_key").write_text("secret")
    (folder / "x.eml.txt").write_text("secret")
    assert ada.get(f"/settings/mail/{name}").status_code == 404


@pytest.mark.parametrize("username", ["mia", "petra", "audra", "eve", "olaf"])
def test_only_administrators_read_it(username: str, folder: Path, cast: SimpleNamespace, signed_in: Browser) -> None:
    browser = signed_in(getattr(cast, username))
    for address in ("/settings/", "/settings/mail/", "/settings/mail/x.eml"):
        assert browser.get(address).status_code == 403
