"""The history of one imported ticket, made from its rows: its states, its reassignments, and whether it was major."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from incidents.choices import IncidentState, Priority
from incidents.rules import priority as priorities
from incidents.rules.eventlog import Reading, Row

_ENDED: Final = frozenset({IncidentState.RESOLVED, IncidentState.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of state at its historical time, with the log's own word and line."""

    at: datetime
    state: IncidentState
    word: str
    line: int
    reopened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """Work that went from one group to another; `before` is empty for the first."""

    at: datetime
    before: str
    after: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Everything that the log says about one number. The last row decides priority, impact and urgency."""

    number: str
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    state: IncidentState
    priority: Priority
    impact: int | None
    urgency: int | None
    contact_type: str
    location: str
    category: str
    subcategory: str
    symptom: str
    group: str
    steps: tuple[Step, ...]
    reassignments: tuple[Reassignment, ...]
    lines: tuple[int, ...]

    @property
    def is_major(self) -> bool:
        """P1 and P2 become major incidents; the rest is kept as not proposed."""
        return priorities.is_major(self.priority)

    @property
    def reopen_count(self) -> int:
        """How often the ticket went back to work after it was resolved."""
        return sum(step.reopened for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What came of a file. Every row is used or rejected, every ticket is major or not proposed."""

    rows: int
    rows_used: int
    rows_rejected: int
    rows_with_problems: int
    problems: int
    tickets: int
    majors: int
    not_proposed: int

    @property
    def adds_up(self) -> bool:
        """The check that closes an import."""
        return self.rows == self.rows_used + self.rows_rejected and self.tickets == self.majors + self.not_proposed


def tickets(readings: Iterable[Reading]) -> tuple[Ticket, ...]:
    """One ticket for each number, in the order in which the numbers first appear."""
    by_number: dict[str, list[Row]] = {}
    for reading in readings:
        if reading.row is not None:
            by_number.setdefault(reading.row.number, []).append(reading.row)
    return tuple(_ticket(rows) for rows in by_number.values())


def summarise(readings: Sequence[Reading], tickets: Sequence[Ticket]) -> Summary:
    """Counts of what was read and what came of it."""
    used = sum(reading.row is not None for reading in readings)
    majors = sum(ticket.is_major for ticket in tickets)
    return Summary(
        rows=len(readings),
        rows_used=used,
        rows_rejected=len(readings) - used,
        rows_with_problems=sum(bool(reading.problems) for reading in readings),
        problems=sum(len(reading.problems) for reading in readings),
        tickets=len(tickets),
        majors=majors,
        not_proposed=len(tickets) - majors,
    )


def _ticket(rows: Sequence[Row]) -> Ticket:
    last = rows[-1]
    steps = _steps(rows)
    return Ticket(
        number=last.number,
        opened_at=min(row.opened_at for row in rows),
        resolved_at=_ended_at(last.resolved_at, steps, first=IncidentState.RESOLVED),
        closed_at=_ended_at(last.closed_at, steps, first=IncidentState.CLOSED),
        state=last.state,
        priority=last.priority,
        impact=last.impact,
        urgency=last.urgency,
        contact_type=_latest(rows, "contact_type"),
        location=_latest(rows, "location"),
        category=_latest(rows, "category"),
        subcategory=_latest(rows, "subcategory"),
        symptom=_latest(rows, "u_symptom"),
        group=_latest(rows, "assignment_group"),
        steps=steps,
        reassignments=_reassignments(rows),
        lines=tuple(row.line for row in rows),
    )


def _steps(rows: Sequence[Row]) -> tuple[Step, ...]:
    """The first row of each run of one state. A step never lies before the one that it follows in the log."""
    steps: list[Step] = []
    for row in rows:
        before = steps[-1] if steps else None
        if before is not None and before.state == row.state:
            continue
        at = row.updated_at if before is None else max(before.at, row.updated_at)
        reopened = before is not None and before.state in _ENDED and row.state not in _ENDED
        steps.append(Step(at=at, state=row.state, word=row.state_word, line=row.line, reopened=reopened))
    return tuple(steps)


def _reassignments(rows: Sequence[Row]) -> tuple[Reassignment, ...]:
    """Every change of the group; rows without a recorded group change nothing."""
    known = [row for row in rows if row.texts["assignment_group"]]
    moves = [
        Reassignment(
            at=after.updated_at,
            before=before.texts["assignment_group"],
            after=after.texts["assignment_group"],
            line=after.line,
        )
        for before, after in pairwise(known)
        if before.texts["assignment_group"] != after.texts["assignment_group"]
    ]
    return tuple(moves)


def _ended_at(recorded: datetime | None, steps: Sequence[Step], *, first: IncidentState) -> datetime | None:
    """When the ticket ended in this sense. The log writes the final time into every row, so a ticket that never
    reached the state has none; a time that was not recorded is that of the last such step."""
    reached = [step.at for step in steps if step.state == first]
    if not reached:
        return None
    return recorded if recorded is not None else reached[-1]


def _latest(rows: Sequence[Row], name: str) -> str:
    """The last value that was recorded."""
    return next((value for row in reversed(rows) if (value := row.texts[name])), "")
