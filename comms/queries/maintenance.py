"""Planned maintenance as pages, status pages and the API read it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from comms.choices import OPEN_MAINTENANCE, RUNNING_MAINTENANCE, MaintenanceState
from comms.models import Maintenance, MaintenanceUpdate, StatusPage
from comms.queries.status_facts import WindowFacts, WindowUpdateFacts
from incidents.models import Incident
from incidents.queries.visibility import visible_incidents
from mim_portal.lib import prepared
from teams.models import Person

# On a page: as many as Statuspage's API lists.
LISTED = 50
# A window that begins within this time stands in the rooms of incidents on its services.
SOON = timedelta(hours=4)


def windows() -> QuerySet[Maintenance]:
    """Every window with what lists show of it, the latest to begin first."""
    return (
        Maintenance.objects.select_related("series", "planned_by")
        .prefetch_related("services", "pages")
        .order_by("-scheduled_for", "-pk")
    )


def in_state(found: QuerySet[Maintenance], state: str) -> QuerySet[Maintenance]:
    """Those in a state, or `open`: planned or running."""
    return found.filter(state__in=OPEN_MAINTENANCE) if state == "open" else found.filter(state=state)


def one(pk: int) -> Maintenance | None:
    return windows().prefetch_related("updates__author").filter(pk=pk).first()


def running(*, pages: Iterable[int], services: Iterable[int]) -> set[tuple[int, int]]:
    """Which of these services are worked on now, by page that announces it: (page, service)."""
    through = Maintenance.pages.through.objects.filter(
        statuspage__in=list(pages),
        maintenance__state__in=RUNNING_MAINTENANCE,
        maintenance__services__in=list(services),
    )
    return set(through.values_list("statuspage_id", "maintenance__services"))


def of_service(service: int, *, now: datetime) -> list[Maintenance]:
    """What whoever handles an incident on the service should know: windows that run, and those that begin soon."""
    return _of_service(service=service, now=now, soon=now + SOON)


def ask(*, service: int, now: datetime) -> prepared.Ask:
    """What `of_service` asks, to be asked together with more."""
    return _of_service.ask(service=service, now=now, soon=now + SOON)


@prepared.query
def _of_service(*, service: int, now: datetime, soon: datetime) -> QuerySet[Maintenance]:
    ahead = Q(state=MaintenanceState.SCHEDULED.value, scheduled_for__lte=soon, scheduled_until__gt=now)
    running_now = Q(state__in=sorted(RUNNING_MAINTENANCE))
    return Maintenance.objects.filter(ahead | running_now, services=service).order_by("scheduled_for", "pk")[:3]


def incidents_during(window: Maintenance, *, person: Person) -> list[Incident]:
    """Incidents on its services that began while it ran, as far as this person may see them."""
    if window.started_at is None:
        return []
    during = visible_incidents(person).filter(
        service__in=[service.pk for service in window.services.all()], declared_at__gte=window.started_at
    )
    if window.ended_at is not None:
        during = during.filter(declared_at__lte=window.ended_at)
    return list(during.select_related("service").order_by("-declared_at", "-pk")[:LISTED])


def told(window: Maintenance) -> list[MaintenanceUpdate]:
    """What readers were told of it, in order, of rows that were fetched with it."""
    return sorted(window.updates.all(), key=lambda each: (each.published_at, each.pk))


def windows_of(
    page: StatusPage, listed: Mapping[int, str], *, only: Collection[int] | None = None
) -> tuple[WindowFacts, ...]:
    """What the page says of planned maintenance: everything planned or running, and the latest that are over or were
    cancelled, which calendars go on to show as cancelled; or `only` these.

    `listed` are its services, by the names that it gives them; a customer's page knows of no other.
    """
    if only is not None:
        rows = list(page_windows(page).filter(pk__in=only))
    else:
        over = page_windows(page).exclude(state__in=OPEN_MAINTENANCE)[:LISTED]
        rows = [*page_windows(page).filter(state__in=OPEN_MAINTENANCE)[:LISTED], *over]
    facts = [_facts(row, listed, only_listed=page.only_its_services) for row in rows]
    said = [each for each in facts if each.services]
    return tuple(sorted(said, key=lambda each: (each.scheduled_for, each.id), reverse=True))


def page_windows(page: StatusPage) -> QuerySet[Maintenance]:
    return (
        Maintenance.objects.filter(pages=page)
        .select_related("series")
        .prefetch_related("services", "updates")
        .order_by("-scheduled_for", "-pk")
    )


def _facts(row: Maintenance, listed: Mapping[int, str], *, only_listed: bool) -> WindowFacts:
    services = sorted(row.services.all(), key=lambda each: each.name)
    if only_listed:
        services = [each for each in services if each.pk in listed]
    return WindowFacts(
        id=row.pk,
        title=row.title,
        body=row.body,
        state=row.state,
        scheduled_for=row.scheduled_for,
        scheduled_until=row.scheduled_until,
        series=row.series_id,
        repeat=row.series.repeat if row.series else "",
        started_at=row.started_at,
        ended_at=row.ended_at,
        services=tuple(each.pk for each in services),
        service_names=tuple(listed.get(each.pk) or each.name for each in services),
        updates=tuple(
            WindowUpdateFacts(id=each.pk, state=each.state, body=each.body, published_at=each.published_at)
            for each in told(row)
        ),
    )
