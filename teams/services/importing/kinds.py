"""What every kind of file brings along: how rows are matched and checked, and how they are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mim_portal.models import AuditEntry
from teams.models import Person
from teams.queries.catalogue_state import Found
from teams.rules.import_rows import Key, Outcome, Parsed


@dataclass(slots=True, kw_only=True)
class Deed:
    """One row that does something: what it is about, what stands there and what shall."""

    row: Parsed
    key: Key | None = None
    label: str = ""
    found: Found | None = None
    values: dict[str, Any] = field(default_factory=dict)  # everything that shall stand there
    outcome: Outcome = Outcome.REFUSED

    @property
    def changed(self) -> Mapping[str, Any]:
        """The values that differ from what stands there."""
        before = self.found.values if self.found else {}
        return {name: value for name, value in self.values.items() if name not in before or before[name] != value}


class KindOfFile:
    """One kind. `match` and `check` write problems to the rows; `write` gets those that create or update."""

    def match(self, rows: Sequence[Parsed], *, now: datetime) -> list[Deed]:
        """Each row with its key and what stands under it."""
        raise NotImplementedError

    def check(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        """Whatever needs more than the row itself: references, addresses of others, who is needed."""
        raise NotImplementedError

    def write(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        """Create and update."""
        raise NotImplementedError

    def invitable(self, deeds: Sequence[Deed]) -> list[Deed]:
        """Rows whose person could be sent an invitation; of anything but people, none."""
        return []


def created(deeds: Sequence[Deed]) -> list[Deed]:
    return [one for one in deeds if one.outcome == Outcome.CREATED]


def updated(deeds: Sequence[Deed]) -> list[Deed]:
    return [one for one in deeds if one.outcome == Outcome.UPDATED]


def audit(deeds: Sequence[Deed], *, noun: str, by: Person | None) -> None:
    """One entry a row: which fields, never what stood in them."""
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                actor=by,
                verb=f"{noun}.{'imported' if one.found is None else 'changed'}",
                subject=f"{noun} {one.label}"[:200],
                data={"fields": sorted(one.changed)} if one.found else {},
            )
            for one in deeds
        ],
        batch_size=1000,
    )
