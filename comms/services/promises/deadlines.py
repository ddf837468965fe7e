"""Promises: opened at declaration, kept by what is published, moved earlier by events, ended with their reason.

Whoever calls holds the lock of the incidents. Decisions are made by the database's clock, read after the lock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from comms.choices import EndReason, UpdateKind
from comms.models import Audience, CadencePolicy, OwedAudience, Update, UpdateDeadline
from comms.queries.promises import downgrades
from comms.rules.promises import cadence, deadlines
from comms.services.promises import promises
from incidents.choices import LIVE_STATES, EntryKind, EntrySource
from incidents.models import Incident
from incidents.services import timeline


@transaction.atomic
def open_first(*, declared: Sequence[tuple[Incident, Collection[str] | None]]) -> None:
    """Freeze the cadences of declared incidents and open the first deadline of every owed audience.

    The codes are the audiences chosen at declaration; None leaves the choice to the priority's policies. First
    deadlines count from declaration and share beats. A fixed number of statements whatever the number of incidents.
    """
    policies = promises.policies(priorities=(incident.priority for incident, _ in declared))
    exceptions = promises.exceptions(
        service_ids=(incident.service_id for incident, chosen in declared if chosen is None)
    )
    owed = [
        promises.frozen(incident=incident, policy=policy, owed_since=incident.declared_at)
        for incident, chosen in declared
        for policy in _applying(incident, chosen, policies.get(incident.priority, []), exceptions)
    ]
    OwedAudience.objects.bulk_create(owed, ignore_conflicts=True)
    rows_of: dict[int, list[OwedAudience]] = {}
    for row in owed:
        rows_of.setdefault(row.incident_id, []).append(row)
    rows = [
        deadline
        for incident, _ in declared
        for deadline in _first_deadlines(incident, rows_of.get(incident.pk, []), since=incident.declared_at)
    ]
    UpdateDeadline.objects.bulk_create(rows, ignore_conflicts=True)


def _applying(
    incident: Incident,
    chosen: Collection[str] | None,
    policies: Sequence[CadencePolicy],
    exceptions: Mapping[tuple[int, int], bool],
) -> list[CadencePolicy]:
    if chosen is None:
        return promises.usual(policies=policies, service_id=incident.service_id, exceptions=exceptions)
    return promises.chosen_policies(codes=chosen, priority=incident.priority, policies=policies)


def _first_deadlines(
    incident: Incident, owed: Iterable[OwedAudience], *, since: datetime, within: timedelta | None = None
) -> list[UpdateDeadline]:
    planned = []
    for row in owed:
        due_at = cadence.first_due(declared_at=since, cadence=promises.cadence_of(row))
        if within is not None:
            due_at = cadence.event_due(open_due_at=due_at, event_at=since, within=within)
        if due_at is not None:
            planned.append(promises.Planned(audience=row.audience, due_at=due_at))
    return promises.new_deadlines(
        incident=incident, planned=promises.aligned(planned=planned), opened_at=since, is_first=True
    )


@transaction.atomic
def keep_and_open(
    *, update: Update, incident: Incident, now: datetime
) -> tuple[list[UpdateDeadline], list[UpdateDeadline]]:
    """Keep the open deadlines of a published update's audiences and open the next ones: (kept, opened).

    Kept at `published_at`; a late one stays late. The next is due at the earlier of what the message promised and
    what the cadence asks, unless the message says that no further one follows. A promise made to an audience that was
    not owed anything is owed from now on.
    """
    published_at = update.published_at or now
    audiences = {audience.pk: audience for audience in update.audiences.all()}
    still_open = promises.lock_open(incidents=[incident])
    kept = [row for row in still_open if row.audience_id in audiences]
    _record_missed([row for row in kept if not _was_on_time(row, published_at)], {incident.pk: incident}, now=now)
    for row in kept:
        row.kept_at, row.kept_by, row.next_action_at = published_at, update, None
    UpdateDeadline.objects.bulk_update(kept, ["missed_at", "kept_at", "kept_by", "next_action_at"])
    if _is_final(update):
        _owe_no_more(incident, audiences, update=update, at=published_at)
        return kept, []
    if incident.state not in LIVE_STATES:
        return kept, []
    owed = _owed_after(incident, audiences, update=update, at=published_at)
    if update.kind == UpdateKind.DOWNGRADE:
        _slow_down(incident, owed)
    planned = [each for each in (_next(row, incident, update, published_at) for row in owed) if each is not None]
    others = [row for row in still_open if row.audience_id not in audiences and row.due_at > published_at]
    opened = UpdateDeadline.objects.bulk_create(
        promises.new_deadlines(
            incident=incident, planned=promises.aligned(planned=planned, others=others), opened_at=published_at
        )
    )
    return kept, opened


def _slow_down(incident: Incident, owed: Sequence[OwedAudience]) -> None:
    """Who has been told that the priority went down is served by the cadence of the new one from now on.

    Only after a downgrade: a policy that was edited meanwhile never changes a running incident.
    """
    if not downgrades.happened(incident.pk):
        return
    policies = promises.policies(priorities=[incident.priority]).get(incident.priority, [])
    asked = {policy.audience_id: policy for policy in policies}
    told = [row for row in owed if row.audience_id in asked]
    for row in told:
        promises.freeze(row, promises.cadence_of(asked[row.audience_id]))
    OwedAudience.objects.bulk_update(told, promises.CADENCE_FIELDS)


def _was_on_time(row: UpdateDeadline, at: datetime) -> bool:
    return deadlines.on_time(due_at=row.due_at, published_at=at)


def _is_final(update: Update) -> bool:
    return update.kind == UpdateKind.CLOSURE or (update.kind == UpdateKind.RESTORED and update.no_further_updates)


def _owe_no_more(incident: Incident, audiences: Collection[int], *, update: Update, at: datetime) -> None:
    rows = OwedAudience.objects.filter(incident=incident, audience__in=audiences, owed_until=None)
    codes = sorted(rows.values_list("audience__code", flat=True))
    if not codes:
        return
    rows.update(owed_until=at)
    reason = EndReason.RESTORED if update.kind == UpdateKind.RESTORED else EndReason.CLOSED
    timeline.append(incident=incident, entries=[_ended_entry(codes, reason, at)])


def _owed_after(
    incident: Incident, audiences: dict[int, Audience], *, update: Update, at: datetime
) -> list[OwedAudience]:
    """The owed rows of these audiences; one that was not owed is from now on where the message promised a next one."""
    rows = OwedAudience.objects.filter(incident=incident, audience__in=audiences).select_related("audience")
    owed = {row.audience_id: row for row in rows}
    if update.next_update_at is None or update.next_update_at <= at:
        return [row for row in owed.values() if row.owed_until is None]
    again = [row for row in owed.values() if row.owed_until is not None]
    for row in again:
        row.owed_since, row.owed_until = at, None
    OwedAudience.objects.bulk_update(again, ["owed_since", "owed_until"])
    new = [
        OwedAudience(incident=incident, audience=audience, owed_since=at)
        for pk, audience in audiences.items()
        if pk not in owed
    ]
    return [*owed.values(), *OwedAudience.objects.bulk_create(new)]


def _next(row: OwedAudience, incident: Incident, update: Update, sent_at: datetime) -> promises.Planned | None:
    due_at = cadence.next_due(
        sent_at=sent_at,
        declared_at=incident.declared_at,
        cadence=promises.cadence_of(row),
        promised_next_at=update.next_update_at,
        timetable=row.agreed_times,
    )
    if due_at is None:
        return None
    return promises.Planned(audience=row.audience, due_at=due_at, promised_at=update.next_update_at)


def _record_missed(rows: Sequence[UpdateDeadline], incidents: dict[int, Incident], *, now: datetime) -> None:
    """Late rows that the sweep had not recorded yet get their record here, once, with the same entry."""
    late: dict[tuple[int, datetime], list[UpdateDeadline]] = {}
    for row in rows:
        if row.missed_at is None:
            row.missed_at = now
            late.setdefault((row.incident_id, row.due_at), []).append(row)
    timeline.append_many([(incidents[incident_id], missed_entry(due)) for (incident_id, _), due in late.items()])


def missed_entry(rows: Sequence[UpdateDeadline]) -> timeline.Entry:
    """The entry for promises of one incident that were due at one moment and passed it."""
    return timeline.Entry(
        kind=EntryKind.DEADLINE_MISSED, at=rows[0].due_at, source=EntrySource.SYSTEM, data=entry_data(rows)
    )


def entry_data(rows: Sequence[UpdateDeadline]) -> dict[str, object]:
    """What entries about deadlines carry: ids, audience codes, the earliest due time."""
    return {
        "deadlines": [row.pk for row in rows],
        "audiences": [row.audience.code for row in rows],
        "due_at": min(row.due_at for row in rows).isoformat(),
    }


def _ended_entry(codes: Sequence[str], reason: EndReason, at: datetime) -> timeline.Entry:
    return timeline.Entry(
        kind=EntryKind.DEADLINE_ENDED,
        at=at,
        source=EntrySource.SYSTEM,
        data={"audiences": list(codes), "reason": reason.value},
    )


@transaction.atomic
def end(*, incidents: Sequence[Incident], reason: EndReason, now: datetime) -> None:
    """Nothing is owed any more: open deadlines end with the reason; one already late is recorded as missed."""
    by_id = {incident.pk: incident for incident in incidents}
    rows = promises.lock_open(incidents=incidents)
    close(rows=rows, incidents=by_id, reason=reason, now=now)
    codes: dict[int, list[str]] = {}
    for row in rows:
        codes.setdefault(row.incident_id, []).append(row.audience.code)
    OwedAudience.objects.filter(incident__in=by_id, owed_until=None).update(owed_until=now)
    timeline.append_many([(by_id[pk], _ended_entry(ended, reason, now)) for pk, ended in codes.items()])


def close(*, rows: Sequence[UpdateDeadline], incidents: dict[int, Incident], reason: EndReason, now: datetime) -> None:
    """Locked open deadlines end with the reason; one already late is recorded as missed first, never forgotten."""
    _record_missed([row for row in rows if not _was_on_time(row, now)], incidents, now=now)
    for row in rows:
        row.ended_at, row.end_reason, row.next_action_at = now, reason, None
    UpdateDeadline.objects.bulk_update(rows, ["missed_at", "ended_at", "end_reason", "next_action_at"])
