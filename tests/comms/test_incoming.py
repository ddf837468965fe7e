"""Mails taken apart: what a reader's program, a broken one and a hostile one send."""

from email.message import EmailMessage

import pytest

from comms.adapters import incoming
from tests.comms import reply_kit


def test_the_values_of_a_mail() -> None:
    mail = incoming.parse(reply_kit.mail(In_Reply_To="<d1@x>", References="<root@x> <d1@x>", Precedence="bulk"))
    assert (mail.message_id, mail.sender, mail.sender_name) == ("<1@mail.example>", "anna@example.com", "Anna Byrne")
    assert (mail.subject, mail.text.strip()) == ("Re: your message", "Still broken in Cork.")
    assert mail.answers == ("<d1@x>", "<root@x>")
    assert mail.headers["precedence"] == "bulk"
    assert (mail.files, mail.is_report, mail.report.is_report) == ((), False, False)


def test_files_are_named_and_not_taken() -> None:
    made = EmailMessage()
    made["From"] = "Anna@Example.com"
    made.set_content("See the picture.")
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="shot\u202egnp.exe")
    made.add_attachment("not the text", filename="notes.txt")
    mail = incoming.parse(made.as_bytes())
    assert mail.sender == "anna@example.com"
    assert mail.files == ("shot gnp.exe", "notes.txt")
    assert mail.text.strip() == "See the picture."


def test_html_alone_becomes_its_words() -> None:
    made = EmailMessage()
    made["From"] = "anna@example.com"
    made.set_content(
        "<html><head><title>T</title><style>p{}</style></head><body><p>Still <b>broken</b> &lt;here&gt;</p>"
        "<script>alert(1)</script><div>Line two<br>three</div><blockquote>We work on it</blockquote></body></html>",
        subtype="html",
    )
    lines = [line.strip() for line in incoming.parse(made.as_bytes()).text.split("\n") if line.strip()]
    assert lines == ["Still broken <here>", "Line two", "three"]


def test_without_a_message_id_the_same_bytes_are_the_same_mail() -> None:
    one, other = reply_kit.mail("One", message_id=""), reply_kit.mail("Other", message_id="")
    assert incoming.parse(one).message_id == incoming.parse(one).message_id
    assert incoming.parse(one).message_id.startswith("sha256:")
    assert incoming.parse(one).message_id != incoming.parse(other).message_id


@pytest.mark.parametrize("raw", [b"", b"\x00" * 100, b"just text", b"From: nobody\r\n\r\nx", b"\xff\xfe\xfa"])
def test_no_mail(raw: bytes) -> None:
    with pytest.raises(incoming.NoMail):
        incoming.parse(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@x.example\r\nMessage-ID: <<<>\r\nSubject: =?utf-9?b?!!!?=\r\n\r\nbody",
        b"From: a@x.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nbody \xff",
        b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nbody",
        b"From: a@x.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!! body",
        b'From: "\\" <a@x.example>\r\nDate: never\r\nTo: ;;;,@\r\nReferences: ' + b"<" * 5000 + b"\r\n\r\nbody",
        b"From: a@x.example\r\n" + b"Received: x\r\n" * 5000 + b"\r\nbody",
    ],
)
def test_broken_mails_are_read_all_the_same(raw: bytes) -> None:
    assert incoming.parse(raw).sender == "a@x.example"


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "punycode", "idna", "base64", "x" * 200])
def test_no_character_set_makes_what_cannot_be_kept(charset: str) -> None:
    raw = f"From: a\0b@x.example\r\nMessage-ID: <1\0@x>\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    mail = incoming.parse(raw.encode() + b"\\ud800 +2AA- \x00 \xff")
    for text in (mail.sender, mail.message_id, mail.text, *mail.headers.values()):
        assert "\0" not in text
        assert text.encode("utf-8").decode("utf-8") == text


def test_what_is_too_long_is_read_in_part() -> None:
    made = EmailMessage()
    made["From"] = "anna@example.com"
    made.set_content("The words come first.")
    made.add_attachment(
        b"x" * 3 * incoming.BYTES_LIMIT, maintype="application", subtype="octet-stream", filename="x.bin"
    )
    mail = incoming.parse(made.as_bytes())
    assert (mail.text.strip(), mail.files) == ("The words come first.", ("x.bin",))


def test_many_parts_are_not_all_walked() -> None:
    made = EmailMessage()
    made["From"] = "anna@example.com"
    made.set_content("Words.")
    for number in range(300):
        made.add_attachment(b"x", maintype="application", subtype="x", filename=f"{number}.bin")
    assert len(incoming.parse(made.as_bytes()).files) == 20


class TestReports:
    @pytest.mark.parametrize(("status", "is_for_good"), [("5.1.1", True), ("4.2.2", False)])
    def test_a_report_names_our_message(self, status: str, is_for_good: bool) -> None:
        mail = incoming.parse(reply_kit.bounce("<d1.x@portal.example>", status=status))
        [failure] = mail.report.failures
        assert "<d1.x@portal.example>" in mail.report.message_ids
        assert (failure.is_for_good, failure.detail) == (is_for_good, "550 5.1.1 unknown")

    @pytest.mark.parametrize("raw", [reply_kit.bounce("<d1@x>", action="delayed"), reply_kit.bounce("none")])
    def test_a_report_of_a_delay_or_of_nothing_we_know_names_no_message_that_failed(self, raw: bytes) -> None:
        mail = incoming.parse(raw)
        assert mail.is_report
        assert not (mail.report.failures and mail.report.message_ids)
