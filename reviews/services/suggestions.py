"""Lapses that the portal suggests: made from the record, kept out of the room, passed on when nobody answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from incidents.choices import UNRESTORED_STATES
from incidents.models import Incident
from reviews.choices import LapseState
from reviews.models import Lapse
from reviews.queries import defects, promises, shifts
from reviews.rules import lapses as rules
from reviews.rules import ledger


@transaction.atomic
def suggest_late_updates(*, deadline_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """Suggest one lapse for each promise that was late, to the manager whose tenure covered the moment it fell due.

    Safe to repeat: a promise makes one row, whether the sweep or a late update told of it first, and a row that
    nobody has answered yet learns how the promise went on. Exercises make none. Returns the new rows.
    """
    wanted = sorted(set(deadline_ids))
    if not wanted:
        return []
    incidents = _locked_incidents(promises.incidents_of(wanted))
    past = [
        (promise, suggestion)
        for promise in promises.past(wanted)
        if not incidents[promise.incident_id].is_exercise
        and (suggestion := rules.from_promise(promise.promise, now=now)) is not None
    ]
    managers = promises.managers_at([(promise.incident_id, promise.promise.due_at) for promise, _ in past])
    known = {lapse.source_key: lapse for lapse in Lapse.objects.filter(source_key__in=[p.source_key for p, _ in past])}
    made = []
    for promise, suggestion in past:
        manager_id = managers.get((promise.incident_id, promise.promise.due_at))
        if promise.source_key in known:
            _learn(known[promise.source_key], suggestion, promise)
        elif manager_id is not None:
            facts, incident = promises.facts(promise.promise), incidents[promise.incident_id]
            made.append(_suggested(suggestion, promise.source_key, facts, incident, manager_id, now=now))
    return Lapse.objects.bulk_create(made)


@transaction.atomic
def suggest_language_defects(*, update_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """Suggest one lapse for each update that left unread with a mistake, to whoever was accountable when it left.

    Safe to repeat: an update makes one row, whatever was found in it. Exercises make none. Returns the new rows.
    """
    found = defects.of(sorted(set(update_ids)))
    if not found:
        return []
    incidents = _locked_incidents({one.incident_id for one in found})
    managers = promises.managers_at([(one.incident_id, one.published_at) for one in found])
    known = set(
        Lapse.objects.filter(source_key__in=[one.source_key for one in found]).values_list("source_key", flat=True)
    )
    made = []
    for one in found:
        incident, manager_id = incidents[one.incident_id], managers.get((one.incident_id, one.published_at))
        suggestion = rules.from_recheck(
            number=one.number, audiences=one.audiences, published_at=one.published_at, defects=one.defects
        )
        if suggestion is None or manager_id is None or incident.is_exercise or one.source_key in known:
            continue
        facts = {"audience": suggestion.audience, "update": one.update_id, "sentence": suggestion.sentence}
        made.append(_suggested(suggestion, one.source_key, facts, incident, manager_id, now=now))
    return Lapse.objects.bulk_create(made)


def _suggested(
    suggestion: rules.Suggestion,
    source_key: str,
    facts: dict[str, Any],
    incident: Incident,
    manager_id: int,
    *,
    now: datetime,
) -> Lapse:
    return Lapse(
        code=suggestion.code,
        incident=incident,
        source_key=source_key,
        facts=facts,
        addressee_id=manager_id,
        occurred_at=suggestion.occurred_at,
        discovered_at=now,
        shown_after=None if incident.state in UNRESTORED_STATES else now,
    )


def _learn(lapse: Lapse, suggestion: rules.Suggestion, promise: promises.PastPromise) -> None:
    """When the late update went out is a fact for every row; what it is called changes only before it is answered."""
    lapse.facts = promises.facts(promise.promise)
    if lapse.state == LapseState.SUGGESTED:
        lapse.code = suggestion.code
    lapse.save(update_fields=["facts", "code"])


def _locked_incidents(incident_ids: Iterable[int]) -> dict[int, Incident]:
    rows = Incident.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(incident_ids))
    return {incident.pk: incident for incident in rows.order_by("pk")}


@transaction.atomic
def show_after_restoration(*, incident_ids: Iterable[int], now: datetime) -> int:
    """Users have their service back: what waited is shown, to the addressee alone. Returns how many lapses."""
    restored = [
        incident.pk
        for incident in _locked_incidents(sorted(set(incident_ids))).values()
        if incident.state not in UNRESTORED_STATES
    ]
    return Lapse.objects.filter(incident__in=restored, shown_after=None).update(shown_after=now)


@transaction.atomic
def pass_on_unanswered(*, now: datetime) -> int:
    """Tell the practice lead of suggestions that nobody answered for two worked shifts. Returns how many."""
    waiting = list(
        Lapse.objects.select_for_update(no_key=True, skip_locked=True).filter(
            state=LapseState.SUGGESTED, shown_after__isnull=False, lead_told_at=None
        )
    )
    ends = shifts.ends_of({lapse.addressee_id for lapse in waiting})
    due = []
    for lapse in waiting:
        if lapse.shown_after is None:
            continue
        passes_on_at = ledger.passes_on_at(
            suggested_at=lapse.shown_after, worked_shift_ends=ends.get(lapse.addressee_id, [])
        )
        if passes_on_at is not None and passes_on_at <= now:
            due.append(lapse.pk)
    return Lapse.objects.filter(pk__in=due).update(lead_told_at=now)
