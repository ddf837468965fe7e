"""Every month of a page's history, however old, and what began in one, a bounded piece at a time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

from django.db.models import Count, Min, Q

from comms.choices import MaintenanceState, UpdateState
from comms.models import Component, Maintenance, StatusPage
from comms.queries import status
from comms.queries.status_facts import IncidentFacts, MonthFacts, PageFacts, WindowFacts
from incidents.rules.intake_trends import next_month
from mim_portal.lib import times

# Incidents and windows on one page of a month.
LISTED: Final = 50
INCIDENT: Final = "incident"
MAINTENANCE: Final = "maintenance"
# When it began, which of the two it is, and what is said of it.
Entry = tuple[datetime, str, IncidentFacts | WindowFacts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """An incident when its readers first heard of it, or a window that is over when it was to begin."""

    at: datetime
    kind: str
    pk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage:
    """One piece of a month, with how many pieces there are."""

    facts: PageFacts
    first: date
    number: int
    numbers: int


def with_months(page: StatusPage, facts: PageFacts) -> PageFacts:
    """The facts with every month of which there is something to read, the newest first.

    Nothing is asked as long as the page itself lists everything.
    """
    began = _began(page) if facts.is_cut else _listed(facts)
    return replace(facts, months=tuple(months(began, zone=times.zone(page.time_zone))))


def entries(facts: PageFacts) -> list[Entry]:
    """What history lists of what the page itself knows, the last first."""
    found: list[Entry] = [
        *((each.started_at, INCIDENT, each) for each in facts.incidents),
        *((each.scheduled_for, MAINTENANCE, each) for each in facts.windows if each.is_over),
    ]
    return sorted(found, key=lambda each: (each[0], each[1], each[2].id), reverse=True)


def _listed(facts: PageFacts) -> list[Began]:
    return [Began(at=at, kind=kind, pk=each.id) for at, kind, each in entries(facts)]


def months(began: Iterable[Began], *, zone: tzinfo) -> list[MonthFacts]:
    """By the calendar of the zone, the newest first."""
    counted = Counter(each.at.astimezone(zone).date().replace(day=1) for each in began)
    return [MonthFacts(first=first, count=count) for first, count in sorted(counted.items(), reverse=True)]


def one(page: StatusPage, first: date, *, number: int) -> MonthPage | None:
    """A piece of one month; None where there is nothing of it to read."""
    began = sorted(_began(page, first), key=lambda each: (each.at, each.kind, each.pk), reverse=True)
    piece = began[(number - 1) * LISTED : number * LISTED]
    if not piece:
        return None
    facts = status.listed_facts(
        page,
        incidents=[each.pk for each in piece if each.kind == INCIDENT],
        windows=[each.pk for each in piece if each.kind == MAINTENANCE],
    )
    return MonthPage(facts=facts, first=first, number=number, numbers=-(-len(began) // LISTED))


def _began(page: StatusPage, month: date | None = None) -> list[Began]:
    """All that ever began, or what began in one month, in two queries."""
    shown = status.showable_incidents()
    windows = Maintenance.objects.filter(pages=page, state=MaintenanceState.COMPLETED)
    if page.only_its_services:
        own = Component.objects.filter(page=page, service__is_active=True).values("service")
        shown = shown.filter(service__in=own)
        windows = windows.filter(services__in=own).distinct()
    told = (
        status.published_to(page.audience_id)
        .filter(incident__in=shown)
        .values_list("incident")
        .annotate(began=Min("published_at"), standing=Count("pk", filter=~Q(state=UpdateState.WITHDRAWN)))
        .filter(standing__gt=0)
        .order_by()
    )
    if month is not None:
        begin, end = _bounds(month, times.zone(page.time_zone))
        told = told.filter(began__gte=begin, began__lt=end)
        windows = windows.filter(scheduled_for__gte=begin, scheduled_for__lt=end)
    found = [Began(at=at, kind=INCIDENT, pk=pk) for pk, at, _standing in told]
    found += [Began(at=at, kind=MAINTENANCE, pk=pk) for pk, at in windows.values_list("pk", "scheduled_for")]
    return found


def _bounds(first: date, zone: tzinfo) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (first, next_month(first)))
    return begin, end
