"""What the checks of a message look at: the draft itself, and the facts that it must agree with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from comms.choices import FINAL_KINDS, PLAIN_AUDIENCES, AudienceCode
from comms.rules.checking.recorded import Recorded
from mim_portal.lib import language_tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Words of the organisation that a check would otherwise take for something else."""

    people: tuple[str, ...] = ()
    manager_names: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    related: frozenset[str] = frozenset()  # of the services, those that need the incident's own, or that it needs
    sites: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    # Approved term and what it stands for ("" where the term explains itself).
    glossary: Mapping[str, str] = field(default_factory=dict)
    # Addresses and numbers that may stand in any message: the manager's contact, the desk's public line.
    allowed_contacts: tuple[str, ...] = ()
    # Hosts of links that never leave: the portal itself, the intranet. Its /status/ pages are public.
    internal_hosts: tuple[str, ...] = ()
    bridge_urls: tuple[str, ...] = ()
    # Kind of message and element of it: what the organisation asks for beyond the profession's table (C28).
    required_parts: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message as it stands, with the facts of its incident.

    `subject` is the activity part; the portal composes the whole subject. `latest_next_at` is the latest time that
    the cadence lets us promise, by the most demanding of the audiences. `previous_body` is the last message that the
    same audiences got. `corrects_audiences` are those of the message that a correction corrects.
    """

    kind: str
    audiences: tuple[str, ...]
    subject: str
    body: str
    next_update_at: datetime | None
    latest_next_at: datetime | None = None
    tz: tzinfo = UTC
    state: str = ""
    is_private: bool = False
    is_exercise: bool = False
    cause_confirmed: bool = False
    eta_approved: bool = False
    previous_body: str = ""
    corrects_audiences: frozenset[str] = frozenset()
    known_audiences: frozenset[str] = frozenset(AudienceCode.values)
    language: str = "en-GB"
    known: Known = field(default_factory=Known)
    recorded: Recorded | None = None  # None: nothing to compare with

    @property
    def is_english(self) -> bool:
        """What looks for English words has nothing to say of other languages."""
        return language_tags.primary(self.language) == "en"

    @property
    def is_final(self) -> bool:
        """A restored or closure message without a next time says that no more updates follow."""
        return self.kind in FINAL_KINDS and self.next_update_at is None

    @property
    def outside(self) -> frozenset[str]:
        """The audiences beyond the technical teams."""
        return frozenset(self.audiences) - {AudienceCode.TECHNICAL}

    @property
    def plain(self) -> frozenset[str]:
        """The audiences that read plain words only: end users, executives and the public."""
        return frozenset(self.audiences) & PLAIN_AUDIENCES
