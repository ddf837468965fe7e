"""What a subscription is to, and how often anybody may ask for one."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from comms.choices import ChannelKind
from comms.rules import recipients
from teams.rules.fields import Unusable

# A link in a mailbox that nobody looked into for three days is an old link.
CONFIRM_WITHIN: Final = timedelta(days=3)
# So long an ended subscription is remembered, so that the links in its mails still say what became of it.
REMEMBERED: Final = timedelta(days=30)
# Letters that ask for a confirmation name an address; nobody looks for one after a week.
LETTERS_KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most so many within a time."""

    most: int
    within: timedelta


# Nobody's mailbox is filled with our letters by somebody else.
PER_ADDRESS: Final = Limit(most=3, within=timedelta(days=1))
# A whole office behind one address may ask in the hour after an outage; a script may not ask for a town.
PER_NETWORK: Final = Limit(most=100, within=timedelta(hours=1))

# Each SMS to a number that somebody typed is paid for: one in a day, wherever it was typed.
PER_NUMBER: Final = Limit(most=1, within=timedelta(days=1))
# So many first messages by SMS a page sends in a day until somebody chooses.
SMS_A_DAY: Final = 50
MOST_SMS_A_DAY: Final = 10_000

# One server is not called by us because somebody makes up addresses of it.
PER_HOST: Final = Limit(most=20, within=timedelta(days=1))
# So many messages in a row that an address did not take, and nothing more is sent to it.
SILENT_AFTER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The whole page, or what was chosen of it: groups by name, services and incidents by key."""

    is_whole: bool = False
    groups: frozenset[str] = frozenset()
    services: frozenset[int] = frozenset()
    incidents: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.is_whole or self.groups or self.services or self.incidents)

    def with_also(self, other: "Scope") -> "Scope":
        """Both; the whole page has everything in it, so that nothing else needs to be kept beside it."""
        if self.is_whole or other.is_whole:
            return Scope(is_whole=True)
        return Scope(
            groups=self.groups | other.groups,
            services=self.services | other.services,
            incidents=self.incidents | other.incidents,
        )

    def packed(self) -> list[Any]:
        """As it travels in a signed link."""
        return [int(self.is_whole), sorted(self.groups), sorted(self.services), sorted(self.incidents)]


def unpacked(packed: Sequence[Any]) -> Scope:
    """What `packed` has packed."""
    is_whole, groups, services, incidents = packed
    return Scope(
        is_whole=bool(is_whole),
        groups=frozenset(groups),
        services=frozenset(services),
        incidents=frozenset(incidents),
    )


def wait(asked: Sequence[datetime], *, limit: Limit, now: datetime) -> timedelta:
    """How long until one more may be asked for, by when it was asked before; nothing where it may now."""
    recent = sorted(at for at in asked if at > now - limit.within)
    return recent[-limit.most] + limit.within - now if len(recent) >= limit.most else timedelta()


def texts(a_day: int) -> Limit:
    """How many first messages by SMS a page sends, to whatever numbers."""
    return Limit(most=a_day, within=timedelta(days=1))


def texts_a_day(given: Any) -> int:
    """The number that an administrator chose."""
    try:
        chosen = int(given)
    except (TypeError, ValueError):
        chosen = 0
    if not 1 <= chosen <= MOST_SMS_A_DAY:
        raise Unusable(f"Give a number from 1 to {MOST_SMS_A_DAY}.")
    return chosen


def network(address: str) -> str:
    """Whom a limit counts as one: an IPv4 address, or the /64 that an IPv6 customer has at least."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


HEADINGS: Final = ("address", "groups", "services", "consent")
# What an export says besides, and an import passes over.
TOLD: Final = ("state", "since")
LONGEST_CONSENT: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One subscriber of a file: without groups and services, of the whole page."""

    address: str
    groups: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    consent: str

    @property
    def is_whole(self) -> bool:
        return not (self.groups or self.services)


def read(cells: Mapping[str, str], *, consent: str = "") -> Row:
    """A row of a file; `consent` is how those agreed of whom the row itself says nothing."""
    address = recipients.cleaned(ChannelKind.EMAIL, cells.get("address", ""))
    agreed = " ".join((cells.get("consent", "") or consent).split())[:LONGEST_CONSENT]
    if not agreed:
        raise Unusable("Say how this reader agreed: in the column consent, or once for the whole file.")
    return Row(
        address=address,
        groups=_several(cells.get("groups", "")),
        services=_several(cells.get("services", "")),
        consent=agreed,
    )


def _several(cell: str) -> frozenset[str]:
    return frozenset(filter(None, (" ".join(part.split()) for part in cell.split(";"))))
