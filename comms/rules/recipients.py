"""Addresses that messages go to, as people type them and as files bring them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import phonenumbers

from comms.choices import ChannelKind, UsedFor
from teams.rules import fields, mail_address
from teams.rules.fields import Unusable

HEADINGS: Final = ("channel", "address", "service", "site", "used_for", "active")
_YES: Final = frozenset({"", "yes", "true", "1", "y"})
_NO: Final = frozenset({"no", "false", "0", "n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One row: a way to one reader, for every service and site or for one; services and sites by their slugs."""

    channel: str = ChannelKind.EMAIL
    address: str
    service: str = ""
    site: str = ""
    used_for: str = UsedFor.INCIDENTS
    is_active: bool = True

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes it another row; mailboxes are the same in any case."""
        return (self.channel, self.address.lower(), self.service, self.site, self.used_for)


def cleaned(channel: str, address: str) -> str:
    """The address as its channel takes it."""
    plain = " ".join(address.split())
    if not plain:
        raise Unusable("Give an address.")
    if channel == ChannelKind.EMAIL:
        return mail_address.normalised(plain)
    if channel == ChannelKind.SMS:
        return number(plain)
    try:
        return fields.slug(plain)
    except Unusable:
        raise Unusable("Name the channel by its code, as Settings, Channels list it: ops-chat.") from None


def number(typed: str) -> str:
    """A telephone number that can exist, as networks take it: +442079460000."""
    try:
        parsed = phonenumbers.parse(typed)
    except phonenumbers.NumberParseException:
        raise Unusable("Give the number with its country, as in +44 20 7946 0000.") from None
    if not phonenumbers.is_possible_number(parsed):
        raise Unusable(f"{typed} is too long or too short for a number of its country.")
    if parsed.extension:
        raise Unusable("Leave the extension out: text messages go to whole numbers.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def read(cells: Mapping[str, str]) -> Address:
    """A row of a file, or Unusable with the reason."""
    channel = _one_of(cells.get("channel", ""), {kind.value for kind in ChannelKind}, usual=ChannelKind.EMAIL)
    used_for = _one_of(cells.get("used_for", ""), {kind.value for kind in UsedFor}, usual=UsedFor.INCIDENTS)
    return Address(
        channel=channel,
        address=cleaned(channel, cells.get("address", "")),
        service=cells.get("service", "").strip().lower(),
        site=cells.get("site", "").strip().lower(),
        used_for=used_for,
        is_active=_yes(cells.get("active", "")),
    )


def _one_of(cell: str, known: set[str], *, usual: str) -> str:
    word = cell.strip().lower() or usual
    if word not in known:
        raise Unusable(f"“{cell}” is none of {', '.join(sorted(known))}.")
    return word


def _yes(cell: str) -> bool:
    word = cell.strip().lower()
    if word not in _YES | _NO:
        raise Unusable("Write yes or no.")
    return word in _YES
