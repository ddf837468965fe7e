"""Status pages follow published updates, in the transaction that publishes, corrects or withdraws one."""

from collections.abc import Iterable, Sequence
from typing import Any

from comms.models import Update
from comms.services import snapshots
from incidents.choices import EntryKind, IncidentState
from incidents.models import TimelineEntry
from teams.models import Service

# Kinds about published updates, and where their data names one.
_UPDATES_IN = {
    EntryKind.UPDATE_PUBLISHED: ("update",),
    EntryKind.UPDATE_CORRECTED: ("update", "by"),
    EntryKind.UPDATE_WITHDRAWN: ("update",),
}
# What changes no public state and yet what a page may say: whether an update is still owed, or shown at all.
_ABOUT_PROMISES = frozenset({EntryKind.CANCELLED, EntryKind.REOPENED, EntryKind.DETAILS_CHANGED})
_ENDS = frozenset({IncidentState.RESOLVED, IncidentState.CLOSED})


def react(entries: Sequence[TimelineEntry]) -> None:
    """Ask for new versions of the pages whose readers are told something, and show the state of the service there.

    Set-based: a handful of statements for any number of entries. An incident that is resolved or cancelled inside the
    portal leaves every component as it was; the page only stops to call its next update late. One that turns private
    leaves the page with everything that was told of it, the state of its service too.
    """
    spoken = [entry for entry in entries if entry.kind in _UPDATES_IN]
    silent = [entry for entry in entries if entry.kind in _ABOUT_PROMISES or _ended(entry)]
    if spoken:
        _follow(spoken)
    if silent:
        incidents = {entry.incident_id for entry in silent}
        pages = snapshots.want(
            audiences=_told(update__incident__in=incidents, update__published_at__isnull=False),
            services=_services(silent),
        )
        turned = [entry for entry in silent if _shows_elsewhere(entry)]
        if pages and turned:
            snapshots.set_component_states(
                pages=pages, services=_services(turned), now=max(entry.at for entry in turned)
            )


def _follow(entries: Iterable[TimelineEntry]) -> None:
    shown = [entry for entry in entries if not (entry.incident.is_private or entry.incident.is_exercise)]
    if not shown:
        return
    updates = {
        entry.data[name] for entry in shown for name in _UPDATES_IN[EntryKind(entry.kind)] if entry.data.get(name)
    }
    services = {entry.incident.service_id for entry in shown}
    pages = snapshots.want(audiences=_told(update__in=updates), services=services)
    if pages:
        snapshots.set_component_states(pages=pages, services=services, now=max(entry.at for entry in shown))


def _told(**filters: object) -> set[int]:
    """The audiences of the updates that match."""
    return set(Update.audiences.through.objects.filter(**filters).values_list("audience_id", flat=True).distinct())


def _ended(entry: TimelineEntry) -> bool:
    return entry.kind == EntryKind.STATE_CHANGED and entry.data.get("to") in _ENDS


def _shows_elsewhere(entry: TimelineEntry) -> bool:
    """Private from now on, or no longer; or of another service than was thought."""
    return entry.kind == EntryKind.DETAILS_CHANGED and not {"is_private", "service"}.isdisjoint(_changed(entry))


def _services(entries: Iterable[TimelineEntry]) -> set[int]:
    """The services of the incidents, and those that they were thought to be of."""
    found = {entry.incident.service_id for entry in entries}
    before = {_changed(entry)["service"][0] for entry in entries if "service" in _changed(entry)}
    return found | set(Service.objects.filter(slug__in=before).values_list("pk", flat=True)) if before else found


def _changed(entry: TimelineEntry) -> dict[str, Any]:
    """What a change of details changed, with the old value and the new one of each."""
    found: dict[str, Any] = entry.data.get("changed", {})
    return found
