"""Handing over accountability: what the brief holds, and what the receiver says back (domain.md 1.7).

Command changes only when the receiver has put the next due items in their own words; until then the giver is
accountable. That is what makes a handover safe, and why an empty restatement is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# Field of the brief and its words, in the order in which it is read out. A field that is not sent is stored as none.
BRIEF_FIELDS: Final = (
    ("state_and_trend", "State and priority"),
    ("trend", "Trend"),
    ("impact", "Impact statement"),
    ("timeline", "Timeline"),
    ("hypotheses", "Hypotheses"),
    ("actions_in_flight", "Actions in flight"),
    ("decisions_pending", "Decisions pending"),
    ("promises", "Updates promised"),
    ("approvals", "Approvals outstanding"),
    ("regulatory_clocks", "Regulatory clocks"),
    ("teams_engaged", "Teams at work"),
    ("vendor_tickets", "Vendor tickets"),
    ("contingency", "If this happens, then that"),
    ("commitments", "Commitments made to teams"),
)
FIELD_CODES: Final = tuple(code for code, _words in BRIEF_FIELDS)
NONE: Final = "none"
RESTATED_ITEMS: Final = 3
_EMPTY_WORDS: Final = frozenset(
    {"", "ok", "okay", "yes", "accepted", "accept", "got it", "understood", "fine", "done", "none"},
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Due:
    """Something that the next manager has to see to, and when."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why an offer or an acceptance cannot stand, with the field at fault."""

    code: str
    field: str
    message: str


def brief(given: Mapping[str, str]) -> dict[str, str]:
    """Every field of the brief in its order; what was not sent, or sent empty, reads "none"."""
    return {code: given.get(code, "").strip() or NONE for code in FIELD_CODES}


def unknown_fields(given: Mapping[str, str]) -> tuple[str, ...]:
    """Names that are no field of the brief, so that nothing sent is lost in silence."""
    return tuple(sorted(set(given) - set(FIELD_CODES)))


def next_due(items: Iterable[Due], *, limit: int = RESTATED_ITEMS) -> tuple[Due, ...]:
    """The next items, soonest first; what is due at one moment counts as one, since one deed serves it."""
    by_moment: dict[datetime, list[str]] = {}
    for item in sorted(items):
        by_moment.setdefault(item.at, []).append(item.what)
    return tuple(Due(at=at, what="; ".join(dict.fromkeys(what))) for at, what in list(by_moment.items())[:limit])


def check_offer(*, giver_id: int, receiver_id: int, accountable_id: int) -> Problem | None:
    """Only the accountable manager hands over, and to someone else."""
    if giver_id != accountable_id:
        return Problem(
            code="not_accountable",
            field="from",
            message="Only the accountable manager can offer a handover. To step in for them, take over with a reason.",
        )
    if receiver_id == accountable_id:
        message = "Choose somebody else: this person is already accountable."
        return Problem(code="same_person", field="to", message=message)
    return None


def check_restatement(restatement: str) -> Problem | None:
    """The receiver must say something in own words; blanks and a bare "ok" say nothing."""
    if restatement.strip(".! \n\t").casefold() in _EMPTY_WORDS:
        return Problem(
            code="restatement_missing",
            field="restatement",
            message=(
                f"Say in your own words what is due next and when (the next {RESTATED_ITEMS} items). "
                "You become accountable then."
            ),
        )
    return None
