"""Figures from the record, over what the person may see. Exercises are practice and count nowhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, QuerySet

from comms.models import UpdateDeadline
from incidents.choices import IncidentState
from incidents.models import Engagement, Incident
from incidents.queries import visibility
from reviews.rules import metrics as rules
from reviews.rules.metrics import Definition, Length, Measure, Share
from teams.models import Person

_LENGTHS = tuple(definition for definition in rules.DEFINITIONS if definition.start)
_TIMES = tuple(sorted({name for definition in _LENGTHS for name in (definition.start, definition.end)}))


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which incidents count: declared in a period, of a priority, of a service. Empty means all."""

    since: datetime | None = None
    until: datetime | None = None
    priority: str = ""
    service: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One measure over everything, and for each audience where it has one."""

    definition: Definition
    total: Measure
    by_audience: tuple[tuple[str, str, Measure], ...] = ()  # code, name, measure


def figures(person: Person | AnonymousUser, *, filters: Filters, now: datetime) -> list[Figures]:
    """Every measure in the order of its definitions; four queries whatever the number of incidents."""
    counted = incidents(person, filters)
    found = _incident_lengths(counted) | _engagement_lengths(counted) | _promises(counted, now=now)
    return [found[definition.code] for definition in rules.DEFINITIONS]


def incidents(person: Person | AnonymousUser, filters: Filters) -> QuerySet[Incident]:
    """The incidents that count; imported history counts where its times exist."""
    found = visibility.visible_incidents(person).filter(is_exercise=False).exclude(state=IncidentState.CANCELLED)
    if filters.since:
        found = found.filter(declared_at__gte=filters.since)
    if filters.until:
        found = found.filter(declared_at__lt=filters.until)
    if filters.priority:
        found = found.filter(priority=filters.priority)
    if filters.service:
        found = found.filter(service__slug=filters.service)
    return found


def _incident_lengths(counted: QuerySet[Incident]) -> dict[str, Figures]:
    rows: list[dict[str, Any]] = list(counted.values(*_TIMES))
    return {
        definition.code: _of_lengths(definition, [(row[definition.start], row[definition.end]) for row in rows])
        for definition in _LENGTHS
    }


def _of_lengths(definition: Definition, pairs: Sequence[tuple[datetime | None, datetime | None]]) -> Figures:
    return Figures(definition=definition, total=rules.of_length(rules.length(pairs)))


def _engagement_lengths(counted: QuerySet[Incident]) -> dict[str, Figures]:
    rows = Engagement.objects.filter(incident__in=counted).values_list("asked_at", "acknowledged_at", "joined_at")
    asked = list(rows)
    return {
        "tta": _of_lengths(rules.BY_CODE["tta"], [(at, acknowledged) for at, acknowledged, _ in asked]),
        "tte": _of_lengths(rules.BY_CODE["tte"], [(at, joined) for at, _, joined in asked]),
    }


def _promises(counted: QuerySet[Incident], *, now: datetime) -> dict[str, Figures]:
    decided = Q(kept_at__isnull=False) | Q(due_at__lt=now, ended_at=None) | Q(ended_at__gt=F("due_at"))
    on_time = Q(kept_at__lte=F("due_at"))
    first = Q(is_first=True)
    rows = list(
        UpdateDeadline.objects.filter(decided, incident__in=counted)
        .values("audience__code", "audience__name", "audience__position")
        .annotate(
            n=Count("pk"),
            kept=Count("pk", filter=on_time),
            first_n=Count("pk", filter=first),
            first_kept=Count("pk", filter=on_time & first),
        )
        .order_by("audience__position")
    )
    return {
        "promise_kept_rate": _of_shares("promise_kept_rate", rows, hits="kept", n="n"),
        "first_comms_on_time_rate": _of_shares("first_comms_on_time_rate", rows, hits="first_kept", n="first_n"),
        "ttfc": _first_comms(counted),
    }


def _of_shares(code: str, rows: Iterable[Mapping[str, Any]], *, hits: str, n: str) -> Figures:
    parts = [(row["audience__code"], row["audience__name"], Share(hits=row[hits], n=row[n])) for row in rows if row[n]]
    total = Share(hits=sum(share.hits for *_, share in parts), n=sum(share.n for *_, share in parts))
    return Figures(
        definition=rules.BY_CODE[code],
        total=rules.of_share(total),
        by_audience=tuple((audience, name, rules.of_share(share)) for audience, name, share in parts),
    )


def _first_comms(counted: QuerySet[Incident]) -> Figures:
    rows = (
        UpdateDeadline.objects.filter(incident__in=counted, is_first=True, kept_at__isnull=False)
        .order_by("audience__position")
        .values_list("audience__code", "audience__name", "incident__declared_at", "kept_at")
    )
    pairs: dict[tuple[str, str], list[tuple[datetime | None, datetime | None]]] = {}
    for code, name, declared_at, kept_at in rows:
        pairs.setdefault((code, name), []).append((declared_at, kept_at))
    everything: Length = rules.length([pair for group in pairs.values() for pair in group])
    return Figures(
        definition=rules.BY_CODE["ttfc"],
        total=rules.of_length(everything),
        by_audience=tuple((code, name, rules.of_length(rules.length(group))) for (code, name), group in pairs.items()),
    )
