"""The mail catcher keeps whole messages, one file each, and only the newest."""

import asyncio
import smtplib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from mim_portal.embedded import mailsink
from mim_portal.embedded.mailsink import Keeper


def _send(port: int, count: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        for number in range(count):
            message = EmailMessage()
            message["Subject"] = f"Update {number}"
            message["From"] = "incidents@example.org"
            message["To"] = "eve@example.org"
            message.set_content("Sign-in is slow for some users.\n.\nNext update at 14:30 (UTC+0).\n")
            client.send_message(message, to_addrs=["eve@example.org", "omar@example.org"])


async def _deliver(folder: Path, count: int) -> str:
    server, address = await mailsink.start(folder, port=0)
    try:
        await asyncio.to_thread(_send, server.sockets[0].getsockname()[1], count)
    finally:
        server.close()
    return address


def test_each_message_becomes_one_file_in_order(tmp_path: Path) -> None:
    address = asyncio.run(_deliver(tmp_path, 3))
    assert address.startswith("smtp://127.0.0.1:")
    files = sorted(tmp_path.iterdir())
    assert [path.suffix for path in files] == [".eml"] * 3
    messages = [message_from_bytes(path.read_bytes(), policy=default) for path in files]
    assert [message["Subject"] for message in messages] == ["Update 0", "Update 1", "Update 2"]
    assert messages[0]["X-Envelope-To"] == "eve@example.org, omar@example.org"
    assert messages[0]["Return-Path"] == "<incidents@example.org>"
    assert messages[0].get_content().splitlines()[1] == "."


def test_the_oldest_go_beyond_the_limit(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, kept=3, prune_every=5)
    kept = [keeper.keep(sender="a@example.org", recipients=["b@example.org"], content=b"x") for _ in range(5)]
    assert sorted(tmp_path.glob("*.eml")) == kept[2:]


def test_a_message_that_cannot_be_stored_is_not_accepted(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()

    async def deliver() -> None:
        server, _ = await mailsink.start(tmp_path / "gone", port=0)
        (tmp_path / "gone").rmdir()
        try:
            await asyncio.to_thread(_send, server.sockets[0].getsockname()[1], 1)
        finally:
            server.close()

    with pytest.raises(smtplib.SMTPDataError, match="could not be stored"):
        asyncio.run(deliver())
