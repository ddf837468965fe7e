"""“Add to this one”: one more caller of something that is already known, instead of a duplicate."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, CandidateState, EntryKind
from incidents.models import Attachment, Candidate, DeskReport, Incident
from incidents.queries import desk
from incidents.queries import reports as queries
from incidents.rules.desk_reports import MOST_CALLERS
from incidents.services import locking, timeline
from incidents.services.desk import candidates
from incidents.services.timeline import Entry
from mim_portal.lib import nudge
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person

TEXTS = ("where", "contact", "note", "external_ref")


@transaction.atomic
def add_to_incident(
    *,
    reference: str,
    person: Person,
    now: datetime,
    callers: int = 1,
    draft_id: int | None = None,
    **texts: str,
) -> DeskReport:
    """One more report of a running incident, on its timeline with the new totals. It never changes the count.

    `texts` are where, contact, note and external_ref. `draft_id` is the unfinished form that this replaces.
    """
    incident = locking.lock(reference=reference, person=person)
    return _add(incident, person=person, now=now, callers=callers, draft_id=draft_id, texts=texts)


def add_to_candidate(
    *,
    reference: str,
    person: Person,
    now: datetime,
    callers: int = 1,
    draft_id: int | None = None,
    **texts: str,
) -> DeskReport:
    """One more report of a candidate. Where a manager accepted or merged it meanwhile, it goes to that incident."""
    given: dict[str, Any] = {"person": person, "now": now, "callers": callers, "draft_id": draft_id, **texts}
    try:
        return _add_to_open(reference=reference, **given)
    except candidates.AlreadyDecided:
        decided = desk.get(person=person, reference=reference)
        if decided is None or decided.incident is None:
            raise
        incident = decided.incident.reference
    # In a transaction of its own: the incident is locked before anything that hangs on it.
    return add_to_incident(reference=incident, **given)


@transaction.atomic
def _add_to_open(
    *, reference: str, person: Person, now: datetime, callers: int, draft_id: int | None, **texts: str
) -> DeskReport:
    candidate = candidates.lock_open(reference=reference)
    report = _write(candidate=candidate, person=person, now=now, callers=callers, texts=texts)
    _use_up(draft_id, person=person, on=candidate)
    data = {"report": report.pk, "callers": report.callers}
    AuditEntry.objects.create(actor=person, verb="candidate.desk_report_added", subject=reference, data=data)
    nudge.live(reference=reference, kind="candidate", seq=candidate.pk, panels=["candidates"])
    return report


def _add(
    incident: Incident, *, person: Person, now: datetime, callers: int, draft_id: int | None, texts: dict[str, str]
) -> DeskReport:
    if incident.state not in COMMANDED_STATES:
        message = _("%(incident)s is %(state)s. Raise it as a new one: it may be back.")
        values = {"incident": incident.reference, "state": incident.get_state_display().lower()}
        raise Refusal(message % values, code="ended")
    report = _write(incident=incident, person=person, now=now, callers=callers, texts=texts)
    _use_up(draft_id, person=person, on=incident)
    so_far = queries.totals(incident)
    data = {"report": report.pk, "callers": report.callers, **counted(so_far)}
    entry = Entry(kind=EntryKind.DESK_REPORT_ADDED, at=now, actor_id=person.pk, text=report.where, data=data)
    timeline.append(incident=incident, entries=[entry])
    return report


def counted(so_far: queries.Totals) -> dict[str, int]:
    """The totals as a timeline entry keeps them."""
    return {"callers_so_far": so_far.callers, "sites_so_far": len(so_far.sites)}


def _write(*, person: Person, now: datetime, callers: int, texts: dict[str, str], **on: Any) -> DeskReport:
    if not 1 <= callers <= MOST_CALLERS:
        raise Invalid(_("Say how many called: from 1 to 100,000."), field="callers")
    return DeskReport.objects.create(
        callers=callers, reported_by=person, reported_at=now, **on, **{name: _text(name, texts) for name in TEXTS}
    )


def _text(name: str, texts: dict[str, str]) -> str:
    text = texts.get(name, "").strip()
    limit: int | None = getattr(DeskReport._meta.get_field(name), "max_length", None)
    if limit is not None and len(text) > limit:
        raise Invalid(_("Use at most %d characters.") % limit, field=name)
    return text


def _use_up(draft_id: int | None, *, person: Person, on: Incident | Candidate) -> None:
    """What was typed on the form is the report's note now, and its files belong to what it was added to.

    A draft that is gone already is no reason to refuse.
    """
    if draft_id is None:
        return
    drafts = Candidate.objects.select_for_update(no_key=True, of=("self",))
    draft = drafts.filter(pk=draft_id, state=CandidateState.DRAFT, raised_by=person).first()
    if draft is None:
        return
    home = {"incident": on, "candidate": None} if isinstance(on, Incident) else {"candidate": on}
    Attachment.objects.filter(candidate=draft, removed_at=None).update(**home)
    draft.delete()
