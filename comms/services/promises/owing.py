"""Whom a running incident owes updates: chosen at declaration, and changed by a person with a reason."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import EndReason
from comms.models import Audience, OwedAudience, Update, UpdateDeadline
from comms.queries.recipients import audiences as audience_queries
from comms.rules.promises import cadence
from comms.services.promises import deadlines, promises
from incidents.choices import LIVE_STATES, EntryKind
from incidents.models import Incident
from incidents.services import locking, timeline
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person


class NotLive(Refusal):
    """Nobody is owed updates about an incident that is over."""

    code = "not_live"


@transaction.atomic
def start(
    *, reference: str, audiences: Collection[str], reason: str, person: Person, now: datetime
) -> list[UpdateDeadline]:
    """Owe these audiences updates from now on: the cadence of the priority is frozen, and the first deadline opens.

    One that is owed already is left as it is.
    """
    incident = live(reference, person=person)
    chosen, why = known(audiences), reason_in(reason)
    at = dbtime.now()
    rows = {row.audience_id: row for row in OwedAudience.objects.filter(incident=incident, audience__in=chosen)}
    fresh = [one for one in chosen if one.pk not in rows or rows[one.pk].owed_until is not None]
    if not fresh:
        raise Refusal(_("They are owed updates already."), code="owed_already", field="audiences")
    owed = _freeze(incident, fresh, rows, at=at)
    opened = _open(incident, owed, at=at)
    data = {"audiences": [one.code for one in fresh], "deadlines": [row.pk for row in opened]}
    timeline.append(
        incident=incident,
        entries=[timeline.Entry(kind=EntryKind.CADENCE_OWED, at=at, actor_id=person.pk, text=why, data=data)],
    )
    return opened


@transaction.atomic
def stop(*, reference: str, audiences: Collection[str], reason: str, person: Person, now: datetime) -> list[Audience]:
    """Owe these audiences nothing more: their open deadlines end, and one that is late already stays on record."""
    incident = live(reference, person=person)
    chosen, why = known(audiences), reason_in(reason)
    at = dbtime.now()
    still = OwedAudience.objects.filter(incident=incident, audience__in=chosen, owed_until=None)
    ids = set(still.values_list("audience_id", flat=True))
    rows = [row for row in promises.lock_open(incidents=[incident]) if row.audience_id in ids]
    if not ids:
        raise Refusal(_("They are not owed any updates."), code="not_owed", field="audiences")
    deadlines.close(rows=rows, incidents={incident.pk: incident}, reason=EndReason.NO_LONGER_OWED, now=at)
    still.update(owed_until=at, agreed_times=[])
    ended = [one for one in chosen if one.pk in ids]
    data = {"audiences": [one.code for one in ended], "deadlines": [row.pk for row in rows]}
    timeline.append(
        incident=incident,
        entries=[timeline.Entry(kind=EntryKind.CADENCE_NOT_OWED, at=at, actor_id=person.pk, text=why, data=data)],
    )
    return ended


def live(reference: str, *, person: Person) -> Incident:
    """The incident, locked, while it is one."""
    incident = locking.lock(reference=reference, person=person)
    if incident.state not in LIVE_STATES:
        raise NotLive(_("%s is over: nobody is owed updates about it.") % incident.reference)
    return incident


def known(codes: Collection[str]) -> list[Audience]:
    """The active audiences with these codes, in the order in which copies leave."""
    chosen = audience_queries.by_codes(codes)
    missing = set(codes) - {one.code for one in chosen}
    if missing:
        message = _("There is no audience %s.") % ", ".join(sorted(missing))
        raise Invalid(message, code="does_not_exist", field="audiences")
    if not chosen:
        raise Invalid(_("Choose at least one audience."), code="required", field="audiences")
    return chosen


def reason_in(words: str) -> str:
    """Why, in a line: whoever takes over has to understand it."""
    reason = " ".join(words.split())
    if not reason:
        raise Invalid(_("Say why, in a few words: it stands on the timeline."), code="required", field="reason")
    return reason[:300]


def _freeze(
    incident: Incident, chosen: Sequence[Audience], rows: dict[int, OwedAudience], *, at: datetime
) -> list[OwedAudience]:
    policies = promises.policies(priorities=[incident.priority]).get(incident.priority, [])
    planned = promises.chosen_policies(
        codes=[one.code for one in chosen], priority=incident.priority, policies=policies
    )
    owed = [promises.frozen(incident=incident, policy=policy, owed_since=at) for policy in planned]
    again = [row for row in owed if row.audience_id in rows]
    for row in again:
        row.pk = rows[row.audience_id].pk
    OwedAudience.objects.bulk_update(again, [*promises.CADENCE_FIELDS, "agreed_times", "owed_since", "owed_until"])
    OwedAudience.objects.bulk_create(row for row in owed if row.pk is None)
    return owed


def _open(incident: Incident, owed: Sequence[OwedAudience], *, at: datetime) -> list[UpdateDeadline]:
    """The first update counts from now, on the beat of the others where that is earlier."""
    others = [row for row in promises.lock_open(incidents=[incident]) if row.due_at > at]
    due = [(row, cadence.first_due(declared_at=at, cadence=promises.cadence_of(row))) for row in owed]
    planned = [promises.Planned(audience=row.audience, due_at=due_at) for row, due_at in due if due_at is not None]
    told = set(Update.objects.filter(incident=incident, published_at__isnull=False).values_list("audiences", flat=True))
    rows = promises.new_deadlines(
        incident=incident, planned=promises.aligned(planned=planned, others=others), opened_at=at
    )
    for row in rows:
        row.is_first = row.audience_id not in told
    return UpdateDeadline.objects.bulk_create(rows)
