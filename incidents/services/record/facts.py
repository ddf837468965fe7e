"""Writes what several verbs write: impact versions, recorded times. Their callers hold the incident's lock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.choices import Confidence, DataState, EntrySource, Level, RevisionReason
from incidents.models import ImpactStatement, Incident, RecordedTime
from incidents.models.incident import TIME_FIELDS
from incidents.rules import priority as priorities
from incidents.rules import statement as statements
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid
from teams.models import Person


def clean_impact(fields: Mapping[str, Any], *, person: Person | None, now: datetime) -> dict[str, Any]:
    """The fields of a statement as stored; a name that is no field is refused so that nothing is lost in silence.

    A start or end that can be read as an instant is stored as one: “09:10” must not move to the next day later.
    """
    unknown = sorted(set(fields) - set(statements.FIELDS))
    if unknown:
        raise Invalid(_("An impact statement has no field %s.") % ", ".join(unknown), field=unknown[0])
    cleaned: dict[str, Any] = {}
    for name in statements.TEXTS:
        value = fields.get(name)
        text = value.isoformat() if isinstance(value, datetime) else str(value if value is not None else "").strip()
        limit: int | None = getattr(ImpactStatement._meta.get_field(name), "max_length", None)
        if limit is not None and len(text) > limit:
            raise Invalid(_("Use at most %d characters.") % limit, field=name)
        cleaned[name] = text
    zone = times.zone(person.time_zone if person else "UTC")
    for name in ("since", "until"):
        at = statements.read_since(cleaned[name], now=now, tz=zone).at
        if at is not None:
            cleaned[name] = times.iso(at)
    cleaned["data_state"] = str(fields.get("data_state") or "")
    if cleaned["data_state"] not in {"", *DataState.values}:
        raise Invalid(_("Choose one of %s.") % ", ".join(DataState.values), field="data_state")
    confidence = fields.get("confidence") or str(Confidence.UNKNOWN)
    wrong = statements.bad_confidence(confidence)
    if wrong:
        raise Invalid(wrong, field="confidence")
    cleaned["confidence"] = statements.pack_confidence(confidence)
    sources = fields.get("sources") or {}
    wrong = statements.bad_sources(sources)
    if wrong:
        raise Invalid(wrong, field="sources")
    cleaned["sources"] = statements.pack_sources(sources)
    return cleaned


def write_impact(
    *,
    incident: Incident,
    person: Person | None,
    cleaned: Mapping[str, Any],
    version: int,
    reason: RevisionReason,
    now: datetime,
) -> ImpactStatement:
    """One version, as of now."""
    return ImpactStatement.objects.create(
        incident=incident,
        version=version,
        revision_reason=reason,
        author=person,
        as_of=now,
        **cleaned,
    )


def record_times(
    *,
    incident: Incident,
    given: Mapping[str, datetime | None],
    person: Person | None,
    source: EntrySource,
    now: datetime,
    precision: str = RecordedTime.Precision.EXACT,
    reason: str = "",
) -> list[str]:
    """Set times of the incident and keep each value with its origin; returns the names that changed. Not saved.

    With a reason, a name without a time is known to be unknown, which is an answer of its own.
    """
    unknown = sorted(set(given) - set(TIME_FIELDS))
    if unknown:
        raise Invalid(_("An incident has no time called %s.") % ", ".join(unknown), field=unknown[0])
    changed = [name for name in given if getattr(incident, name) != given[name] or (reason and given[name] is None)]
    for name in changed:
        setattr(incident, name, given[name])
    RecordedTime.objects.bulk_create(
        [
            RecordedTime(
                incident=incident,
                field=name,
                at=given[name],
                precision=precision,
                source=source,
                recorded_by=person,
                recorded_at=now,
                reason=reason if given[name] is None else "",
                time_zone=person.time_zone if person else "UTC",
            )
            for name in changed
        ]
    )
    return changed


def computed_priority(*, impact: int, urgency: int) -> str:
    """Impact × urgency, with a level outside 1 to 3 named as the input at fault."""
    for name, level in (("impact", impact), ("urgency", urgency)):
        if level not in Level.values:
            raise Invalid(_("Choose 1 high, 2 medium or 3 low."), field=name)
    return str(priorities.compute(impact=impact, urgency=urgency))
