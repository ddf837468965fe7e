"""What of the incidents hangs on a person, team, service or site: named before anybody switches it off."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from incidents.choices import LIVE_STATES, CandidateState, HandoverState, TaskState
from incidents.models import Candidate, CommandTenure, Engagement, Handover, Incident, Task, Workstream
from incidents.queries import visibility
from mim_portal.lib import addresses
from teams.models import Person, Service, Team
from teams.rules.dependents import Dependent

Found = dict[int, list[Dependent]]


def find(rows: Sequence[Model], *, viewer: Person | None, now: datetime) -> Mapping[int, list[Dependent]]:
    """settings.DEPENDENTS. An incident that the viewer may not see is counted and not named."""
    found: Found = {}
    ids = [row.pk for row in rows]
    if not rows:
        return found
    kind = type(rows[0])
    if kind is Person:
        _of_people(ids, found, viewer=viewer)
    elif kind is Team:
        _of_teams(ids, found, viewer=viewer)
    elif kind is Service:
        _of_services(ids, found, viewer=viewer)
    return found


def _of_people(ids: Sequence[int], found: Found, *, viewer: Person | None) -> None:
    tenures = CommandTenure.objects.filter(manager__in=ids, ended_at=None).select_related("incident")
    offers = Handover.objects.filter(offered_to__in=ids, state=HandoverState.OFFERED).select_related("incident")
    joined = Engagement.objects.filter(acknowledged_by__in=ids, released_at=None).select_related("incident")
    tasks = _open_tasks().filter(owner__in=ids)
    streams = _open_workstreams().filter(lead__in=ids)
    seen = _seen([one.incident_id for rows in (tenures, offers, joined, tasks, streams) for one in rows], viewer=viewer)
    for tenure in tenures:
        _add(found, tenure.manager_id, _("is accountable for %s"), tenure.incident, seen, is_blocking=True)
    for offer in offers:
        _add(found, offer.offered_to_id, _("was offered %s and has not answered"), offer.incident, seen)
    for engagement in joined:
        _add(found, engagement.acknowledged_by_id, _("answers for a team in %s"), engagement.incident, seen)
    for task in tasks:
        _add(found, task.owner_id, _("has an open task in %s"), task.incident, seen)
    for stream in streams:
        _add(found, stream.lead_id, _("leads a workstream of %s"), stream.incident, seen)


def _of_teams(ids: Sequence[int], found: Found, *, viewer: Person | None) -> None:
    asked = Engagement.objects.filter(team__in=ids, released_at=None).select_related("incident").order_by("asked_at")
    tasks = _open_tasks().filter(team__in=ids)
    streams = _open_workstreams().filter(team__in=ids)
    seen = _seen([one.incident_id for rows in (asked, tasks, streams) for one in rows], viewer=viewer)
    for engagement in asked:
        _add(found, engagement.team_id, _("is engaged in %s"), engagement.incident, seen)
    for task in tasks:
        _add(found, task.team_id, _("has an open task in %s"), task.incident, seen)
    for stream in streams:
        _add(found, stream.team_id, _("works on a workstream of %s"), stream.incident, seen)


def _open_tasks() -> QuerySet[Task]:
    """Of live incidents: what is open in a closed record waits for nobody."""
    found = Task.objects.filter(state=TaskState.OPEN, incident__state__in=sorted(LIVE_STATES))
    return found.select_related("incident").order_by("pk")


def _open_workstreams() -> QuerySet[Workstream]:
    found = Workstream.objects.filter(ended_at=None, incident__state__in=sorted(LIVE_STATES))
    return found.select_related("incident").order_by("pk")


def _of_services(ids: Sequence[int], found: Found, *, viewer: Person | None) -> None:
    live = list(Incident.objects.filter(service__in=ids, state__in=sorted(LIVE_STATES)))
    seen = _seen([one.pk for one in live], viewer=viewer)
    for incident in live:
        _add(found, incident.service_id, _("%s is running"), incident, seen)
    for candidate in Candidate.objects.filter(service__in=ids, state=CandidateState.OPEN).exclude(reference=None):
        assert candidate.service_id is not None
        text = _("%s waits for an answer") % candidate.reference
        href = addresses.candidate(str(candidate.reference))
        found.setdefault(candidate.service_id, []).append(Dependent(text=text, href=href))


def _seen(incident_ids: Sequence[int], *, viewer: Person | None) -> frozenset[int]:
    if not incident_ids or viewer is None:
        return frozenset()
    return frozenset(visibility.visible_incidents(viewer).filter(pk__in=incident_ids).values_list("pk", flat=True))


def _add(
    found: Found, pk: int | None, text: str, incident: Incident, seen: frozenset[int], *, is_blocking: bool = False
) -> None:
    assert pk is not None
    is_seen = incident.pk in seen
    what = incident.reference if is_seen else _("a private incident")
    href = addresses.incident(incident.reference) if is_seen else ""
    found.setdefault(pk, []).append(Dependent(text=text % what, href=href, is_blocking=is_blocking))
