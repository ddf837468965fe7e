"""Promises as the ledger sees them: which were late, who was accountable then, and how they were held since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from comms.models import OwedAudience, UpdateDeadline
from incidents.models import CommandTenure
from mim_portal.lib import times
from reviews.rules import lapses as rules
from reviews.rules import ledger

Moment = tuple[int, datetime]


@dataclass(frozen=True, kw_only=True)
class PastPromise:
    """A promise that fell due, as the rules read it, and where it came from."""

    deadline_id: int
    incident_id: int
    promise: rules.Promise

    @property
    def source_key(self) -> str:
        return f"deadline:{self.deadline_id}"


def facts(promise: rules.Promise) -> dict[str, Any]:
    """What a lapse remembers of its promise, and its sentence is made of; plain data, no person."""
    return {
        "audience": promise.audience,
        "is_first": promise.is_first,
        "opened_at": times.iso(promise.opened_at),
        "due_at": times.iso(promise.due_at),
        "interval": promise.interval.total_seconds(),
        "kept_at": times.iso(promise.kept_at) if promise.kept_at else None,
        "ended_at": times.iso(promise.ended_at) if promise.ended_at else None,
    }


def from_facts(remembered: Mapping[str, Any]) -> rules.Promise | None:
    """The promise again; None where the lapse is about something else."""
    if "due_at" not in remembered:
        return None
    moments = {
        name: datetime.fromisoformat(remembered[name]) if remembered.get(name) else None
        for name in ("opened_at", "due_at", "kept_at", "ended_at")
    }
    due_at = moments["due_at"]
    if due_at is None:
        return None
    return rules.Promise(
        audience=str(remembered["audience"]),
        is_first=bool(remembered.get("is_first")),
        opened_at=moments["opened_at"] or due_at,
        due_at=due_at,
        interval=timedelta(seconds=float(remembered.get("interval", 0))),
        kept_at=moments["kept_at"],
        ended_at=moments["ended_at"],
    )


def incidents_of(deadline_ids: Sequence[int]) -> set[int]:
    """The incidents of these deadlines."""
    return set(UpdateDeadline.objects.filter(pk__in=deadline_ids).values_list("incident_id", flat=True))


def past(deadline_ids: Sequence[int]) -> list[PastPromise]:
    """The deadlines as promises, in their order."""
    rows = list(UpdateDeadline.objects.filter(pk__in=deadline_ids).select_related("audience").order_by("pk"))
    intervals = _intervals({row.incident_id for row in rows})
    return [
        PastPromise(
            deadline_id=row.pk,
            incident_id=row.incident_id,
            promise=rules.Promise(
                audience=row.audience.code,
                is_first=row.is_first,
                opened_at=row.opened_at,
                due_at=row.due_at,
                interval=intervals.get((row.incident_id, row.audience_id), row.due_at - row.opened_at),
                kept_at=row.kept_at,
                ended_at=row.ended_at,
            ),
        )
        for row in rows
    ]


def _intervals(incident_ids: Iterable[int]) -> dict[tuple[int, int], timedelta]:
    """The cadence that was agreed for each audience of each incident; on change only has none."""
    owed = OwedAudience.objects.filter(incident__in=incident_ids, every_minutes__isnull=False)
    rows = owed.values_list("incident_id", "audience_id", "every_minutes")
    return {(incident, audience): timedelta(minutes=minutes or 0) for incident, audience, minutes in rows}


def managers_at(moments: Sequence[Moment]) -> dict[Moment, int]:
    """Whose tenure covered each moment of its incident; after the end, whoever was accountable last."""
    tenures: dict[int, list[ledger.Tenure]] = {}
    rows = CommandTenure.objects.filter(incident__in={incident for incident, _ in moments}).order_by("started_at")
    for row in rows:
        tenure = ledger.Tenure(person_id=row.manager_id, started_at=row.started_at, ended_at=row.ended_at)
        tenures.setdefault(row.incident_id, []).append(tenure)
    found: dict[Moment, int] = {}
    for incident_id, at in moments:
        line = tenures.get(incident_id, [])
        person_id = ledger.addressee(line, at=at) or (line[-1].person_id if line else None)
        if person_id is not None:
            found[(incident_id, at)] = person_id
    return found


def of_incident(incident_id: int) -> Iterable[UpdateDeadline]:
    """Every promise of one incident, in the order in which they fell due."""
    return UpdateDeadline.objects.filter(incident=incident_id).select_related("audience").order_by("due_at", "pk")
