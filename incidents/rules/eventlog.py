"""Reads one row of a ServiceNow incident event log, and says what in it cannot be read.

The log has one row for each change of a ticket; "?" stands for a value that was not recorded. Rows are values here:
what they become is decided by `history`, and written by a service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final, TypeVar

from incidents.choices import IncidentState, Priority

T = TypeVar("T")

UNKNOWN: Final = "?"
# The log's word for a state, in our states. A ticket that waits is still worked on; "-100" is outside any model.
STATES: Final[Mapping[str, IncidentState]] = {
    "New": IncidentState.DECLARED,
    "Active": IncidentState.INVESTIGATING,
    "Awaiting User Info": IncidentState.INVESTIGATING,
    "Awaiting Vendor": IncidentState.INVESTIGATING,
    "Awaiting Evidence": IncidentState.INVESTIGATING,
    "Awaiting Problem": IncidentState.IDENTIFIED,
    "Resolved": IncidentState.RESOLVED,
    "Closed": IncidentState.CLOSED,
}
PRIORITIES: Final[Mapping[str, Priority]] = {
    "1 - Critical": Priority.P1,
    "2 - High": Priority.P2,
    "3 - Moderate": Priority.P3,
    "4 - Low": Priority.P4,
    "5 - Planning": Priority.P5,
}
LEVELS: Final[Mapping[str, int]] = {"1 - High": 1, "2 - Medium": 2, "3 - Low": 3}
# Texts that are taken over; a "?" in one of them is reported and read as nothing.
TEXTS: Final = ("contact_type", "location", "category", "subcategory", "u_symptom", "assignment_group")
REQUIRED_COLUMNS: Final = (
    *("number", "incident_state", "priority", "impact", "urgency"),
    *("opened_at", "sys_updated_at", "resolved_at", "closed_at"),
    *TEXTS,
)
_DATE_FORMAT: Final = "%d/%m/%Y %H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in one field of one row that could not be read; `fatal` where the row is unusable without it."""

    line: int
    number: str
    field: str
    value: str
    code: str
    message: str
    fatal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One change of a ticket, read. Times are UTC; texts are empty where the log has none."""

    line: int
    number: str
    state: IncidentState
    state_word: str
    updated_at: datetime
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    impact: int | None
    urgency: int | None
    priority: Priority
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A row and its problems; `row` is None where a fatal problem stands among them."""

    row: Row | None
    problems: tuple[Problem, ...]


def missing_columns(header: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Columns that the file would need and does not have."""
    return tuple(column for column in REQUIRED_COLUMNS if column not in header)


def read(fields: Mapping[str, str | None], *, line: int, tz: tzinfo = UTC) -> Reading:
    """Reads one row; `line` is its line in the file, `tz` the zone in which the log was written."""
    reader = _Reader(fields, line=line, tz=tz)
    number = reader.required_text("number")
    state = reader.required_word("incident_state", STATES)
    priority = reader.required_word("priority", PRIORITIES)
    opened_at = reader.required_time("opened_at")
    updated_at = reader.required_time("sys_updated_at")
    resolved_at = reader.time("resolved_at")
    closed_at = reader.time("closed_at")
    impact = reader.word("impact", LEVELS)
    urgency = reader.word("urgency", LEVELS)
    texts = {name: reader.text(name) for name in TEXTS}
    if not number or state is None or priority is None or opened_at is None or updated_at is None:
        return Reading(row=None, problems=tuple(reader.problems))
    row = Row(
        line=line,
        number=number,
        state=state,
        state_word=(fields["incident_state"] or "").strip(),
        updated_at=reader.not_before(updated_at, opened_at, field="sys_updated_at", after="opened_at") or opened_at,
        opened_at=opened_at,
        resolved_at=reader.not_before(resolved_at, opened_at, field="resolved_at", after="opened_at"),
        closed_at=reader.not_before(closed_at, resolved_at or opened_at, field="closed_at", after="resolved_at"),
        impact=impact,
        urgency=urgency,
        priority=priority,
        texts=texts,
    )
    return Reading(row=row, problems=tuple(reader.problems))


class _Reader:
    """Reads fields of one row and keeps what it could not read."""

    def __init__(self, fields: Mapping[str, str | None], *, line: int, tz: tzinfo) -> None:
        self.fields = fields
        self.line = line
        self.tz = tz
        self.problems: list[Problem] = []

    def text(self, name: str) -> str:
        value = (self.fields.get(name) or "").strip()
        if value and value != UNKNOWN:
            return value
        self._report(name, "unknown", "not recorded")
        return ""

    def required_text(self, name: str) -> str:
        value = (self.fields.get(name) or "").strip()
        if value and value != UNKNOWN:
            return value
        self._report(name, "unknown", "not recorded, and the row cannot be used without it", fatal=True)
        return ""

    def word(self, name: str, words: Mapping[str, T], *, fatal: bool = False) -> T | None:
        value = self.required_text(name) if fatal else self.text(name)
        if not value:
            return None
        if value not in words:
            outside = "not a value of the model" + (", and the row cannot be used without it" if fatal else "")
            self._report(name, "outside_model", outside, fatal=fatal)
            return None
        return words[value]

    def required_word(self, name: str, words: Mapping[str, T]) -> T | None:
        return self.word(name, words, fatal=True)

    def time(self, name: str, *, fatal: bool = False) -> datetime | None:
        value = self.required_text(name) if fatal else self.text(name)
        if not value:
            return None
        try:
            local = datetime.strptime(value, _DATE_FORMAT).replace(tzinfo=self.tz)
        except ValueError:
            self._report(name, "impossible_date", "no date of the form day/month/year hour:minute", fatal=fatal)
            return None
        return local.astimezone(UTC)

    def required_time(self, name: str) -> datetime | None:
        return self.time(name, fatal=True)

    def not_before(self, at: datetime | None, earliest: datetime, *, field: str, after: str) -> datetime | None:
        if at is None or at >= earliest:
            return at
        self._report(field, "impossible_date", f"before {after}, so it is not used")
        return None

    def _report(self, name: str, code: str, words: str, *, fatal: bool = False) -> None:
        value = (self.fields.get(name) or "").strip()
        problem = Problem(
            line=self.line,
            number=(self.fields.get("number") or "").strip(),
            field=name,
            value=value,
            code=code,
            message=f"line {self.line}: {name} is “{value}”: {words}",
            fatal=fatal,
        )
        self.problems.append(problem)
