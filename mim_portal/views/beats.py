"""Promises as writing moments: one message serves every audience of an incident that is due at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from comms.models import UpdateDeadline


@dataclass(frozen=True)
class Beat:
    """The promises of one incident that are due at the same time."""

    promises: tuple[UpdateDeadline, ...]

    @property
    def first(self) -> UpdateDeadline:
        return self.promises[0]

    @property
    def audiences(self) -> str:
        return ", ".join(promise.audience.name for promise in self.promises)


def of(promises: Sequence[UpdateDeadline]) -> list[Beat]:
    """Promises by incident and due time, soonest first."""
    found: dict[tuple[int, datetime], list[UpdateDeadline]] = {}
    for promise in promises:
        found.setdefault((promise.incident_id, promise.due_at), []).append(promise)
    return [Beat(tuple(rows)) for rows in found.values()]
