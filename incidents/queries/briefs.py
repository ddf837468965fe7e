"""The handover brief, generated from the record and from what other apps add to it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from incidents.choices import OPEN_ENGAGEMENTS
from incidents.models import Engagement, Incident
from incidents.queries import impact, people, work
from incidents.rules import handover as rules
from incidents.rules.handover import Due
from mim_portal.lib import addresses, hooks, times


def brief(incident: Incident, *, now: datetime) -> dict[str, Any]:
    """Plain data by the fields of domain.md 1.7: what the record knows, so that the giver types only the rest."""
    statement = impact.current(incident)
    gathered: dict[str, Any] = {
        "state_and_trend": f"{incident.get_state_display()}, {incident.priority}",
        "running_for": times.duration(now - incident.declared_at),
        "impact": impact.sentence(statement),
        "impact_version": statement.version,
        "timeline": addresses.incident(incident.reference),
        "teams_engaged": _teams(incident, now=now),
        **work.brief(incident, now=now),
    }
    if incident.external_ref:
        gathered["vendor_tickets"] = incident.external_ref
    gathered["commitments"] = _commitments(incident)
    for source in hooks.registered("BRIEF_SOURCES"):
        gathered |= source(incident)
    return gathered


def lines(brief: Mapping[str, Any], given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The brief in its order: for each field what the record knows, and what the giver added."""
    return [
        {
            "code": code,
            "words": words,
            "known": _with_version(brief) if code == "impact" else brief.get(code),
            "added": "" if given.get(code, rules.NONE) == rules.NONE else given[code],
        }
        for code, words in rules.BRIEF_FIELDS
    ]


def _with_version(brief: Mapping[str, Any]) -> str:
    """The sentence and which version of the statement it is, so that the receiver sees whether it has moved since."""
    sentence, version = str(brief.get("impact") or ""), brief.get("impact_version")
    return _("Version %(version)d: %(sentence)s") % {"version": version, "sentence": sentence} if version else sentence


def due_words(items: Iterable[Due]) -> str:
    """'Update to End users, 10:40 (UTC+0)'."""
    return "; ".join(f"{item.what}, {times.clock_time(item.at)}" for item in items)


def _teams(incident: Incident, *, now: datetime) -> list[dict[str, str]]:
    """Each team at work with how long, so that relief can be planned."""
    engaged = (
        Engagement.objects.filter(incident=incident, state__in=OPEN_ENGAGEMENTS)
        .select_related("team")
        .order_by("asked_at")
    )
    return [_team(row, now=now) for row in engaged]


def _team(row: Engagement, *, now: datetime) -> dict[str, str]:
    """Relief is due at a time: nobody has to add up hours."""
    since = row.joined_at or row.asked_at
    words = {
        "team": row.team.name,
        "state": str(row.get_state_display()),
        "for": times.duration(now - since),
    }
    if row.joined_at is not None:
        words["relief_due"] = _("relief due %s") % times.due_time(row.joined_at + settings.RELIEF_AFTER, now=now)
    return words


def _commitments(incident: Incident) -> list[dict[str, str]]:
    """What teams were promised and have not got yet."""
    return [
        {
            "team": row.team.name,
            "text": row.text,
            "due": times.date_time(row.due_at) if row.due_at else _("no time given"),
        }
        for row in people.commitments(incident).filter(kept_at=None)
    ]
