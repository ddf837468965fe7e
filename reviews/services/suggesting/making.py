"""A suggestion becomes a row: once for each fact, kept out of the room, to whoever was accountable at that moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from incidents.choices import UNRESTORED_STATES
from incidents.models import Incident
from reviews.choices import LapseState
from reviews.models import Lapse
from reviews.queries import promises
from reviews.rules.lapses import Suggestion


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the record shows. `source_key` names the fact, so that finding it again makes no second row.

    `addressee_id` where it is not the manager of that moment: a plan belongs to whose lapse it is.
    """

    incident_id: int
    source_key: str
    suggestion: Suggestion
    facts: dict[str, Any] = field(default_factory=dict)
    addressee_id: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return str(self.suggestion.code), self.source_key


def make(found: Sequence[Found], *, now: datetime) -> list[Lapse]:
    """Rows for what has none yet; exercises make none, nor does a moment that nobody was accountable for.

    The caller holds a transaction. Returns the new rows.
    """
    if not found:
        return []
    incidents = locked({one.incident_id for one in found})
    managers = promises.managers_at([(one.incident_id, one.suggestion.occurred_at) for one in found])
    known = set(
        Lapse.objects.filter(source_key__in=[one.source_key for one in found]).values_list("code", "source_key")
    )
    made: dict[tuple[str, str], Lapse] = {}
    for one in found:
        incident = incidents[one.incident_id]
        addressee = one.addressee_id or managers.get((one.incident_id, one.suggestion.occurred_at))
        if addressee is None or incident.is_exercise or one.key in known:
            continue
        facts = {"audience": one.suggestion.audience, "sentence": one.suggestion.sentence, **one.facts}
        made[one.key] = row(one.suggestion, one.source_key, facts, incident, addressee, now=now)
    return Lapse.objects.bulk_create(list(made.values()))


def make_once(found: Sequence[Found], *, now: datetime) -> list[Lapse]:
    """What happened again in one incident is asked of a person once; until it is answered, its number follows.

    Each names its addressee, and a key of its own for the incident and the person. The caller holds a transaction.
    """
    last = {one.key: one for one in found}
    rows = list(Lapse.objects.filter(incident__in={one.incident_id for one in found}, code__in={c for c, _ in last}))
    for lapse in rows:
        again = last.get((str(lapse.code), lapse.source_key))
        if again is not None and lapse.state == LapseState.SUGGESTED:
            lapse.facts = {**lapse.facts, "sentence": again.suggestion.sentence}
            lapse.save(update_fields=["facts"])
    asked = {(lapse.code, lapse.incident_id, lapse.addressee_id) for lapse in rows}
    return make(
        [one for one in last.values() if (one.suggestion.code, one.incident_id, one.addressee_id) not in asked], now=now
    )


def row(
    suggestion: Suggestion,
    source_key: str,
    facts: dict[str, Any],
    incident: Incident,
    manager_id: int,
    *,
    now: datetime,
) -> Lapse:
    """A suggested lapse that is not saved yet; shown from now on, or after restoration."""
    return Lapse(
        code=suggestion.code,
        incident=incident,
        source_key=source_key,
        facts=facts,
        addressee_id=manager_id,
        occurred_at=suggestion.occurred_at,
        discovered_at=now,
        shown_after=None if incident.state in UNRESTORED_STATES else now,
    )


def locked(incident_ids: Iterable[int]) -> dict[int, Incident]:
    """The incidents, locked in ascending order."""
    rows = Incident.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(incident_ids))
    return {incident.pk: incident for incident in rows.order_by("pk")}
