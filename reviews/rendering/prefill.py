"""The first words of a review's sections, from the record: Markdown that people go on writing in.

Facts only, in order, with their times; roles, teams and audiences instead of people.
"""

from collections.abc import Iterable
from datetime import UTC, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mim_portal.lib import times
from reviews.queries.record import Message, Promises, Record, TeamHelp


def sections(record: Record, *, tz: tzinfo = UTC) -> dict[str, str]:
    """Text by section code; sections that only people can write start empty."""
    return {
        "summary": _summary(record, tz),
        "impact": _impact(record),
        "detection": _detection(record, tz),
        "response": _response(record, tz),
        "communications": _communications(record, tz),
    }


def _summary(record: Record, tz: tzinfo) -> str:
    incident = record.incident
    lines = [record.impact] if record.impact else []
    if incident.service_restored_at:
        start = incident.impact_started_at or incident.declared_at
        lines.append(
            _("Service was restored at %(at)s, after %(length)s.")
            % {
                "at": times.date_time(incident.service_restored_at, tz),
                "length": times.duration(incident.service_restored_at - start),
            }
        )
    kept, late = (sum(getattr(row, name) for row in record.promises) for name in ("kept", "late"))
    if kept or late:
        lines.append(_("Promised updates on time: %(kept)s of %(all)s.") % {"all": kept + late, "kept": kept})
    return "\n\n".join(lines)


def _impact(record: Record) -> str:
    if not record.impact:
        return ""
    versions = ngettext(
        "The impact was stated in %(count)s version.",
        "The impact was stated in %(count)s versions.",
        record.impact_versions,
    ) % {"count": record.impact_versions}
    if record.impact_corrections:
        versions += " " + ngettext(
            "%(count)s of them corrected what we had recorded or said.",
            "%(count)s of them corrected what we had recorded or said.",
            record.impact_corrections,
        ) % {"count": record.impact_corrections}
    return f"{record.impact}\n\n{versions}"


def _detection(record: Record, tz: tzinfo) -> str:
    incident = record.incident
    moments = (
        (_("First harm"), incident.impact_started_at),
        (_("Detected"), incident.detected_at),
        (_("Reported to the desk"), incident.reported_at),
        (_("Raised as a candidate"), incident.candidate_at),
        (_("Declared"), incident.declared_at),
    )
    return _lines(f"{label}: {times.date_time(at, tz)}" for label, at in moments if at)


def _response(record: Record, tz: tzinfo) -> str:
    parts = []
    if record.promises:
        parts.append(f"#### {_('Promised updates')}\n\n" + _lines(_promise(row) for row in record.promises))
    if record.teams:
        parts.append(f"#### {_('Teams')}\n\n" + _lines(_team(row, tz) for row in record.teams))
    return "\n\n".join(parts)


def _promise(row: Promises) -> str:
    if not row.late:
        return _("%(audience)s: %(kept)s of %(all)s on time") % {
            "audience": row.audience,
            "kept": row.kept,
            "all": row.kept,
        }
    return _("%(audience)s: %(kept)s of %(all)s on time, the latest %(worst)s late") % {
        "audience": row.audience,
        "kept": row.kept,
        "all": row.kept + row.late,
        "worst": times.duration(row.worst),
    }


def _team(row: TeamHelp, tz: tzinfo) -> str:
    text = _("%(team)s: asked %(at)s") % {"team": row.team, "at": times.clock_time(row.asked_at, tz)}
    if row.to_acknowledge is not None:
        text += ", " + _("answered after %(length)s") % {"length": times.duration(row.to_acknowledge)}
    if row.to_join is not None:
        text += ", " + _("joined after %(length)s") % {"length": times.duration(row.to_join)}
    return text


def _communications(record: Record, tz: tzinfo) -> str:
    return _lines(_message(row, tz) for row in record.messages)


def _message(row: Message, tz: tzinfo) -> str:
    text = f"#{row.sequence} {times.clock_time(row.published_at, tz)} {row.kind}: {', '.join(row.audiences)}"
    return f"{text} ({_('corrected later')})" if row.corrected else text


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
