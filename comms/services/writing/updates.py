"""Writing updates: drafts that several people may edit without losing a word. Nothing leaves from here."""

import copy
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comms.choices import EDITABLE_UPDATES, FINAL_KINDS, ComponentState, UpdateKind, UpdateState
from comms.models import Audience, Update
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import languages
from comms.queries.writing import updates as update_queries
from comms.rules import texts as text_rules
from comms.services.writing import versions
from incidents.choices import FINAL_STATES, EntryKind, EntrySource
from incidents.models import Incident
from incidents.queries import incidents, visibility
from incidents.services import locking, timeline
from mim_portal.lib import dbtime, nudge
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from teams.models import Person

# Once an incident has ended only these can still be said about it.
AFTER_THE_END = frozenset({UpdateKind.CLOSURE, UpdateKind.CORRECTION})
CONTENT_FIELDS = ("kind", "subject", "body", "texts", "next_update_at", "component_state", "no_further_updates")

# What people write for one audience, by its code; None where it reads the core text.
Texts = Mapping[str, Mapping[str, Any] | None]


class UnknownUpdate(Missing):
    """No update has this number, or the person may not see its incident."""


class AlreadySent(Refusal):
    """What was sent is never edited: it is corrected or withdrawn."""

    code = "already_sent"


class ChangedMeanwhile(Refusal):
    """Somebody saved another text since this one was read."""

    code = "changed_meanwhile"
    status = 412


@transaction.atomic
def draft(
    *,
    reference: str,
    person: Person,
    kind: str,
    audiences: Iterable[str] | None,
    subject: str,
    body: str,
    next_update_at: datetime | None,
    now: datetime,
    component_state: str = "",
    no_further_updates: bool = False,
    corrects: Update | None = None,
    texts: Texts | None = None,
) -> Update:
    """Begin a message of the incident. Without audiences it is for all that are owed updates; without a subject it
    continues the last one's. `texts` are the words adapted to an audience, by its code.
    """
    incident = _visible_incident(reference, person)
    _refuse_ended(incident, kind)
    if kind == UpdateKind.CORRECTION and corrects is None:
        raise Invalid(_("Correct the wrong update itself, so that exactly its readers get it."), field="kind")
    chosen = _audiences(audiences) if audiences is not None else audience_queries.owed(incident)
    update = Update(
        incident=incident,
        kind=kind,
        subject=subject.strip() or _usual_subject(incident),
        body=body.strip(),
        texts=_adapted({}, texts or {}),
        language=corrects.language if corrects is not None else languages.current(),
        next_update_at=next_update_at,
        component_state=component_state,
        no_further_updates=no_further_updates,
        author=person,
        created_at=now,
        edited_at=now,
        corrects=corrects,
    )
    _validate(update)
    update.save()
    update.audiences.set(chosen)
    versions.keep(update, audiences=[audience.code for audience in chosen], now=now)
    announce(update)
    return update


@transaction.atomic
def edit(*, update_id: int, person: Person, revision: int | None, fields: Mapping[str, Any], now: datetime) -> Update:
    """Save another text over the revision that the person had read; a newer one is never overwritten. The same text
    sent twice, as by a page that was just saving, is no conflict.

    Whoever changes the text becomes its author: a second reader wrote none of it. An approval holds for one text.
    Of adapted texts those that are named are replaced; None takes one away.
    """
    update = lock(update_id=update_id, person=person)
    refuse_sent(update)
    stored = {name: getattr(update, name) for name in ("revision", "subject", "body", "texts")}
    before, _codes = _content(update)
    for name in CONTENT_FIELDS:
        if name in fields:
            value = fields[name]
            setattr(update, name, _stored(update, name, value))
    if "audiences" in fields and update.corrects_id is None:
        update.audiences.set(_audiences(fields["audiences"]))
    _refuse_ended(update.incident, update.kind)
    _validate(update)
    after, codes = _content(update)
    if after == before:
        return update
    if revision is not None and revision != update.revision:
        raise ChangedMeanwhile(
            _("Somebody else changed this update while you were writing. Both texts are kept: choose what is right."),
            extra=stored,
        )
    update.revision += 1
    update.author = person
    update.edited_at = now
    unapprove(update)
    was_scheduled = unschedule(update)
    update.save()
    versions.keep(update, audiences=list(codes), now=now)
    if was_scheduled:
        record_unscheduled(update, person=person, at=now)
    return update


def unapprove(update: Update) -> None:
    """A draft again: whoever stood for the text stood for those very words. The caller saves."""
    update.state = UpdateState.DRAFT
    update.submitted_at = update.approved_by = update.approved_at = update.cleared_by = update.cleared_at = None
    update.approved_hash = update.cleared_hash = update.release_reason = ""


def unschedule(update: Update) -> bool:
    """It no longer leaves by itself; whether it would have. The caller saves, and says so on the timeline."""
    was_waiting = update.publish_at is not None and update.held_at is None
    update.publish_at = update.scheduled_by = update.held_at = None
    update.scheduled_hash, update.scheduled_facts, update.held_reasons = "", {}, []
    return was_waiting


def record_unscheduled(update: Update, *, person: Person, at: datetime) -> None:
    """On the timeline: somebody may have counted on it."""
    data = {"update": update.pk, "audiences": [audience.code for audience in update.audiences.all()]}
    entry = timeline.Entry(kind=EntryKind.UPDATE_UNSCHEDULED, at=at, actor_id=person.pk, data=data)
    timeline.append(incident=update.incident, entries=[entry])


