"""Readers of the log and guards, as the apps above have them, for tests of the hooks."""

from datetime import datetime, timedelta
from typing import Any

from incidents.models import Incident, TimelineEntry
from mim_portal.lib.refusals import Refusal
from tests.factories import NOON

seen: list[list[tuple[str, str]]] = []


def remember(entries: list[TimelineEntry]) -> None:
    seen.append([(entry.incident.reference, entry.kind) for entry in entries])


def fail(entries: list[TimelineEntry]) -> None:
    raise RuntimeError(f"cannot read {len(entries)}")


def fail_on_notes(entries: list[TimelineEntry]) -> None:
    """Reads everything but notes, and leaves a trace in the database before it fails."""
    for entry in entries:
        Incident.objects.filter(pk=entry.incident_id).update(external_ref=f"read {entry.seq}")
        if entry.kind == "note":
            raise ValueError("a note")


def nothing_resolves(*, incident: Incident, to: str, now: datetime) -> list[Refusal]:
    if to != "resolved":
        return []
    return [Refusal("The restored message has not been sent.", code="not_told", extra={"missing": ["end_users"]})]


def promises(incident: Incident) -> dict[str, str]:
    return {"promises": f"{incident.reference}: end users 12:30"}


def deadlines(incident_ids: list[int]) -> dict[int, dict[str, list[str]]]:
    return {pk: {"deadlines": ["12:30"]} for pk in incident_ids}


def desk_word(incident: Incident) -> dict[str, Any]:
    """What an app above knows of the desk: the last message to it, and when the next one is due."""
    return {"said": "We are rolling back.", "said_at": NOON, "next_at": NOON + timedelta(minutes=30)}
