"""What stands beside the impact while somebody revises it: the sentence, what it still owes, hints, older versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db.models import QuerySet

from incidents.choices import Confidence, EntryKind
from incidents.models import ImpactStatement, Incident, TimelineEntry
from incidents.queries import facets, impact, required_facts, visibility
from incidents.rules import impact as rules
from incidents.rules import impact_hints
from incidents.rules import statement as statements
from mim_portal.lib import prepared, times, word_diff
from mim_portal.lib.findings import Finding
from teams.models import Person

OLDER_AT_MOST = 40


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """Whether the statement says enough for the next message: three facts for the first, all seven from the second."""

    gates: tuple[rules.Gate, ...]
    is_first: bool
    required: frozenset[str] = frozenset()  # facts that the organisation requires of the service from the second on

    @property
    def lacking(self) -> tuple[rules.Gate, ...]:
        return tuple(gate for gate in self.gates if not gate.filled and (gate.needed_first or not self.is_first))

    @property
    def stopping(self) -> tuple[rules.Gate, ...]:
        """What a later update is stopped for (C08)."""
        return tuple(gate for gate in self.lacking if not self.is_first and gate.code in self.required)

    @property
    def filled(self) -> int:
        return sum(gate.filled for gate in self.gates)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One statement as its readers will see it, and what a careful colleague would say about it."""

    sentence: str
    readiness: Readiness
    hints: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One stated fact, how sure it is, and who or what says so."""

    name: str
    text: str
    confidence: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One fact that two versions say differently."""

    name: str
    pieces: tuple[word_diff.Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version with what it changed of the one before it."""

    statement: ImpactStatement
    sentence: str
    changes: tuple[Change, ...]


def around(incident: Incident, *, person: Person, as_of: datetime, now: datetime, tz: tzinfo) -> impact_hints.Around:
    """The record beside the statement; older statements only of incidents that the person may see."""
    known = {
        "reported": incident.reported_at,
        "written down": incident.logged_at,
        "raised by the desk": incident.candidate_at,
        "declared": incident.declared_at,
    }
    return impact_hints.Around(
        now=now,
        tz=tz,
        report_times={what: when for what, when in known.items() if when is not None},
        older=_older(incident, person=person),
        interval=_interval(incident),
        reports_since=_reports_since(incident, as_of),
    )


def preview(
    statement: ImpactStatement, typed: Mapping[str, Any], *, around: impact_hints.Around, is_first: bool
) -> Preview:
    """The statement as it would read, with hints about what was typed."""
    facts = impact.facts(statement)
    readiness = Readiness(gates=rules.gates(facts), is_first=is_first)
    if readiness.lacking and not is_first:
        readiness = replace(readiness, required=required_facts.of(statement.incident.service))
    return Preview(
        sentence=impact.sentence(statement, around.tz),
        readiness=readiness,
        hints=impact_hints.hints(typed, as_of=None, around=around),
    )


def readiness(statement: ImpactStatement) -> Readiness:
    """What the standing version still owes the next message."""
    return Readiness(gates=rules.gates(impact.facts(statement)), is_first=is_first_message(statement.incident))


def ask(*, incident: Incident) -> prepared.Ask:
    """What `readiness` asks, to be asked together with more."""
    return _sent.ask(incident=incident)


def is_first_message(incident: Incident) -> bool:
    """Whether nothing was published yet."""
    return not _sent(incident=incident)


@prepared.query
def _sent(*, incident: int) -> QuerySet[TimelineEntry, int]:
    found = TimelineEntry.objects.filter(incident=incident, kind=EntryKind.UPDATE_PUBLISHED)
    return found.values_list("pk", flat=True)[:1]


def grounds(statement: ImpactStatement, tz: tzinfo) -> tuple[Ground, ...]:
    """Every fact that the version states, with what it stands on."""
    texts = {name: getattr(statement, name) for name in statements.STATED}
    sure = statements.confidence_by_field(statements.unpack_confidence(statement.confidence), texts)
    everywhere = statement.sources.get("all", "")
    shown = texts | {"data_state": statement.get_data_state_display()}
    for name in ("since", "until"):
        at = statements.read_since(texts[name], now=statement.as_of).at
        shown[name] = texts[name] if at is None else times.due_time(at, tz, now=statement.as_of)
    return tuple(
        Ground(
            name=name,
            text=shown[name],
            confidence="" if rules.is_being_checked(texts[name]) else str(Confidence(sure[name]).label),
            source=statement.sources.get(name, everywhere),
        )
        for name in statements.STATED
        if texts[name]
    )


def stale(statement: ImpactStatement, *, now: datetime, tz: tzinfo) -> tuple[Finding, ...]:
    """Whether the standing version has been overtaken by reports of the desk."""
    reports = _reports_since(statement.incident, statement.as_of)
    if not reports:
        return ()
    seen = impact_hints.Around(now=now, tz=tz, interval=_interval(statement.incident), reports_since=reports)
    return impact_hints.stale(statement.as_of, around=seen)


def versions(incident: Incident, tz: tzinfo) -> list[Version]:
    """Every version, the newest first, each with its changes."""
    rows = list(impact.versions(incident))
    older: Sequence[ImpactStatement | None] = [*rows[1:], None]
    return [
        Version(
            statement=row,
            sentence=impact.sentence(row, tz),
            changes=changes(before, row) if before is not None else (),
        )
        for row, before in zip(rows, older, strict=True)
    ]


def changes(before: ImpactStatement, after: ImpactStatement) -> tuple[Change, ...]:
    """Word by word, the facts that differ; then how sure, and who says so."""
    was, became = _texts(before), _texts(after)
    differing = [name for name in became if was[name] != became[name]]
    return tuple(Change(name=name, pieces=word_diff.diff(was[name], became[name])) for name in differing)


def _texts(statement: ImpactStatement) -> dict[str, str]:
    words = {name: getattr(statement, name) for name in statements.STATED}
    return words | {
        "confidence": _listed(statement.confidence),
        "sources": _listed(statement.sources),
    }


def _listed(by_field: Mapping[str, str]) -> str:
    if set(by_field) == {"all"}:
        return by_field["all"]
    return "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in by_field.items())


def _older(incident: Incident, *, person: Person) -> tuple[impact_hints.Older, ...]:
    latest = (
        visibility.visible_incidents(person)
        .filter(service=incident.service_id)
        .exclude(pk=incident.pk)
        .order_by("-declared_at", "-id")
        .values("pk")[:OLDER_AT_MOST]
    )
    rows = (
        ImpactStatement.objects.filter(incident__in=latest)
        .order_by("incident_id", "-version")
        .distinct("incident_id")
        .select_related("incident")
    )
    return tuple(
        impact_hints.Older(
            reference=row.incident.reference,
            text=impact_hints.comparable({name: getattr(row, name) for name in statements.TEXTS}),
        )
        for row in rows
    )


def _interval(incident: Incident) -> timedelta | None:
    """The shortest time between two promised updates, as whoever promises them says."""
    promised = facets.facets([incident.pk])[incident.pk].get("deadlines", [])
    spans = [row["due_at"] - row["opened_at"] for row in promised if row["state"] == "open"]
    return min(spans, default=None)


def _reports_since(incident: Incident, as_of: datetime) -> int:
    return len(_added(incident=incident, as_of=as_of))


@prepared.query
def _added(*, incident: int, as_of: datetime) -> QuerySet[TimelineEntry, int]:
    found = TimelineEntry.objects.filter(incident=incident, kind=EntryKind.DESK_REPORT_ADDED, at__gt=as_of)
    return found.values_list("pk", flat=True)
