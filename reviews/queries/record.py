"""What the record says about one incident, as its review starts from it: no person, only teams and audiences."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from comms.models import Update
from incidents.choices import WRONG_REVISIONS
from incidents.models import Engagement, ImpactStatement, Incident
from incidents.queries import impact
from reviews.queries import promises


@dataclass(frozen=True, kw_only=True)
class Promises:
    """How the promises to one audience were held; `worst` is the longest lateness."""

    audience: str
    kept: int
    late: int
    worst: timedelta


@dataclass(frozen=True, kw_only=True)
class TeamHelp:
    """One team's help: when it was asked, and how long until it answered and joined."""

    team: str
    asked_at: datetime
    to_acknowledge: timedelta | None
    to_join: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Message:
    """One published update."""

    sequence: int
    kind: str
    audiences: tuple[str, ...]
    published_at: datetime
    corrected: bool


@dataclass(frozen=True, kw_only=True)
class Record:
    """All of it, in the order in which it happened."""

    incident: Incident
    impact: str
    impact_versions: int
    impact_corrections: int
    promises: tuple[Promises, ...]
    teams: tuple[TeamHelp, ...]
    messages: tuple[Message, ...]


def of(incident: Incident, *, tz: tzinfo = UTC) -> Record:
    """Read the incident's record, the times of its sentence in that zone; a fixed number of queries."""
    versions = list(ImpactStatement.objects.filter(incident=incident).order_by("version"))
    latest = impact.current(incident) if versions else None
    return Record(
        incident=incident,
        impact=impact.sentence(latest, tz) if latest else "",
        impact_versions=len(versions),
        impact_corrections=sum(version.revision_reason in WRONG_REVISIONS for version in versions),
        promises=_promises(incident.pk),
        teams=_teams(incident.pk),
        messages=_messages(incident.pk),
    )


def _promises(incident_id: int) -> tuple[Promises, ...]:
    lateness: dict[str, list[timedelta]] = {}
    for deadline in promises.of_incident(incident_id):
        if deadline.kept_at is None and deadline.missed_at is None:
            continue
        end = deadline.kept_at or deadline.ended_at or deadline.missed_at or deadline.due_at
        late = max(end - deadline.due_at, timedelta()) if _was_late(deadline.kept_at, deadline.due_at) else timedelta()
        lateness.setdefault(deadline.audience.name, []).append(late)
    return tuple(
        Promises(
            audience=name,
            kept=sum(not late for late in lengths),
            late=sum(bool(late) for late in lengths),
            worst=max(lengths),
        )
        for name, lengths in lateness.items()
    )


def _was_late(kept_at: datetime | None, due_at: datetime) -> bool:
    return kept_at is None or kept_at > due_at


def _teams(incident_id: int) -> tuple[TeamHelp, ...]:
    rows = Engagement.objects.filter(incident=incident_id).select_related("team").order_by("asked_at", "pk")
    return tuple(
        TeamHelp(
            team=row.team.name,
            asked_at=row.asked_at,
            to_acknowledge=row.acknowledged_at - row.asked_at if row.acknowledged_at else None,
            to_join=row.joined_at - row.asked_at if row.joined_at else None,
        )
        for row in rows
    )


def _messages(incident_id: int) -> tuple[Message, ...]:
    rows = (
        Update.objects.filter(incident=incident_id, published_at__isnull=False)
        .prefetch_related("audiences")
        .order_by("sequence")
    )
    return tuple(
        Message(
            sequence=row.sequence or 0,
            kind=str(row.get_kind_display()),
            audiences=tuple(audience.name for audience in sorted(row.audiences.all(), key=lambda a: a.position)),
            published_at=row.published_at,
            corrected=row.state == "corrected",
        )
        for row in rows
        if row.published_at is not None
    )
