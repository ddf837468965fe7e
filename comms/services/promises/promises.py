"""The rows of promises: frozen cadences and open deadlines, as the rules see them. The verbs are in deadlines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comms.models import Audience, CadencePolicy, OwedAudience, ServiceAudience, UpdateDeadline
from comms.models.deadline import OPEN
from comms.rules.promises import cadence, deadlines
from incidents.models import Incident

_STEPS = (
    ("warn", "warned_at"),
    ("overdue", "missed_at"),
    ("deputy", "deputy_told_at"),
    ("practice_lead", "practice_lead_told_at"),
)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One audience's next promise before it is written. A time that a message named is not moved by the beat."""

    audience: Audience
    due_at: datetime
    promised_at: datetime | None = None


def _minutes(value: int | None) -> timedelta | None:
    return None if value is None else timedelta(minutes=value)


def cadence_of(row: OwedAudience | CadencePolicy) -> cadence.Cadence:
    """The row's minutes as the rules read them; empty minutes mean on change only."""
    return cadence.Cadence(
        first=_minutes(row.first_minutes),
        every=_minutes(row.every_minutes),
        later=_minutes(row.later_minutes),
    )


def rule_of(row: UpdateDeadline) -> deadlines.Deadline:
    """The row as the rules read it, with the steps of its ladder that were taken."""
    return deadlines.Deadline(
        opened_at=row.opened_at,
        due_at=row.due_at,
        missed_at=row.missed_at,
        kept_at=row.kept_at,
        ended_at=row.ended_at,
        done=frozenset(step for step, field in _STEPS if getattr(row, field) is not None),
    )


def schedule(row: UpdateDeadline, *, now: datetime) -> None:
    """Say when the sweep has to look at the row again."""
    row.next_action_at = deadlines.next_step_at(rule_of(row), now=now)


CADENCE_FIELDS = ["first_minutes", "every_minutes", "later_minutes"]


def hurry(row: OwedAudience, policies: Iterable[CadencePolicy]) -> None:
    """Take over what the policies ask of this audience, where that is faster than what is frozen."""
    for policy in policies:
        if policy.audience_id == row.audience_id:
            freeze(row, cadence.faster(cadence_of(row), cadence_of(policy)))


def freeze(row: OwedAudience, planned: cadence.Cadence) -> None:
    """The row as this incident keeps it from now on."""
    row.first_minutes = _whole_minutes(planned.first)
    row.every_minutes = _whole_minutes(planned.every)
    row.later_minutes = _whole_minutes(planned.later)


def policies(*, priorities: Iterable[str]) -> dict[str, list[CadencePolicy]]:
    """The policies of active audiences by priority, in the order of sending."""
    found: dict[str, list[CadencePolicy]] = {}
    rows = CadencePolicy.objects.filter(priority__in=set(priorities), audience__is_active=True)
    for policy in rows.select_related("audience").order_by("audience__position", "audience_id"):
        found.setdefault(policy.priority, []).append(policy)
    return found


def usual(
    *, policies: Iterable[CadencePolicy], service_id: int, exceptions: Mapping[tuple[int, int], bool]
) -> list[CadencePolicy]:
    """The policies of the audiences that are owed unless somebody chooses: by priority, unless the service differs."""
    return [policy for policy in policies if exceptions.get((service_id, policy.audience_id), policy.is_owed)]


def exceptions(*, service_ids: Iterable[int]) -> dict[tuple[int, int], bool]:
    """Where these services differ from the policies: by service and audience."""
    rows = ServiceAudience.objects.filter(service__in=set(service_ids))
    return {(row.service_id, row.audience_id): row.is_owed for row in rows}


def chosen_policies(*, codes: Iterable[str], priority: str, policies: Iterable[CadencePolicy]) -> list[CadencePolicy]:
    """The policies of audiences that somebody chose; one without a policy of its own is served by the default."""
    wanted = set(codes)
    found = {policy.audience.code: policy for policy in policies if policy.audience.code in wanted}
    missing = wanted - found.keys()
    for audience in Audience.objects.filter(code__in=missing, is_active=True) if missing else ():
        usual = cadence.default(priority=priority, audience=audience.code)
        found[audience.code] = CadencePolicy(
            priority=priority,
            audience=audience,
            first_minutes=_whole_minutes(usual.first),
            every_minutes=_whole_minutes(usual.every),
            later_minutes=_whole_minutes(usual.later),
        )
    return list(found.values())


def _whole_minutes(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds() // 60)


def frozen(*, incident: Incident, policy: CadencePolicy, owed_since: datetime) -> OwedAudience:
    """The policy as this incident will keep it, whatever happens to the policy later."""
    return OwedAudience(
        incident=incident,
        audience=policy.audience,
        first_minutes=policy.first_minutes,
        every_minutes=policy.every_minutes,
        later_minutes=policy.later_minutes,
        owed_since=owed_since,
    )


def aligned(*, planned: Sequence[Planned], others: Iterable[UpdateDeadline] = ()) -> list[Planned]:
    """The plan on the incident's shared beats: only earlier, and open promises of other audiences stay where they are.

    A time that a message named to its readers makes a beat and does not follow one: moved, it would count as late
    although what was said was kept.
    """
    dues = {row.audience.code: row.due_at for row in others} | {each.audience.code: each.due_at for each in planned}
    beats = cadence.align(dues)
    return [
        each
        if each.promised_at == each.due_at
        else Planned(audience=each.audience, due_at=beats[each.audience.code], promised_at=each.promised_at)
        for each in planned
    ]


def new_deadlines(
    *, incident: Incident, planned: Iterable[Planned], opened_at: datetime, is_first: bool = False
) -> list[UpdateDeadline]:
    """Unsaved open deadlines, scheduled for the sweep."""
    rows = [
        UpdateDeadline(
            incident=incident,
            audience=each.audience,
            is_first=is_first,
            opened_at=opened_at,
            due_at=each.due_at,
            promised_at=each.promised_at,
        )
        for each in planned
    ]
    for row in rows:
        schedule(row, now=opened_at)
    return rows


def lock_open(*, incidents: Iterable[Incident]) -> list[UpdateDeadline]:
    """The open deadlines of locked incidents, locked, in the order in which they are due."""
    rows = UpdateDeadline.objects.filter(OPEN, incident__in=list(incidents)).select_related("audience")
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("due_at", "audience__position"))
