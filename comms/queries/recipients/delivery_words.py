"""What a mail server answered, in words for whoever has to decide what to do about it."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_CODE = re.compile(r"^(?:([245]\d\d)\b[ -]?)?(?:([245]\.\d{1,3}\.\d{1,3})\b)?")
_NO_CONNECTION = ("ConnectionRefusedError", "gaierror", "OSError", "ConnectionResetError", "SMTPConnectError")
_NO_ANSWER = ("TimeoutError", "SMTPServerDisconnected", "There is no connection")


# What the portal itself wrote where nothing leaves (comms.queries.recipients.reach).
_LEFT_OUT = {
    "Opted out.": gettext_noop("Opted out."),
    "Mail to it came back.": gettext_noop("Mail to it came back."),
    "Its reader called our mail unwanted.": gettext_noop("Its reader called our mail unwanted."),
    "This channel is switched off.": gettext_noop("This channel is switched off."),
    "No SMS provider is set up.": gettext_noop("No SMS provider is set up."),
    "No channel of this name is set up.": gettext_noop("No channel of this name is set up."),
}


def left_out(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Why addresses get nothing, in words, with how many; in a fixed order."""
    return [(_(words), counts[error]) for error, words in _LEFT_OUT.items() if error in counts]


def in_words(error: str) -> str:
    """One sentence for the last error of a delivery; what is not known is said as it came."""
    if error in _LEFT_OUT:
        return _(_LEFT_OUT[error])
    found = _CODE.match(error)
    if found is None or not found[0]:
        return _without_code(error)
    code, detail = found[1] or found[2][0], (found[2] or "").partition(".")[2]
    if found[2] in {"5.4.1", "5.4.4"}:
        return _("There is no such domain, or it takes no mail for this address.")
    if detail == "4.7":
        return _("The mail server tried for a long time and gave up.")
    if words := _by_detail(detail):
        return words
    if code == "552":
        return _("The mailbox is full.")
    if code in {"550", "551", "553"}:
        return _("The mail server knows no such mailbox, or takes nothing from us for it.")
    if code.startswith("5"):
        return _("The mail server refused the message for good.")
    return _("The mail server said: not now.")


def _by_detail(detail: str) -> str:
    """RFC 3463: subject and detail of an enhanced status code."""
    if detail in {"1.1", "1.6", "1.10"}:
        return _("There is no such mailbox.")
    if detail in {"1.2", "1.3"}:
        return _("The address is not one that mail can be sent to.")
    if detail == "2.1":
        return _("The mailbox is switched off.")
    if detail == "2.2":
        return _("The mailbox is full.")
    if detail in {"2.3", "3.4"}:
        return _("The message is too large for the mailbox.")
    if detail.startswith("7."):
        return _("The mail server refused the message as unwanted, or does not trust our server.")
    return ""


def _without_code(error: str) -> str:
    if error.startswith(_NO_CONNECTION):
        return _("The mail server could not be reached.")
    if error.startswith(_NO_ANSWER):
        return _("The mail server stopped answering.")
    return error
