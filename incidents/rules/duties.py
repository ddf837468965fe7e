"""Who does what in one incident (domain.md 1.3): the duties in a line, and which roles one person may not combine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MANAGER: Final = "major_incident_manager"
REPRESENTATIVE: Final = "trg_representative"
SCRIBE: Final = "scribe"
DEPUTY: Final = "deputy_mim"
TECHNICAL_LEAD: Final = "technical_lead"
COMMUNICATIONS_LEAD: Final = "communications_lead"
SPONSOR: Final = "executive_sponsor"

# What the holder does, said to the holder.
DUTIES: Final = {
    MANAGER: "You are accountable end to end: bridge, priority, impact, promises, decisions. You do not fix.",
    DEPUTY: "Watch the timers, stand by to take command at once, and tell the manager what they cannot see.",
    COMMUNICATIONS_LEAD: "Draft and send to every audience, and keep each promise before it is due.",
    SCRIBE: "Write actions, decisions, key data and open points with their time. Do not wait to be told.",
    TECHNICAL_LEAD: "Be the single technical voice: hypotheses with confidence, next step, risk, next news.",
    REPRESENTATIVE: "Speak for your team: condition, actions, needs. Say “we don't know yet” when that is so.",
    "service_desk_lead": "Bring user reports and counts, try the workaround with callers; you hear news first.",
    "business_liaison": "Say what stops and by when, and confirm from the users' side that the service is back.",
    "service_owner": "Accept the risk of workaround or rollback, and approve running degraded.",
    SPONSOR: "Remove obstacles, decide on media and regulators. Stay off the technical bridge.",
    "vendor_manager": "Hold the vendor to the ticket: number, contact, next answer due.",
    "regulatory_liaison": "Say which clocks run, and see that each report leaves in time.",
    "clinical_or_safety_lead": "Judge danger to people, and say at once when it changes.",
}
CRITICAL: Final = "P1"
_ON_P1: Final = (
    (
        {MANAGER, TECHNICAL_LEAD},
        "On a P1 the manager does not lead the technical work as well: nobody can do both. Name somebody else first.",
    ),
    (
        {MANAGER, COMMUNICATIONS_LEAD},
        "On a P1 somebody else leads communications. The manager can still write and send every update.",
    ),
    ({TECHNICAL_LEAD, SCRIBE}, "On a P1 the technical lead cannot write the log as well. Name somebody else."),
    ({TECHNICAL_LEAD, DEPUTY}, "On a P1 the deputy stands by for command and cannot lead the technical work as well."),
)
_ALWAYS: Final = (
    ({MANAGER, DEPUTY}, "The manager cannot be the deputy as well: a deputy stands in for somebody else."),
    ({SPONSOR, MANAGER}, "The executive sponsor stays off the technical bridge and cannot be the manager as well."),
    (
        {SPONSOR, TECHNICAL_LEAD},
        "The executive sponsor stays off the technical bridge and cannot lead the technical work.",
    ),
    ({SPONSOR, REPRESENTATIVE}, "The executive sponsor stays off the technical bridge and cannot speak for a team."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two roles that one person cannot have in this incident, and what to do about it."""

    roles: frozenset[str]
    message: str


def conflict(*, role: str, held: Iterable[str], priority: str) -> Conflict | None:
    """Why somebody who holds these roles cannot have this one too; a deputy may write the log."""
    return next(
        (found for found in _pairs(priority) if role in found.roles and found.roles - {role} <= set(held)), None
    )


def conflicts(*, held: Iterable[str], priority: str) -> tuple[Conflict, ...]:
    """Every clash among the roles of one person, as it may come about when a priority rises."""
    mine = set(held)
    return tuple(found for found in _pairs(priority) if found.roles <= mine)


def given_up_with_command(*, held: Iterable[str], priority: str) -> tuple[str, ...]:
    """Roles that whoever takes command at once cannot keep: taking over never waits for a role to be handed on."""
    return tuple(sorted(role for role in set(held) if conflict(role=role, held={MANAGER}, priority=priority)))


def may_assign(*, role: str, to_oneself: bool, commands: bool) -> bool:
    """Whoever commands gives roles; everybody in the room may take the log upon themselves."""
    return commands or (to_oneself and role == SCRIBE)


def _pairs(priority: str) -> tuple[Conflict, ...]:
    pairs = (*_ON_P1, *_ALWAYS) if priority == CRITICAL else _ALWAYS
    return tuple(Conflict(roles=frozenset(roles), message=message) for roles, message in pairs)
