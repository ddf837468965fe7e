"""Promised updates that were late: each by itself, and once that it happened again, in one incident or in two."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from reviews.choices import DEADLINE_LAPSES, LapseCode, LapseState
from reviews.models import Lapse
from reviews.queries import promises
from reviews.rules import lapses as rules
from reviews.services.suggesting import again, making
from reviews.services.suggesting.making import Found


@transaction.atomic
def suggest(*, deadline_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """Suggest one lapse for each promise that was late, to the manager whose tenure covered the moment it fell due.

    Safe to repeat: a promise makes one row, whether the sweep or a late update told of it first, and a row that
    nobody has answered yet learns how the promise went on. Exercises make none. Returns the new rows.
    """
    wanted = sorted(set(deadline_ids))
    if not wanted:
        return []
    incidents = making.locked(promises.incidents_of(wanted))
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
            made.append(making.row(suggestion, promise.source_key, facts, incident, manager_id, now=now))
    created = Lapse.objects.bulk_create(made)
    made_again = _repeated({lapse.incident_id for lapse in created}, now=now)
    return created + made_again + again.suggest(again.DEADLINES, fresh=created, now=now)


def _learn(lapse: Lapse, suggestion: rules.Suggestion, promise: promises.PastPromise) -> None:
    """When the late update went out is a fact for every row; what it is called changes only before it is answered."""
    lapse.facts = promises.facts(promise.promise)
    if lapse.state == LapseState.SUGGESTED:
        lapse.code = suggestion.code
    lapse.save(update_fields=["facts", "code"])


def _repeated(incident_ids: Iterable[int], *, now: datetime) -> list[Lapse]:
    """L04, once for each manager: what another manager has not confirmed is nobody else's to count."""
    late: dict[tuple[int, int], list[rules.Suggestion]] = {}
    rows = Lapse.objects.filter(incident__in=list(incident_ids), code__in=DEADLINE_LAPSES)
    for row in rows.exclude(state=LapseState.DISMISSED).order_by("occurred_at", "pk"):
        one = rules.Suggestion(code=LapseCode(row.code), occurred_at=row.occurred_at, sentence="")
        late.setdefault((row.incident_id, row.addressee_id), []).append(one)
    found = [
        Found(
            incident_id=incident,
            source_key=f"incident:{incident}:late:{addressee}",
            suggestion=suggestion,
            addressee_id=addressee,
        )
        for (incident, addressee), each in late.items()
        if (suggestion := rules.repeated(each)) is not None
    ]
    return making.make_once(found, now=now)
