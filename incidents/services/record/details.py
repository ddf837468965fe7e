"""What two people may edit at once: title, service, times. No edit is silent."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import EntryKind, EntrySource, Mark
from incidents.models import Incident, IncidentMember, RecordedTime
from incidents.queries import times as time_queries
from incidents.rules import links
from incidents.rules import times as times_rules
from incidents.services import locking, timeline
from incidents.services.record import facts
from incidents.services.timeline import Entry
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid
from teams.models import Person

PLAIN_FIELDS = ("title", "external_ref", "bridge_url", "is_private", "is_exercise", "detection_source", "marks")
FIELDS = (*PLAIN_FIELDS, "service")


@transaction.atomic
def edit(
    *,
    reference: str,
    person: Person,
    changes: Mapping[str, Any],
    now: datetime,
    version: int | None = None,
) -> Incident:
    """Change title, service, outside reference, bridge, privacy, exercise or what it is marked with. The old and new
    values stay readable.
    """
    incident = locking.lock(reference=reference, person=person)
    locking.check_version(incident, version)
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown:
        raise Invalid(_("%s cannot be edited here.") % ", ".join(unknown), field=unknown[0])
    if "title" in changes and not str(changes["title"]).strip():
        raise Invalid(_("An incident needs a title."), field="title")
    if not links.is_safe(str(changes.get("bridge_url", ""))):
        message = _("Give the bridge's address as it stands in the invitation, beginning with https://.")
        raise Invalid(message, code="unsafe_link", field="bridge_url")
    changes = {**changes, **({"marks": _marks(changes["marks"])} if "marks" in changes else {})}
    changed = {name: value for name, value in changes.items() if getattr(incident, name) != value}
    if not changed:
        return incident
    data = {name: [_plain(getattr(incident, name)), _plain(value)] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(incident, name, value)
    incident.version += 1
    incident.save()
    entry = Entry(kind=EntryKind.DETAILS_CHANGED, at=now, actor_id=person.pk, data={"changed": data})
    timeline.append(incident=incident, entries=[entry])
    return incident


@transaction.atomic
def record_times(
    *,
    reference: str,
    given: Mapping[str, datetime | None],
    person: Person,
    now: datetime,
    precision: str = "exact",
    reason: str = "",
    version: int | None = None,
) -> Incident:
    """Give or correct the incident's times; both values stay. The portal's own instants cannot be moved.

    A time that nobody knows is given as none with a reason: that is an answer, and closes the question.
    """
    incident = locking.lock(reference=reference, person=person)
    locking.check_version(incident, version)
    _check_times(given, precision=precision, now=now)
    before = {name: getattr(incident, name, None) for name in given}
    changed = facts.record_times(
        incident=incident,
        given=given,
        person=person,
        source=EntrySource.PERSON,
        now=now,
        precision=precision,
        reason=reason.strip(),
    )
    if not changed:
        return incident
    incident.version += 1
    incident.save()
    entries = [
        Entry(
            kind=EntryKind.TIME_RECORDED,
            at=now,
            actor_id=person.pk,
            data={"field": name, "from": _plain(before[name]), "to": _plain(given[name])}
            | ({"reason": reason.strip()} if given[name] is None and reason.strip() else {}),
        )
        for name in changed
    ]
    timeline.append(incident=incident, entries=entries)
    return incident


def _check_times(given: Mapping[str, datetime | None], *, precision: str, now: datetime) -> None:
    fixed = sorted(times_rules.FIXED & set(given))
    if fixed:
        raise Invalid(_("The portal records %s itself.") % ", ".join(fixed), field=fixed[0])
    future = next((name for name, at in given.items() if at is not None and at > now), None)
    if future is not None:
        raise Invalid(_("This time has not come yet."), field=future)
    if precision not in RecordedTime.Precision.values:
        raise Invalid(_("A time is exact or approx."), field="precision")


@transaction.atomic
def mark_unknown(
    *, reference: str, person: Person, reason: str, now: datetime, names: Collection[str] | None = None
) -> Incident:
    """Say once, with one reason, that the times missing so far (or those named) are not known; nothing known goes."""
    if not reason.strip():
        raise Invalid(_("Say why these times are not known."), code="required", field="reason")
    incident = locking.lock(reference=reference, person=person)
    chosen = (
        time_queries.missing_so_far(incident)
        if names is None
        else [name for name in time_queries.missing(incident) if name in names]
    )
    if not chosen:
        return incident
    return record_times(reference=reference, given=dict.fromkeys(chosen), person=person, reason=reason, now=now)


@transaction.atomic
def admit(*, reference: str, person: Person, member: Person, now: datetime) -> Incident:
    """Let one more person see a private incident."""
    incident = locking.lock(reference=reference, person=person)
    _member, is_new = IncidentMember.objects.get_or_create(incident=incident, person=member, defaults={"added_at": now})
    if is_new:
        data = {"person": member.pk}
        entry = Entry(kind=EntryKind.DETAILS_CHANGED, at=now, actor_id=person.pk, data=data)
        timeline.append(incident=incident, entries=[entry])
    return incident


def _marks(given: Collection[str]) -> list[str]:
    """In their usual order, each once."""
    unknown = sorted(set(given) - set(Mark.values))
    if unknown:
        words = {"unknown": ", ".join(unknown), "marks": ", ".join(Mark.values)}
        raise Invalid(_("There is no mark %(unknown)s. Marks are: %(marks)s.") % words, field="marks")
    return [mark for mark in Mark.values if mark in given]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(str(Mark(each).label) for each in value)
    if isinstance(value, datetime):
        return times.iso(value)
    return getattr(value, "slug", value)
