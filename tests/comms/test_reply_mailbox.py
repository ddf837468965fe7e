"""Replies are read over IMAP: a real socket, a scripted server (tests/imap_server.py)."""

import logging
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from pytest_django import Settings

from comms.adapters import imap, incoming
from comms.models import Reply
from comms.services.replies import intake
from comms.tasks import replies as task
from tests.comms import reply_kit
from tests.imap_server import Folder, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Settings) -> Iterator[Folder]:
    made = Folder()
    with serving(made) as address:
        settings.IMAP_URL = address
        yield made


def test_what_is_unread_is_taken_in_once(folder: Folder) -> None:
    for number in (1, 2):
        folder.add(reply_kit.mail(f"Words {number}", message_id=f"<{number}@x>"))
    folder.add(reply_kit.mail("Again", message_id="<1@x>"))
    task.read_replies()
    task.read_replies()
    assert list(Reply.objects.order_by("pk").values_list("text", flat=True)) == ["Words 1", "Words 2"]
    assert set(map(frozenset, folder.flags.values())) == {frozenset({"\\Seen"})}
    assert folder.asked.count("FETCH") == 3
    assert folder.asked[-1] == "LOGOUT"


def test_a_poison_mail_is_flagged_and_stops_nothing(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    poison = folder.add(b"\x00\xff no mail: secret words")
    empty = folder.add(b"")
    good = folder.add(reply_kit.mail("Words"))
    with caplog.at_level(logging.WARNING):
        task.read_replies()
    assert folder.flags == {poison: {"\\Seen", "\\Flagged"}, empty: {"\\Seen", "\\Flagged"}, good: {"\\Seen"}}
    assert Reply.objects.get().text == "Words"
    assert "could not be read: NoMail" in caplog.text
    assert "secret words" not in caplog.text


def test_while_the_database_is_away_mails_stay_unread(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    number = folder.add(reply_kit.mail())

    def away(**_given: object) -> None:
        raise OperationalError("away in this test")

    monkeypatch.setattr(intake, "take", away)
    task.read_replies()
    assert folder.flags[number] == set()


def test_a_line_that_breaks_leaves_the_rest_for_the_next_run(folder: Folder) -> None:
    for number in (1, 2):
        folder.add(reply_kit.mail(message_id=f"<{number}@x>"))
    folder.breaks_at = 2
    task.read_replies()
    assert (Reply.objects.count(), folder.flags[2]) == (1, set())
    folder.breaks_at = 0
    task.read_replies()
    assert Reply.objects.count() == 2


def test_a_run_ends_in_time(folder: Folder, settings: Settings) -> None:
    for number in (1, 2, 3):
        folder.add(reply_kit.mail(message_id=f"<{number}@x>"))
    ticks = iter([0.0, 0.0, 5.0, 25.0])
    assert task.run(imap.Imap(settings.IMAP_URL), clock=lambda: next(ticks)) == 2
    assert folder.flags[3] == set()


def test_a_large_mail_is_fetched_in_part(folder: Folder, settings: Settings) -> None:
    folder.add(reply_kit.mail("Words first.\n" + "x" * 70 + "\n" * 3 * incoming.BYTES_LIMIT))
    box = imap.Imap(settings.IMAP_URL)
    assert len(box.fetch("1")) == incoming.BYTES_LIMIT
    box.close()


@pytest.mark.parametrize(
    ("was", "becomes"), [("se%2Fcret", "wrong"), ("/INBOX", "/Elsewhere"), ("imap://", "pop://"), (":", "::")]
)
def test_a_mailbox_that_cannot_be_had_is_said_and_harms_nothing(
    folder: Folder, settings: Settings, caplog: pytest.LogCaptureFixture, was: str, becomes: str
) -> None:
    folder.add(reply_kit.mail())
    settings.IMAP_URL = settings.IMAP_URL.replace(was, becomes) if was != ":" else "imap://user:se@127.0.0.1:1/INBOX"
    task.read_replies()
    assert "mailbox of replies" in caplog.text
    assert "se%2Fcret" not in caplog.text
    assert not Reply.objects.exists()


def test_without_a_mailbox_nothing_is_asked(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.IMAP_URL = ""
    task.read_replies()
    assert caplog.text == ""
