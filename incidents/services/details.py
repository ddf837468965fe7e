"""What two people may edit at once: title, service, times. No edit is silent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import EntryKind, EntrySource
from incidents.models import Incident, IncidentMember
from incidents.services import facts, locking, timeline
from incidents.services.timeline import Entry
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid
from teams.models import Person

PLAIN_FIELDS = ("title", "external_ref", "bridge_url", "is_private", "is_exercise")
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
    """Change title, service, outside reference, bridge, privacy or exercise. The old and new values stay readable."""
    incident = locking.lock(reference=reference, person=person)
    locking.check_version(incident, version)
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown:
        raise Invalid(_("%s cannot be edited here.") % ", ".join(unknown), field=unknown[0])
    if "title" in changes and not str(changes["title"]).strip():
        raise Invalid(_("An incident needs a title."), field="title")
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
    version: int | None = None,
) -> Incident:
    """Give or correct the incident's times; both values stay. The portal's own instants cannot be moved."""
    incident = locking.lock(reference=reference, person=person)
    locking.check_version(incident, version)
    fixed = sorted({"declared_at", "closed_at", "mim_assigned_at"} & set(given))
    if fixed:
        raise Invalid(_("The portal records %s itself.") % ", ".join(fixed), field=fixed[0])
    future = next((name for name, at in given.items() if at is not None and at > now), None)
    if future is not None:
        raise Invalid(_("This time has not come yet."), field=future)
    before = {name: getattr(incident, name, None) for name in given}
    changed = facts.record_times(
        incident=incident, given=given, person=person, source=EntrySource.PERSON, now=now, precision=precision
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
            data={"field": name, "from": _plain(before[name]), "to": _plain(given[name])},
        )
        for name in changed
    ]
    timeline.append(incident=incident, entries=entries)
    return incident


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


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return times.iso(value)
    return getattr(value, "slug", value)
