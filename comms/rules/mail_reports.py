"""Reading the mail in which a mail server says what became of ours (RFC 3464), or a reader that it was not wanted
(RFC 5965).
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message

_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
# What speaks of the mailbox's room, the message, or trust in our server: the address is not wrong, and a server that
# lists ours as unwanted for a day must not empty the lists.
_NOT_THE_ADDRESS = re.compile(r"5\.(2\.[23]|[3567]\.\d{1,3})")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_HEADERS = {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
_LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One address that the server gave up."""

    address: str  # as the server had it last
    original: str  # as it was sent, where the server says so
    status: str  # RFC 3463, such as 5.1.1
    detail: str

    @property
    def is_for_good(self) -> bool:
        """Whether the address itself is what is wrong, so that the next mail would come back as well."""
        return self.status.startswith("5.") and not _NOT_THE_ADDRESS.fullmatch(self.status)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a mail reports of another: by which Message-IDs that may be known, what failed, and whether it is a
    complaint. A report of a delay, or that it arrived, has neither.
    """

    message_ids: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    is_complaint: bool = False
    is_report: bool = False


def read(raw: bytes) -> Report:
    """What the mail says; no report where it is an ordinary one."""
    try:
        message = email.message_from_bytes(raw, policy=policy.compat32)
        parts = list(message.walk())
    except RecursionError:  # nested to break whoever reads it
        return Report()
    failures = [failure for part in parts for failure in _failures(part)] or list(_of_exim(message, parts))
    is_complaint = any(_is_complaint(part) for part in parts)
    is_status = any(part.get_content_type() == "message/delivery-status" for part in parts)
    return Report(
        message_ids=tuple(dict.fromkeys(_message_ids(message, parts))),
        failures=tuple(failures),
        is_complaint=is_complaint,
        is_report=bool(failures) or is_complaint or is_status,
    )


def _failures(part: Message) -> Iterator[Failure]:
    if part.get_content_type() != "message/delivery-status":
        return
    for block in _inside(part):
        if _field(block, "Action").lower() == "failed":
            said = _typed(_field(block, "Diagnostic-Code"))
            yield _failure(
                address=_typed(_field(block, "Final-Recipient")),
                original=_typed(_field(block, "Original-Recipient")),
                status=_field(block, "Status"),
                said=said,
            )


def _of_exim(message: Message, parts: list[Message]) -> Iterator[Failure]:
    """Older servers name who was not reached in a header of their own, and say why in plain words."""
    words = next((_text(part) for part in parts if part.get_content_type() == "text/plain"), "")
    found = _STATUS.search(words)
    for address in filter(None, (text.strip() for text in _field(message, "X-Failed-Recipients").split(","))):
        yield _failure(address=address, original="", status=found[0] if found else "", said="")


def _failure(*, address: str, original: str, status: str, said: str) -> Failure:
    """The status that the server's own words begin with is nearer to the truth than the summary 5.0.0."""
    given = _STATUS.search(status)
    inside = _STATUS.search(said[:40])
    general = given is None or given[0].endswith(".0.0")
    code = inside[0] if inside is not None and general else given[0] if given is not None else "5.0.0"
    detail = said if re.match(r"[245]\d\d\b", said) else f"{code} {said}"
    return Failure(
        address=_bare(address), original=_bare(original), status=code, detail=" ".join(detail.split())[:_LONGEST]
    )


def _is_complaint(part: Message) -> bool:
    if part.get_content_type() != "message/feedback-report":
        return False
    inner = next(iter(_inside(part)), part)
    return _field(inner, "Feedback-Type").lower() in {"abuse", "fraud", "other", "virus"}


def _message_ids(message: Message, parts: list[Message]) -> Iterator[str]:
    """The original's own headers first; then what the report answers; then whatever it quotes in plain words."""
    for part in parts[1:]:
        if part.get_content_type() in _HEADERS:
            inner = next(iter(_inside(part)), None) or email.message_from_string(_text(part))
            yield from _MESSAGE_ID.findall(_field(inner, "Message-ID"))
    for name in ("In-Reply-To", "References", "X-Original-Message-ID"):
        yield from _MESSAGE_ID.findall(_field(message, name))
    for part in parts:
        if part.get_content_type() == "text/plain":
            yield from re.findall(r"(?im)^message-id:\s*(<[^<>\s]{1,300}>)", _text(part))


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _typed(value: str) -> str:
    """`rfc822; anna@example.org` and `smtp; 550 5.1.1 …`: what follows the type."""
    return value.partition(";")[2].strip() if ";" in value else value


def _bare(address: str) -> str:
    return address.strip().strip("<>").lower()[:320]


def _inside(part: Message) -> list[Message]:
    """Messages of which the part consists. Asked of any other part, the library reads its words in the character set
    that they claim, and fails where that is none for texts, such as idna.
    """
    blocks = part.get_payload() if part.is_multipart() else []
    return [block for block in blocks if isinstance(block, Message)]


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
