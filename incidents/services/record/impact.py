"""Stating the impact: each version is a new row, and says whether the situation changed or the record was wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import EntryKind, EntrySource, IncidentState, RevisionReason
from incidents.models import ImpactStatement, Incident, RecordedTime
from incidents.queries import impact as queries
from incidents.rules import statement as statements
from incidents.services import locking, timeline
from incidents.services.record import facts
from incidents.services.timeline import Entry
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person


class NothingChanged(Refusal):
    """The version would say what the last one says."""

    code = "nothing_changed"


@transaction.atomic
def state(
    *,
    reference: str,
    person: Person,
    fields: Mapping[str, Any],
    revision_reason: str,
    now: datetime,
    version: int | None = None,
    evidence_at: datetime | None = None,
) -> ImpactStatement:
    """The next version. A fact that is not sent stays as it was; one that is sent empty is taken back.

    With `version`, the one that the person has read, a newer one by somebody else is never overwritten unseen.
    `evidence_at` is when what the change rests on was first at hand: it decides nothing, it is kept beside the reason.
    """
    incident = locking.lock(reference=reference, person=person)
    if incident.state == IncidentState.CANCELLED:
        raise Refusal(_("The incident was cancelled; its impact stays as it was."), code="ended")
    if revision_reason not in set(RevisionReason.values) - {RevisionReason.INITIAL}:
        choices = ", ".join(value for value in RevisionReason.values if value != RevisionReason.INITIAL)
        raise Invalid(_("Say why there is a new version: %s.") % choices, field="revision_reason")
    before = queries.current(incident)
    if version is not None and version != before.version:
        raise locking.Changed(
            _("Somebody else wrote version %d of the impact meanwhile. Read it, then send yours again.")
            % before.version,
            extra={"version": before.version},
        )
    merged = facts_of(before) | dict(fields)
    cleaned = facts.clean_impact(merged, person=person, now=now)
    _check_times(cleaned, now=now)
    same = all(getattr(before, name) == value for name, value in cleaned.items())
    if same and revision_reason != RevisionReason.COMMUNICATED_INCORRECTLY:
        raise NothingChanged(_("Version %d says the same already.") % before.version)
    written = facts.write_impact(
        incident=incident,
        person=person,
        cleaned=cleaned,
        version=before.version + 1,
        reason=RevisionReason(revision_reason),
        now=now,
    )
    _follow_start(incident, before=before, after=written, person=person, now=now)
    data: dict[str, Any] = {"version": written.version, "revision_reason": revision_reason}
    if evidence_at is not None:
        data["evidence_at"] = times.iso(evidence_at)
    entry = Entry(kind=EntryKind.IMPACT_REVISED, at=now, actor_id=person.pk, data=data)
    timeline.append(incident=incident, entries=[entry])
    return written


def _check_times(cleaned: Mapping[str, Any], *, now: datetime) -> None:
    """Times that cannot be: said at the field, with which of them it is."""
    since, until = (statements.read_since(cleaned[name], now=now).at for name in ("since", "until"))
    for name, at in (("since", since), ("until", until)):
        if at is not None and at > now:
            raise Invalid(_("This time has not come yet."), field=name)
    if since is not None and until is not None and until < since:
        raise Invalid(_("The end is before the start."), field="until")


def facts_of(statement: ImpactStatement) -> dict[str, Any]:
    """The version's facts by the names of the API, to start the next one from."""
    given: dict[str, Any] = {name: getattr(statement, name) for name in statements.STATED}
    return given | {
        "confidence": statements.unpack_confidence(statement.confidence),
        "sources": dict(statement.sources),
    }


def _follow_start(
    incident: Incident, *, before: ImpactStatement, after: ImpactStatement, person: Person, now: datetime
) -> None:
    """A corrected start of the impact moves the incident's time with it, as long as nobody set another one."""
    was = statements.read_since(before.since, now=before.as_of).at
    became = statements.read_since(after.since, now=now).at
    if became is None or became == was or incident.impact_started_at not in (None, was):
        return
    facts.record_times(
        incident=incident,
        given={"impact_started_at": became},
        person=person,
        source=EntrySource.PERSON,
        now=now,
        precision=RecordedTime.Precision.APPROXIMATE,
    )
    incident.save(update_fields=["impact_started_at"])
