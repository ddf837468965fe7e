"""Ways out other than mail: what people paste as their address, and what an answer means."""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from comms.choices import ChannelKind, PagingKind
from teams.rules.fields import Unusable

LONGEST: Final = 2000
# Providers that Apprise sends text messages by. Each speaks HTTP, so that the guard stands before every request.
SMS_SCHEMAS: Final = frozenset({
    "46elks", "atalk", "bulksms", "burstsms", "clickatell", "clicksend", "d7sms", "httpsms", "infobip",
    "kaleyra", "mobilemessage", "msgbird", "nexmo", "octopush", "plivo", "seven", "sinch", "smseagle", "smseagles",
    "sns", "telnyx", "twilio", "vonage",
})  # fmt: skip
# Of those, who read a message out on the phone.
VOICE_SCHEMAS: Final = frozenset({"twilio"})
_SLACK: Final = re.compile(
    r"https://hooks\.slack(?:-gov)?\.com/services/[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9]+", re.IGNORECASE
)
_TEAMS: Final = re.compile(
    r"https://[a-z0-9_.-]+\.(?:logic\.azure\.[a-z]{2,12}|(?:power|apps)platform(?:\.[a-z0-9-]{2,24}){1,3})(?::\d+)?/"
    r"(?:powerautomate/automations/direct/(?:cu/\d+/)?)?workflows/[a-z0-9_-]+/triggers/manual/paths/invoke/?\?.+",
    re.IGNORECASE,
)
_MATTERMOST: Final = re.compile(r"https?://[^/?#@\s]+(?:/[\w./-]+)?/hooks/[a-z0-9]{20,30}", re.IGNORECASE)
EXAMPLES: Final = {
    ChannelKind.SLACK: (_SLACK, "Paste the address of an incoming webhook: https://hooks.slack.com/services/…"),
    ChannelKind.TEAMS: (_TEAMS, "Paste the address of a workflow that posts to a channel: https://…/workflows/…"),
    ChannelKind.MATTERMOST: (_MATTERMOST, "Paste the address of an incoming webhook: https://chat.example.org/hooks/…"),
}


class Meaning(StrEnum):
    """What an answer means for the message."""

    TAKEN = "taken"
    LATER = "later"
    NEVER = "never"


def address(kind: str, typed: str) -> str:
    """The address as it is kept; Unusable with an example where it is none of this kind."""
    plain = typed.strip()
    if not plain:
        raise Unusable("Paste the address.")
    if len(plain) > LONGEST or not plain.isascii() or not plain.isprintable() or " " in plain:
        raise Unusable("This is not an address: it has spaces, letters of another script, or no end.")
    if kind in (ChannelKind.SMS, PagingKind.VOICE):
        return _sms(plain, among=VOICE_SCHEMAS if kind == PagingKind.VOICE else SMS_SCHEMAS)
    if kind in EXAMPLES:
        pattern, words = EXAMPLES[ChannelKind(kind)]
        if not pattern.fullmatch(plain):
            raise Unusable(words)
    elif urlsplit(plain).scheme.lower() not in ("https", "http"):
        raise Unusable("Only addresses that begin with https:// are called.")
    return plain


def _sms(plain: str, *, among: frozenset[str]) -> str:
    schema, mark, rest = plain.partition("://")
    if not mark or schema.lower() not in among or not rest:
        raise Unusable(
            "Give the provider as Apprise writes it, such as twilio://AccountSid:AuthToken@+441632960000. "
            f"Known are {', '.join(sorted(among))}."
        )
    return plain


def host(kind: str, kept: str) -> str:
    """What tells it from others without giving it away: the host, or the provider of text messages."""
    if kind in (ChannelKind.SMS, PagingKind.VOICE):
        return kept.partition("://")[0].lower()
    return (urlsplit(kept).hostname or "")[:255]


def apprise_url(kind: str, kept: str, *, number: str = "") -> str:
    """The address in Apprise's words. An SMS provider's ends with the number; Slack's and Teams' stay as pasted."""
    if kind == ChannelKind.MATTERMOST:
        parts = urlsplit(kept)
        folder, _, token = parts.path.rpartition("/hooks/")
        schema = "mmosts" if parts.scheme == "https" else "mmost"
        return f"{schema}://{parts.netloc}{folder}/{token}"
    if kind == ChannelKind.SMS:
        path, mark, query = kept.partition("?")
        return f"{path.rstrip('/')}/{number}{mark}{query}"
    if kind == PagingKind.VOICE:
        return f"{kept.partition('?')[0].rstrip('/')}/{number}?method=call"
    return kept


def meaning(status: int) -> Meaning:
    """An answer's status. A redirect is not followed, so that it means that the address is wrong."""
    if 200 <= status < 300:
        return Meaning.TAKEN
    if status in (408, 425, 429) or status >= 500:
        return Meaning.LATER
    return Meaning.NEVER


def words(status: int) -> str:
    """What an answer means, for the person who set the address up."""
    if 200 <= status < 300:
        return "It was taken."
    if status == 429:
        return "It says: too many messages. It is tried again later."
    if 300 <= status < 400:
        return f"It answers with a redirect ({status}), which is not followed. Enter the address where it leads."
    if status in (401, 403):
        return f"It refuses us ({status}). The address or its secret is not valid any more."
    if status in (404, 410):
        return f"There is nothing at this address ({status}). Was the channel or its webhook removed?"
    if status >= 500:
        return f"It has trouble of its own ({status}). It is tried again later."
    return f"It does not take the message ({status})."


def refuses_number(error: str) -> bool:
    """Whether a provider of SMS said no to this one number: not to us (401, 402, 403), and not out of trouble."""
    return error in _OF_A_NUMBER


def seconds(retry_after: str, *, most: float = 900.0) -> float:
    """How long the other side asks to wait; 0 where it says nothing that can be used."""
    return min(float(retry_after), most) if re.fullmatch(r"\d{1,6}", retry_after.strip()) else 0.0


_OF_A_NUMBER: Final = frozenset(
    words(status)
    for status in range(400, 500)
    if status not in (401, 402, 403, 407) and meaning(status) is Meaning.NEVER
)
