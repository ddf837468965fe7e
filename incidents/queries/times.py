"""The incident's times as the record has them: the value that counts, where it came from, and every value before it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.choices import LIVE_STATES, UNRESTORED_STATES
from incidents.models import Engagement, Incident, RecordedTime
from incidents.models.incident import TIME_FIELDS
from incidents.queries import facets
from incidents.rules import times as rules

LABELS: Mapping[str, Any] = {
    "impact_started_at": _("Impact started"),
    "detected_at": _("Detected"),
    "reported_at": _("First contact with the desk"),
    "logged_at": _("Logged"),
    "candidate_at": _("Raised as a candidate"),
    "handover_accepted_at": _("Accepted from the desk"),
    "declared_at": _("Declared"),
    "mim_assigned_at": _("Manager accountable"),
    "diagnosed_at": _("Cause confirmed"),
    "workaround_at": _("Workaround in use"),
    "fix_started_at": _("Fix started"),
    "mitigated_at": _("Impact reduced"),
    "service_restored_at": _("Service restored"),
    "restored_confirmed_at": _("Restoration confirmed"),
    "resolved_at": _("Resolved"),
    "closed_at": _("Closed"),
}


@dataclass(frozen=True, kw_only=True)
class TimeRow:
    """One time of domain.md 1.9. `latest` says where the value that counts comes from; `earlier` are those before."""

    name: str
    label: str
    at: datetime | None
    latest: RecordedTime | None
    earlier: Sequence[RecordedTime] = ()
    is_missing: bool = False

    @property
    def is_fixed(self) -> bool:
        """The portal's own instant."""
        return self.name in rules.FIXED

    @property
    def unknown_because(self) -> str:
        """Why nobody knows it, where somebody said so."""
        return self.latest.reason if self.at is None and self.latest is not None else ""


@dataclass(frozen=True, kw_only=True)
class Times:
    """All times of one incident, those of its teams and audiences from their own sources, and what looks wrong."""

    rows: Sequence[TimeRow]
    warnings: Sequence[rules.OrderWarning]
    teams: Sequence[Engagement]
    elsewhere: Mapping[str, Any] = field(default_factory=dict)

    @property
    def missing(self) -> list[TimeRow]:
        """What the record needs and somebody could tell now."""
        return [row for row in self.rows if row.is_missing]


def of(incident: Incident) -> Times:
    """Everything, in a fixed number of reads."""
    recorded = _recorded(incident)
    open_names = _so_far(incident, _missing(incident, recorded))
    teams = list(Engagement.objects.filter(incident=incident).select_related("team").order_by("asked_at", "id"))
    return Times(
        rows=[_row(incident, name, recorded[name], is_missing=name in open_names) for name in TIME_FIELDS],
        warnings=warnings(incident, teams),
        teams=teams,
        elsewhere=facets.facets([incident.pk])[incident.pk],
    )


def row(incident: Incident, name: str) -> TimeRow | None:
    """One of them; None where no time has that name."""
    if name not in TIME_FIELDS:
        return None
    recorded = _recorded(incident)
    return _row(incident, name, recorded[name], is_missing=name in _so_far(incident, _missing(incident, recorded)))


def missing(incident: Incident) -> tuple[str, ...]:
    """The names of times that the record needs and that are neither given nor known to be unknown."""
    return _missing(incident, _recorded(incident))


def missing_so_far(incident: Incident) -> tuple[str, ...]:
    """Of these, what somebody could tell now: while users wait, nobody is asked when they could work again."""
    return _so_far(incident, missing(incident))


def warnings(incident: Incident, teams: Sequence[Engagement] = ()) -> tuple[rules.OrderWarning, ...]:
    """Pairs of times that stand the wrong way round; they are told and never refused."""
    given: dict[str, datetime | None] = {name: getattr(incident, name, None) for name in rules.NAMES}
    joined = [team.joined_at for team in teams if team.joined_at is not None]
    return rules.out_of_order(given | {"engaged_at": min(joined, default=None)})


def _recorded(incident: Incident) -> dict[str, list[RecordedTime]]:
    found: dict[str, list[RecordedTime]] = defaultdict(list)
    rows = RecordedTime.objects.filter(incident=incident).select_related("recorded_by")
    for each in rows.order_by("-recorded_at", "-id"):
        found[each.field].append(each)
    return found


def _missing(incident: Incident, recorded: Mapping[str, Sequence[RecordedTime]]) -> tuple[str, ...]:
    known = {name: getattr(incident, name) for name in rules.NEEDED}
    unknown = {name for name in rules.NEEDED if recorded[name] and recorded[name][0].reason}
    return rules.missing(known, unknown=unknown)


def _so_far(incident: Incident, names: Sequence[str]) -> tuple[str, ...]:
    later = rules.to_come(
        is_restored=incident.state not in UNRESTORED_STATES, is_resolved=incident.state not in LIVE_STATES
    )
    return tuple(name for name in names if name not in later)


def _row(incident: Incident, name: str, recorded: Sequence[RecordedTime], *, is_missing: bool) -> TimeRow:
    return TimeRow(
        name=name,
        label=str(LABELS[name]),
        at=getattr(incident, name),
        latest=recorded[0] if recorded else None,
        earlier=recorded[1:],
        is_missing=is_missing,
    )
