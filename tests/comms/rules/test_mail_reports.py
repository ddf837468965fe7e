"""Reading what servers report of our mail."""

import pytest

from comms.rules import mail_reports
from comms.rules.mail_reports import Failure, Report
from tests.comms import report_mails

TO, ID = "anna@example.com", "<d7.0123456789abcdef@portal.example>"


def read(shape: str) -> Report:
    return mail_reports.read(report_mails.mail(shape, to=TO, copy=ID))


@pytest.mark.parametrize(
    ("shape", "status", "is_for_good", "begins"),
    [
        ("POSTFIX", "5.1.1", True, "550 5.1.1 <anna@example.com>: Recipient address rejected: User unknown"),
        ("POSTFIX_NO_DOMAIN", "5.4.4", True, "5.4.4 Host or domain name not found."),
        ("POSTFIX_EXPIRED", "4.4.1", False, "451 4.4.1 connect to mail.example.com"),
        ("EXIM", "5.2.1", True, "550 5.2.1 The email account that you tried to reach is disabled."),
        ("EXIM_OLD", "5.1.1", True, "5.1.1"),
        ("EXCHANGE", "5.1.10", True, "550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
        ("GMAIL", "5.2.2", False, "552-5.2.2 The recipient's inbox is out of storage space"),
    ],
)
def test_what_failed_and_whether_for_good(shape: str, status: str, is_for_good: bool, begins: str) -> None:
    found = read(getattr(report_mails, shape))
    (failure,) = found.failures
    assert (failure.address, failure.status, failure.is_for_good) == (TO, status, is_for_good)
    assert failure.detail.startswith(begins)
    assert found.message_ids[0] == ID
    assert (found.is_report, found.is_complaint) == (True, False)


@pytest.mark.parametrize(
    ("status", "is_for_good"),
    [
        *[(text, True) for text in ("5.0.0", "5.1.1", "5.1.10", "5.2.0", "5.2.1", "5.4.1")],
        *[(text, False) for text in ("4.2.2", "4.7.1", "5.2.2", "5.2.3", "5.3.4", "5.5.0", "5.6.1", "5.7.1")],
    ],
)
def test_only_a_wrong_address_is_for_good(status: str, is_for_good: bool) -> None:
    """A full mailbox, a message too large, or a server that is listed as unwanted for a day, is not."""
    assert Failure(address=TO, original="", status=status, detail="").is_for_good is is_for_good


def test_a_delay_is_a_report_of_nothing_lost() -> None:
    found = read(report_mails.POSTFIX_DELAYED)
    assert (found.failures, found.is_report) == ((), True)


def test_a_complaint() -> None:
    found = read(report_mails.COMPLAINT)
    assert (found.is_complaint, found.is_report, found.message_ids) == (True, True, (ID,))
    praise = read(report_mails.COMPLAINT.replace("Feedback-Type: abuse", "Feedback-Type: not-spam"))
    assert (praise.is_complaint, praise.is_report) == (False, False)


def test_the_general_status_gives_way_to_the_servers_words() -> None:
    found = read(report_mails.EXIM.replace("550 5.2.1 The email", "550 The email"))
    assert [(one.status, one.detail[:8]) for one in found.failures] == [("5.0.0", "550 The ")]
    found = read(report_mails.EXIM.replace("Status: 5.0.0\n", ""))
    assert [one.status for one in found.failures] == ["5.2.1"]


def test_without_the_originals_headers_what_it_answers_counts() -> None:
    shape = report_mails.EXCHANGE.partition("--a1b2c3d4-0000-4a4a-9f9f-112233445566\nContent-Type: message/rfc822")[0]
    assert read(shape).message_ids == (ID,)


def test_who_was_meant_and_who_failed() -> None:
    (failure,) = read(report_mails.MEMBER).failures
    assert (failure.address, failure.original) == ("member@elsewhere.example", "member@elsewhere.example")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        report_mails.mail(report_mails.ORDINARY, to=TO, copy=ID),
        b"Content-Type: message/delivery-status\n\n",
        b"Content-Type: message/feedback-report\n\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n--x--\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: text/plain; charset=k\n\n\xe9\n--x--\n",
    ],
)
def test_what_is_none_fails_nobody(raw: bytes) -> None:
    found = mail_reports.read(raw)
    assert (found.failures, found.is_complaint) == ((), False)


def test_a_mail_that_is_nested_to_break_the_reader() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    assert mail_reports.read(deep.encode()) == Report()


@pytest.mark.parametrize("charset", ["idna", "punycode", "no-such-thing"])
def test_words_in_a_character_set_that_cannot_be_read_are_none(charset: str) -> None:
    head = f'From: a@x\r\nContent-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    assert not mail_reports.read(head.encode() + b"abc\xff\xfe xn--zz").is_report
