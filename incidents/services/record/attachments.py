"""Attach a file to a draft, a candidate or an incident, and take it away again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import CANDIDATE_DECIDED_STATES, CandidateState, EntryKind
from incidents.models import Attachment, Candidate, Incident
from incidents.queries import attachments as queries
from incidents.rules import attachments as rules
from incidents.services import locking, timeline
from incidents.services.desk.candidates import UnknownCandidate
from incidents.services.record import attachment_files
from incidents.services.timeline import Entry
from mim_portal.lib import nudge
from mim_portal.lib.refusals import Forbidden, Missing, Refusal
from teams.models import Person
from teams.rules import roles

# A file may be added to what was raised, whatever was decided: evidence often comes late.
_OPEN_TO_FILES = frozenset({CandidateState.OPEN}) | CANDIDATE_DECIDED_STATES


class UnknownAttachment(Missing):
    """There is no such file for this person."""


class TooManyFiles(Refusal):
    """The incident or candidate is full, or the person has attached very much in a short time."""

    code = "too_many_files"


def add_to_incident(*, reference: str, person: Person, name: str, content: bytes, now: datetime) -> Attachment:
    """Attach a file to an incident; the timeline says so."""

    def place() -> tuple[Incident | None, Candidate | None]:
        return locking.lock(reference=reference, person=person), None

    return _add(place, person=person, name=name, content=content, now=now)


def add_to_candidate(*, reference: str, person: Person, name: str, content: bytes, now: datetime) -> Attachment:
    """Attach a file to what the desk raised. The incident that came of it shows the file, and its timeline says so."""

    def place() -> tuple[Incident | None, Candidate | None]:
        known = Candidate.objects.filter(reference=reference, state__in=sorted(_OPEN_TO_FILES)).first()
        if known is None:
            raise UnknownCandidate(_("There is no candidate %s.") % reference)
        incident = locking.lock_by_id(known.incident_id, person=person) if known.incident_id else None
        candidate = Candidate.objects.select_for_update(no_key=True, of=("self",)).get(pk=known.pk)
        return incident, candidate

    return _add(place, person=person, name=name, content=content, now=now)


def add_to_draft(*, draft_id: int, person: Person, name: str, content: bytes, now: datetime) -> Attachment:
    """Attach a file to the person's own unfinished form; raising it takes the file along, discarding it deletes it."""

    def place() -> tuple[Incident | None, Candidate | None]:
        drafts = Candidate.objects.select_for_update(no_key=True, of=("self",))
        draft = drafts.filter(pk=draft_id, state=CandidateState.DRAFT, raised_by=person).first()
        if draft is None:
            raise UnknownCandidate(_("This draft was already sent or discarded."))
        return None, draft

    return _add(place, person=person, name=name, content=content, now=now)


@transaction.atomic
def remove(*, attachment_id: int, person: Person, now: datetime) -> Attachment:
    """Delete a file: whoever attached it, or who commands. The row stays and says who removed it."""
    known = queries.visible(person).filter(pk=attachment_id).first()
    if known is None:
        raise UnknownAttachment(_("There is no such file, or it was removed."))
    if known.uploaded_by_id != person.pk and not person.has_role(*roles.COMMANDERS):
        raise Forbidden(_("Only whoever attached a file or an incident manager can remove it."))
    incident_id = known.incident_id or (known.candidate.incident_id if known.candidate else None)
    incident = locking.lock_by_id(incident_id, person=person) if incident_id else None
    found = Attachment.objects.select_for_update(no_key=True, of=("self",)).get(pk=known.pk)
    if found.removed_at is not None:
        raise UnknownAttachment(_("Somebody else has removed this file already."))
    found.removed_by, found.removed_at = person, now
    found.save(update_fields=["removed_by", "removed_at"])
    _tell(EntryKind.FILE_REMOVED, found, incident, known.candidate, person, now)
    transaction.on_commit(lambda: attachment_files.delete(found.stored_name), robust=True)
    return found


def _add(
    place: Callable[[], tuple[Incident | None, Candidate | None]],
    *,
    person: Person,
    name: str,
    content: bytes,
    now: datetime,
) -> Attachment:
    """Examine and store first, since that takes time; then lock, check and write. What is refused leaves no file."""
    stored = attachment_files.store(name=name, content=content, now=now)
    try:
        with transaction.atomic():
            incident, candidate = place()
            _check_amount(incident, candidate, person=person, now=now)
            made = Attachment.objects.create(
                incident=None if candidate else incident,
                candidate=candidate,
                name=stored.name,
                stored_name=stored.stored_name,
                content_type=stored.content_type,
                size=stored.size,
                sha256=stored.sha256,
                uploaded_by=person,
                uploaded_at=now,
            )
            _tell(EntryKind.FILE_ATTACHED, made, incident, candidate, person, now)
    except BaseException:
        attachment_files.delete(stored.stored_name)
        raise
    return made


def _check_amount(incident: Incident | None, candidate: Candidate | None, *, person: Person, now: datetime) -> None:
    own = Attachment.objects.filter(candidate=candidate) if candidate else Attachment.objects.filter(incident=incident)
    limit = settings.ATTACHMENTS_EACH
    if rules.too_many(kept=own.filter(removed_at=None).count(), limit=limit):
        message = _("There are %d files already, the most there can be. Remove one, or put a link into a note.")
        raise TooManyFiles(message % limit, field="file")
    hour = Attachment.objects.filter(uploaded_by=person, uploaded_at__gt=now - timedelta(hours=1)).count()
    if rules.too_many(kept=hour, limit=settings.ATTACHMENTS_PER_PERSON_AND_HOUR):
        message = _("You have attached %d files within an hour. Wait a little, or put a link into a note.")
        raise TooManyFiles(message % hour, code="too_fast", field="file")


def _tell(
    kind: EntryKind,
    file: Attachment,
    incident: Incident | None,
    candidate: Candidate | None,
    person: Person,
    now: datetime,
) -> None:
    if incident is not None:
        entry = Entry(kind=kind, at=now, actor_id=person.pk, text=file.name, data={"file": file.pk})
        timeline.append(incident=incident, entries=[entry])
    if candidate is not None and candidate.reference:
        nudge.live(reference=candidate.reference, kind="candidate", seq=candidate.pk, panels=["candidates"])
