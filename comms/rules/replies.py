"""A mail that came in: whether somebody wrote it, which of our messages it answers, what is new in it, and how many of
one address stand on their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from mailparser_reply import EmailReplyParser

from comms.choices import MailKind
from comms.rules.mail_reports import Report

OPT_OUT_LIMIT: Final = 300  # characters of the subject of a mail that opts out
_OPT_OUT_WORD: Final = "unsubscribe"
TEXT_LIMIT: Final = 4000  # characters of a reply that are kept
LINE_LIMIT: Final = 300
# How many an hour and incident stand on their own; what goes beyond is counted.
OF_A_RECIPIENT: Final = 20
OF_A_STRANGER: Final = 5
OF_ALL_STRANGERS: Final = 30

# Languages whose "On Friday, … wrote:" is known; the parser tries one after the other.
_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl", "pl")
_REFERENCE: Final = re.compile(r"\bMI-(\d{4})-(\d{4,9})\b", re.IGNORECASE)
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,400}>")
_BLANKS: Final = re.compile(r"[^\S\n]+")
_GAP: Final = re.compile(r"\n{3,}")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What mail programs set on answers that nobody wrote (RFC 3834 and the habits before it).
_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_AUTOMATIC_HEADERS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply",
    "list-id",
    "list-unsubscribe",
    "feedback-id",
)
_AUTOMATIC_SUBJECT: Final = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|abwesenheit\w*"
    r"|automatische antwort|réponse automatique|respuesta automática|risposta automatica)\b",
    re.IGNORECASE,
)
_MACHINES: Final = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)@", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A mail as far as it is used. `headers` are in small letters; `answers` the Message-IDs it refers to, the nearest
    first; `text` its words with everything it quotes.
    """

    message_id: str
    sender: str
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    answers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_report: bool = False  # multipart/report: a mail server speaks
    report: Report = field(default_factory=Report)  # what it says of a mail of ours


def kind(mail: Incoming) -> MailKind:
    """A person's words, a machine's answer, or a message that came back."""
    if mail.report.failures or mail.report.is_complaint:
        return MailKind.BOUNCE
    headers = mail.headers
    is_automatic = (
        mail.is_report
        or headers.get("auto-submitted", "no").split(";")[0].strip().lower() != "no"
        or headers.get("precedence", "").strip().lower() in _BULK
        or any(name in headers for name in _AUTOMATIC_HEADERS)
        or headers.get("return-path", "").strip() == "<>"
        or _MACHINES.match(mail.sender) is not None
        or _AUTOMATIC_SUBJECT.match(mail.subject) is not None
    )
    return MailKind.AUTOMATIC if is_automatic or not mail.sender else MailKind.REPLY


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the reader of a copy leaves what brought it: the page, which also takes a mail program's one click, or the
    mail that a program without one click sends. `code` names the list, `language` is the page's."""

    code: str
    link: str
    token: str
    language: str = ""

    def mail(self, mailbox: str) -> str:
        """Its address; nothing where no mailbox reads it, or where its subject would be cut on its way."""
        subject = opt_out_subject(self.token)
        return f"mailto:{mailbox}?subject={quote(subject)}" if mailbox and subject else ""


def opt_out_subject(token: str) -> str:
    """The subject of a mail that opts out; none where it would be cut on its way."""
    subject = f"{_OPT_OUT_WORD} {token}"
    return subject if len(subject) <= OPT_OUT_LIMIT else ""


def opt_out_token(mail: Incoming) -> str:
    """The token of a mail whose subject says that its reader wants no more; nothing where a mail server speaks."""
    word, _space, token = mail.subject.partition(" ")
    is_meant = word.lower() == _OPT_OUT_WORD and not mail.is_report
    return "".join(token.split()) if is_meant else ""


def references(subject: str) -> list[str]:
    """References of incidents in a subject, in their order."""
    return [f"MI-{year}-{number}" for year, number in _REFERENCE.findall(subject)]


def message_ids(*headers: str) -> tuple[str, ...]:
    """The Message-IDs of In-Reply-To and References, the nearest first, each once; a hundred at most."""
    found: dict[str, None] = {}
    for header in headers:
        found |= dict.fromkeys(reversed(_MESSAGE_ID.findall(header[:40_000])))
    return tuple(found)[:100]


def one_line(text: str, *, limit: int) -> str:
    """On one line, without what a terminal or a right-to-left trick could make of it."""
    return " ".join(_CONTROLS.sub(" ", text).split())[:limit]


def new_words(text: str) -> tuple[str, bool]:
    """What the reader wrote, without the mail that they answer; whether it was cut.

    The text is bounded before anything reads it: the parser's patterns take time that grows with blank lines and with
    long ones. Where somebody wrote below what they quote, the quoted lines are left out.
    """
    bounded, is_longer = _bounded(text)
    reply = EmailReplyParser(languages=list(_LANGUAGES)).parse_reply(text=bounded) or ""
    words = _without_quotes(reply) or _without_quotes(bounded)
    return words, is_longer and words[-40:] == bounded[-40:]


def _bounded(text: str) -> tuple[str, bool]:
    lines = _CONTROLS.sub("", text[: 20 * TEXT_LIMIT].replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    short = "\n".join(_BLANKS.sub(" ", line).strip()[:LINE_LIMIT] for line in lines)
    whole = _GAP.sub("\n\n", short).strip()
    return whole[:TEXT_LIMIT].strip(), len(whole) > TEXT_LIMIT


def _without_quotes(text: str) -> str:
    """Without lines that quote, and without the line above them that says who wrote that."""
    kept: list[str] = []
    for line in text.split("\n"):
        if not line.startswith(">"):
            kept.append(line)
        elif kept and kept[-1].endswith(":"):
            kept.pop()
    return _GAP.sub("\n\n", "\n".join(kept)).strip()


def is_folded(*, is_recipient: bool, by_sender: int, by_strangers: int) -> bool:
    """Whether one more within the hour is counted only: nobody floods a room, least of all a stranger."""
    if is_recipient:
        return by_sender >= OF_A_RECIPIENT
    return by_sender >= OF_A_STRANGER or by_strangers >= OF_ALL_STRANGERS