def as_typed(update: Update, *, fields: Mapping[str, Any], audiences: QuerySet[Audience]) -> Update:
    """The draft as it would be if it were saved like this, for looking at only: never save it."""
    typed = copy.copy(update)
    for name in CONTENT_FIELDS:
        if name in fields:
            setattr(typed, name, _stored(update, name, fields[name]))
    len(audiences)  # read now, and once
    typed._prefetched_objects_cache = {"audiences": audiences}  # type: ignore[attr-defined]
    return typed


@transaction.atomic
def discard(*, update_id: int, person: Person) -> None:
    """Throw a draft away; what was sent stays."""
    update = lock(update_id=update_id, person=person)
    refuse_sent(update)
    if unschedule(update):
        record_unscheduled(update, person=person, at=dbtime.now())
    announce(update)
    update.delete()


def find(*, update_id: int, person: Person) -> Update:
    """The update, where the person may see it."""
    update = update_queries.get(update_id, person)
    if update is None:
        raise UnknownUpdate(_("There is no update with this number."))
    return update


def lock(*, update_id: int, person: Person) -> Update:
    """The update and, first, its incident, locked until the transaction ends."""
    visible = visibility.visible_incidents(person)
    incident_id = (
        Update.objects.filter(pk=update_id, incident__in=visible).values_list("incident_id", flat=True).first()
    )
    if incident_id is None:
        raise UnknownUpdate(_("There is no update with this number."))
    incident = locking.lock_by_id(incident_id)
    update = Update.objects.select_for_update(no_key=True, of=("self",)).filter(pk=update_id).first()
    if update is None:
        raise UnknownUpdate(_("There is no update with this number."))
    update.incident = incident
    return update


def refuse_sent(update: Update) -> None:
    """Only what has not left can still be changed, checked, approved or sent."""
    if update.state not in EDITABLE_UPDATES:
        raise AlreadySent(_("This update was sent already. Correct or withdraw it instead."))


def announce(update: Update) -> None:
    """Open rooms show the new state of drafts after commit."""
    incident = update.incident
    nudge.live(reference=incident.reference, kind="update_draft", seq=incident.last_seq, panels=("updates",))


def _visible_incident(reference: str, person: Person) -> Incident:
    found = incidents.get(reference, person)
    if found is None:
        raise locking.UnknownIncident(_("There is no incident %(reference)s.") % {"reference": reference})
    return found


def _refuse_ended(incident: Incident, kind: str) -> None:
    if incident.source == EntrySource.IMPORT:
        raise Refusal(_("This incident is imported history: nothing is sent about it."), code="imported")
    if incident.state in FINAL_STATES and kind not in AFTER_THE_END:
        raise Refusal(_("The incident has ended: only a closure or a correction can be sent now."), code="ended")


def _validate(update: Update) -> None:
    if update.kind not in UpdateKind.values:
        raise Invalid(_("Choose one of the kinds: %(kinds)s.") % {"kinds": ", ".join(UpdateKind.values)}, field="kind")
    if update.component_state and update.component_state not in ComponentState.values:
        states = ", ".join(ComponentState.values)
        raise Invalid(_("Choose one of the states: %(states)s.") % {"states": states}, field="component_state")
    if len(update.subject) > 200:
        raise Invalid(_("Keep the subject under 200 characters."), field="subject")
    if update.kind not in FINAL_KINDS:
        update.no_further_updates = False
    elif update.no_further_updates:
        update.next_update_at = None
    else:
        update.no_further_updates = update.next_update_at is None


def _audiences(codes: Iterable[str]) -> list[Audience]:
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise Invalid(_("Choose who gets this message."), field="audiences")
    found = audience_queries.by_codes(wanted)
    unknown = sorted(set(wanted) - {audience.code for audience in found})
    if unknown:
        raise Invalid(_("There is no audience %(codes)s.") % {"codes": ", ".join(unknown)}, field="audiences")
    return found


def _stored(update: Update, name: str, value: Any) -> Any:
    if name == "texts":
        return _adapted(update.texts, value)
    return value.strip() if name in ("subject", "body") else value


def _adapted(before: Texts, given: Texts) -> dict[str, dict[str, str]]:
    """The adapted texts after a change; one for an audience that is not chosen is kept, and sent to nobody."""
    changed = {code: text or {} for code, text in {**before, **given}.items()}
    after = text_rules.cleaned(changed)
    known = {audience.code for audience in audience_queries.by_codes(after)} if after else set()
    if unknown := sorted(set(after) - known):
        raise Invalid(_("There is no audience %(codes)s.") % {"codes": ", ".join(unknown)}, field="texts")
    if any(len(text["subject"]) > 200 for text in after.values()):
        raise Invalid(_("Keep every subject under 200 characters."), field="texts")
    return after


def _usual_subject(incident: Incident) -> str:
    latest = update_queries.last_published(incident)
    return latest.subject if latest is not None else incident.title


def _content(update: Update) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Everything that an approval stands for, and its audiences among it."""
    codes = tuple(update.audiences.order_by("pk").values_list("code", flat=True))
    return (*(getattr(update, name) for name in CONTENT_FIELDS), codes), codes
