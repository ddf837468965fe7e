"""What happens in an incident moves its open promises earlier, never later, and never makes a second one."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max

from comms.models import CadencePolicy, OwedAudience, Update, UpdateDeadline
from comms.rules.promises import cadence
from comms.services.promises import promises
from incidents.choices import LIVE_STATES, EntryKind
from incidents.models import Incident, TimelineEntry


@transaction.atomic
def tell(
    *,
    incidents: Sequence[Incident],
    now: datetime,
    within: timedelta = cadence.EVENT_WITHIN,
    audiences: Collection[str] | None = None,
) -> None:
    """Owed audiences (or those named) hear of an event within ten minutes: open deadlines move earlier where they
    are later, and an audience that hears of changes only gets one.
    """
    live = [incident for incident in incidents if incident.state in LIVE_STATES]
    rows = promises.lock_open(incidents=live)
    chosen = [row for row in rows if audiences is None or row.audience.code in audiences]
    for row in chosen:
        _move(row, cadence.event_due(open_due_at=row.due_at, event_at=now, within=within), now=now)
    UpdateDeadline.objects.bulk_update(chosen, ["due_at", "next_action_at"])
    _open_missing(live, rows, due_at=now + within, now=now, audiences=audiences)


def _move(row: UpdateDeadline, due_at: datetime, *, now: datetime) -> None:
    if due_at < row.due_at:
        row.due_at = due_at
        promises.schedule(row, now=now)


def _open_missing(
    incidents: Sequence[Incident],
    rows: Sequence[UpdateDeadline],
    *,
    due_at: datetime,
    now: datetime,
    audiences: Collection[str] | None,
) -> None:
    by_id = {incident.pk: incident for incident in incidents}
    has_one = {(row.incident_id, row.audience_id) for row in rows}
    owed = OwedAudience.objects.filter(incident__in=by_id, owed_until=None).select_related("audience")
    fresh = [
        deadline
        for row in owed
        if (row.incident_id, row.audience_id) not in has_one
        if audiences is None or row.audience.code in audiences
        for deadline in promises.new_deadlines(
            incident=by_id[row.incident_id],
            planned=[promises.Planned(audience=row.audience, due_at=due_at)],
            opened_at=now,
        )
    ]
    UpdateDeadline.objects.bulk_create(fresh)


@transaction.atomic
def owe_again(*, incidents: Sequence[Incident], now: datetime) -> None:
    """A reopened incident owes every audience again, and each hears of it within ten minutes."""
    OwedAudience.objects.filter(incident__in=incidents, owed_until__isnull=False).update(
        owed_since=now, owed_until=None
    )
    tell(incidents=incidents, now=now)


@transaction.atomic
def raise_priority(*, incidents: Sequence[Incident], now: datetime) -> None:
    """Freeze what the higher priority asks, where that is faster, and plan again at once.

    The open deadline only moves earlier: by the new cadence where that is still ahead, and in any case the audience
    hears of the change within ten minutes. Where nobody chose the audiences at declaration, those that the new
    priority owes join.
    """
    live = [incident for incident in incidents if incident.state in LIVE_STATES]
    policies = promises.policies(priorities=(incident.priority for incident in live))
    owed = list(OwedAudience.objects.filter(incident__in=live).select_related("audience"))
    by_id = {incident.pk: incident for incident in live}
    for row in owed:
        promises.hurry(row, policies.get(by_id[row.incident_id].priority, []))
    OwedAudience.objects.bulk_update(owed, promises.CADENCE_FIELDS)
    _join(live, owed, policies, now=now)
    _plan_again(by_id, owed, now=now)
    tell(incidents=live, now=now)


@transaction.atomic
def lower_priority(*, incidents: Sequence[Incident], now: datetime) -> None:
    """Audiences hear of it within ten minutes, and keep the old cadence until the downgrade message is sent to them
    (domain.md 1.8): nobody waits longer without having been told.
    """
    tell(incidents=incidents, now=now)


def _join(
    incidents: Sequence[Incident],
    owed: Sequence[OwedAudience],
    policies: dict[str, list[CadencePolicy]],
    *,
    now: datetime,
) -> None:
    chosen_by_hand = set(
        TimelineEntry.objects.filter(incident__in=incidents, kind=EntryKind.DECLARED)
        .exclude(data__audiences=None)
        .filter(data__has_key="audiences")
        .values_list("incident_id", flat=True)
    )
    known = {(row.incident_id, row.audience_id) for row in owed}
    exceptions = promises.exceptions(service_ids=(incident.service_id for incident in incidents))
    OwedAudience.objects.bulk_create(
        promises.frozen(incident=incident, policy=policy, owed_since=now)
        for incident in incidents
        if incident.pk not in chosen_by_hand
        for policy in promises.usual(
            policies=policies.get(incident.priority, []), service_id=incident.service_id, exceptions=exceptions
        )
        if (incident.pk, policy.audience_id) not in known
    )


def _plan_again(by_id: dict[int, Incident], owed: Sequence[OwedAudience], *, now: datetime) -> None:
    sent = {
        (row["incident"], row["audience"]): row["last"]
        for row in Update.objects.filter(incident__in=by_id, published_at__isnull=False)
        .values("incident", audience=F("audiences"))
        .annotate(last=Max("published_at"))
    }
    cadences = {(row.incident_id, row.audience_id): promises.cadence_of(row) for row in owed}
    agreed = {(row.incident_id, row.audience_id): row.agreed_times for row in owed}
    rows = promises.lock_open(incidents=list(by_id.values()))
    for row in rows:
        key, declared_at = (row.incident_id, row.audience_id), by_id[row.incident_id].declared_at
        if key not in cadences:
            continue
        if key in sent:
            due_at = cadence.policy_due(
                sent_at=sent[key], declared_at=declared_at, cadence=cadences[key], timetable=agreed[key]
            )
        else:
            due_at = cadence.first_due(declared_at=declared_at, cadence=cadences[key])
        if due_at is not None and due_at > now:
            _move(row, due_at, now=now)
    UpdateDeadline.objects.bulk_update(rows, ["due_at", "next_action_at"])
