"""The message for when there is no news: written in one click, sent by a person, and honest about both."""

from datetime import datetime, timedelta

from django.db import transaction

from comms.choices import EDITABLE_UPDATES, UpdateKind
from comms.models import Audience, Update
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import facts, policies
from comms.queries.writing import updates as update_queries
from comms.rendering import draft_values
from comms.rules.checking import gate
from comms.rules.promises import cadence
from comms.services.writing import beginning, checking, updates
from incidents.models import Incident
from incidents.services import locking
from teams.models import Person


@transaction.atomic
def prepare(*, reference: str, person: Person, now: datetime) -> Update:
    """A holding update for every audience that is due at the next beat, with a text that says what is being done.

    Where some of them have had no word of this incident, what is broken stands first. One that the same person prepared
    before and never changed is replaced, so that clicks leave nothing behind.
    """
    incident = locking.lock(reference=reference, person=person)
    earlier = Update.objects.filter(
        incident=incident, kind=UpdateKind.HOLDING, author=person, state__in=EDITABLE_UPDATES, revision=1
    )
    earlier.delete()
    chosen = audiences_due(incident, now=now) or audience_queries.owed(incident)
    next_at = usual_next_at(incident=incident, audiences=chosen, now=now)
    begun = beginning.begin(
        incident=incident, kind=UpdateKind.HOLDING, audiences=chosen, next_update_at=next_at, now=now
    )
    made = updates.draft(
        reference=reference,
        person=person,
        kind=UpdateKind.HOLDING,
        audiences=[audience.code for audience in chosen],
        subject=begun.subject,
        body=begun.body,
        next_update_at=next_at,
        now=now,
    )
    if not update_queries.is_first_word(incident, chosen) or begun.body == policies.neutral_words():
        return made
    _say_first_what_is_broken(made, now=now)
    return made


def _say_first_what_is_broken(made: Update, *, now: datetime) -> None:
    """Unless it would stop the message: a holding update can always be sent as it stands."""
    plain, said = made.body, draft_values.impact_sentence(made.incident, language=made.language)
    made.body = f"{said}\n\n{plain}"
    if any(map(gate.is_hard, checking.structural(made, incident=made.incident, now=now))):
        made.body = plain
        return
    made.save(update_fields=["body"])


@transaction.atomic
def say_waiting(*, update_id: int, person: Person, now: datetime) -> Update:
    """Put what is waited for into a holding text that somebody writes and that does not say it yet.

    Words that legal and security agreed to stay as they are.
    """
    update = updates.find(update_id=update_id, person=person)
    said = draft_values.waiting(update.incident, language=update.language, now=now)
    is_agreed = update.body.strip() == policies.neutral_words().strip()
    if update.kind != UpdateKind.HOLDING or update.published_at is not None or is_agreed or said in update.body:
        return update
    fields = {"body": f"{update.body.rstrip()} {said}"}
    return updates.edit(update_id=update_id, person=person, revision=update.revision, fields=fields, now=now)


def audiences_due(incident: Incident, *, now: datetime) -> list[Audience]:
    """The audiences of the next beat: due first, due within five minutes of that, or late already."""
    promised = audience_queries.promised(incident)
    if not promised:
        return []
    last = cadence.beat_ends(first_due=promised[0].due_at, now=now)
    return [row.audience for row in promised if row.due_at <= last]


def usual_next_at(
    *, incident: Incident, audiences: list[Audience], now: datetime, kind: str = UpdateKind.HOLDING
) -> datetime:
    """The earliest of the audiences' own intervals, to the whole minute before it; half an hour where there is none."""
    limits = facts.cadence_limits(incident=incident, audiences=audiences, now=now, kind=kind)
    at = min(limits, default=now + timedelta(minutes=30))
    return at.replace(second=0, microsecond=0)
