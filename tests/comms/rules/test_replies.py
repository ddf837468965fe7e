"""What a mail that came in is: a reply or a machine's, which message it answers, what is new in it, who floods."""

import time

import pytest

from comms.choices import MailKind
from comms.rules import replies
from comms.rules.mail_reports import Failure, Report
from comms.rules.replies import Incoming

FAILURE = Failure(address="anna@example.com", original="", status="5.1.1", detail="550 5.1.1 unknown")


def mail(**fields: object) -> Incoming:
    return Incoming(**{"message_id": "<1@x.example>", "sender": "anna@example.com"} | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, MailKind.REPLY),
        ({"headers": {"auto-submitted": "no"}}, MailKind.REPLY),
        ({"headers": {"precedence": "normal"}}, MailKind.REPLY),
        ({"subject": "Re: [P1] Automatic doors do not open"}, MailKind.REPLY),
        ({"headers": {"x-auto-response-suppress": "All"}}, MailKind.REPLY),
        ({"headers": {"auto-submitted": "auto-replied"}}, MailKind.AUTOMATIC),
        ({"headers": {"auto-submitted": "auto-generated; type=x"}}, MailKind.AUTOMATIC),
        ({"headers": {"precedence": "Bulk"}}, MailKind.AUTOMATIC),
        ({"headers": {"x-autoreply": "yes"}}, MailKind.AUTOMATIC),
        ({"headers": {"list-id": "<all.example.com>"}}, MailKind.AUTOMATIC),
        ({"headers": {"return-path": "<>"}}, MailKind.AUTOMATIC),
        ({"sender": "MAILER-DAEMON@example.com"}, MailKind.AUTOMATIC),
        ({"sender": "no-reply@example.com"}, MailKind.AUTOMATIC),
        ({"sender": ""}, MailKind.AUTOMATIC),
        ({"subject": "Automatic reply: [P1] Payroll"}, MailKind.AUTOMATIC),
        ({"subject": "Out of Office: back on Monday"}, MailKind.AUTOMATIC),
        ({"subject": "Abwesenheitsnotiz"}, MailKind.AUTOMATIC),
        ({"is_report": True}, MailKind.AUTOMATIC),
        ({"report": Report(failures=(FAILURE,))}, MailKind.BOUNCE),
        ({"report": Report(is_complaint=True)}, MailKind.BOUNCE),
        ({"report": Report(is_report=True), "is_report": True}, MailKind.AUTOMATIC),
    ],
)
def test_kind(fields: dict[str, object], kind: MailKind) -> None:
    assert replies.kind(mail(**fields)) == kind


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Re: [P1] Payroll | MI-2026-0042", ["MI-2026-0042"]),
        ("fwd: mi-2026-0001 and MI-2026-0002", ["MI-2026-0001", "MI-2026-0002"]),
        ("XMI-2026-0042 CA-2026-0001 MI-26-1", []),
    ],
)
def test_references(subject: str, found: list[str]) -> None:
    assert replies.references(subject) == found


def test_the_nearest_message_first() -> None:
    assert replies.message_ids("<b@x>", "<root@x> <a@x>\r\n <b@x>") == ("<b@x>", "<a@x>", "<root@x>")
    assert replies.message_ids("no ids", "<with blank@x>") == ()
    assert len(replies.message_ids(" ".join(f"<{n}@x>" for n in range(500)))) == 100


def test_one_line() -> None:
    assert replies.one_line(" a\r\nBcc:\tb\x00\u202e c ", limit=9) == "a Bcc: b "[:9]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It works again, thank you.", "It works again, thank you."),
        (
            "Still broken in Cork.\r\n\r\nOn Fri, 27 Nov 2026 at 10:00, Major incidents <i@x.org> wrote:\r\n> We",
            "Still broken in Cork.",
        ),
        ("Immer noch kaputt.\n\nAm 27.11.2026 um 10:00 schrieb Major incidents:\n> Wir arbeiten", "Immer noch kaputt."),
        (
            "Here too\n\n________________________________\nFrom: Major incidents <i@x.org>\nSent: Friday\nTo: Anna\n"
            "Subject: [P1]\n\nWe work on it",
            "Here too",
        ),
        ("On Friday, Major incidents <i@x.org> wrote:\n> We work on it\n\nBelow the quote.", "Below the quote."),
        ("> only a quote", ""),
        ("", ""),
        (" \r\n\r\n ", ""),
        ("one\n\n\n\n\ntwo\x00\u202e", "one\n\ntwo"),
        ("<b>not</b> markup & so on", "<b>not</b> markup & so on"),
    ],
)
def test_new_words(text: str, words: str) -> None:
    assert replies.new_words(text) == (words, False)


def test_a_long_one_is_cut_and_a_long_quote_cuts_nothing() -> None:
    words, is_cut = replies.new_words("word " * 200 + "\n" + "another line of it\n" * 400)
    assert is_cut
    assert len(words) <= replies.TEXT_LIMIT
    answer = "Yes.\n\nOn Fri, 27 Nov 2026 at 10:00, Major incidents <i@x.org> wrote:\n" + "> all of it\n" * 900
    assert replies.new_words(answer) == ("Yes.", False)


@pytest.mark.parametrize(
    "piece", ["\n", " \n", "On ", "Am ", "On \n", "> ", "From: \n", "_", "Thanks,\n", "CAUTION: \n"]
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    started = time.monotonic()
    replies.new_words(piece * 200_000)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("is_recipient", "by_sender", "by_strangers", "folded"),
    [
        (True, 19, 500, False),
        (True, 20, 0, True),
        (False, 4, 29, False),
        (False, 5, 5, True),
        (False, 0, 30, True),
    ],
)
def test_flood(is_recipient: bool, by_sender: int, by_strangers: int, folded: bool) -> None:
    assert replies.is_folded(is_recipient=is_recipient, by_sender=by_sender, by_strangers=by_strangers) is folded


@pytest.mark.parametrize(
    ("given", "token"),
    [
        ({"subject": "unsubscribe abc:def"}, "abc:def"),
        ({"subject": "Unsubscribe abc:d ef"}, "abc:def"),  # folded on its way
        ({"subject": "unsubscribe"}, ""),
        ({"subject": "Please unsubscribe abc:def"}, ""),
        ({"subject": "unsubscribe abc:def", "is_report": True}, ""),
    ],
)
def test_a_mail_that_opts_out_carries_its_token(given: dict[str, object], token: str) -> None:
    assert replies.opt_out_token(mail(**given)) == token


@pytest.mark.parametrize(("length", "fits"), [(288, True), (289, False)])
def test_a_subject_that_would_be_cut_is_none(length: int, fits: bool) -> None:
    assert (replies.opt_out_subject("x" * length) != "") is fits


@pytest.mark.parametrize(
    ("mailbox", "token", "address"),
    [
        ("replies@portal.example", "abc:def", "mailto:replies@portal.example?subject=unsubscribe%20abc%3Adef"),
        ("", "abc:def", ""),
        ("replies@portal.example", "x" * 289, ""),
    ],
)
def test_a_way_out_by_mail_needs_a_mailbox_and_a_subject_that_arrives(mailbox: str, token: str, address: str) -> None:
    assert replies.Way(code="updates", link="https://portal.example/o/1/", token=token).mail(mailbox) == address
