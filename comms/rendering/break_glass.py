"""The break-glass brief in plain text: to be read on a phone, printed, or read aloud on a bridge."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from mim_portal.lib import times


def brief(facts: Mapping[str, Any]) -> str:
    """One live incident: what it is, who leads it, who was promised what by when, and how to reach everybody."""
    marks = [_("PRIVATE")] * facts["is_private"] + [_("EXERCISE")] * facts["is_exercise"]
    manager = facts["manager"]
    lines = [
        " ".join([*marks, facts["reference"], facts["priority"], facts["title"]]),
        f"{_('State')}: {facts['state']}, {_('declared')} {_time(facts['declared_at'])}",
        f"{_('Service')}: {facts['service']}",
        f"{_('Manager')}: {_reach(manager) if manager else _('nobody')}",
        f"{_('Impact')}: {facts['impact'] or _('not stated')}",
        f"{_('Bridge')}: {facts['bridge'] or _('none')}",
        "",
        _("Updates promised (late ones first):"),
        *_listed([_promise(promise) for promise in facts["promises"]]),
        "",
        _("Teams:"),
        *_listed([line for team in facts["teams"] for line in _team(team)]),
        "",
        _written(facts["written_at"]),
    ]
    return "\n".join(lines) + "\n"


def index(briefs: Sequence[Mapping[str, Any]], *, now: datetime) -> str:
    """All live incidents in one line each; its age shows whether the rest can be trusted."""
    lines = [
        f"{facts['reference']} {facts['priority']} {facts['state']}: {facts['title']}"
        f" ({_reach(facts['manager']) if facts['manager'] else _('nobody')})"
        for facts in briefs
    ]
    return "\n".join([*(lines or [_("No incident is live.")]), "", _written(times.iso(now))]) + "\n"


def _promise(promise: Mapping[str, Any]) -> str:
    late = f" {_('LATE')}" if promise["is_late"] else ""
    return f"{_time(promise['due_at'])}{late}: {promise['audience']}"


def _team(team: Mapping[str, Any]) -> Iterable[str]:
    yield f"{team['team']}: {team['state'].lower()}, {_('asked')} {_time(team['asked_at'])}"
    for person in team["on_shift"]:
        yield f"  {_('on shift')}: {_reach(person)}"
    for way in team["contacts"]:
        yield f"  {way['kind']}: {way['value']}" + (f" ({way['note']})" if way["note"] else "")


def _reach(person: Mapping[str, str]) -> str:
    return ", ".join(part for part in (person["name"], person["phone"], person["email"]) if part)


def _listed(lines: Sequence[str]) -> Iterable[str]:
    return [f"- {line}" if not line.startswith(" ") else line for line in lines] or [f"- {_('none')}"]


def _time(iso: str) -> str:
    return times.date_time(datetime.fromisoformat(iso), UTC)


def _written(iso: str) -> str:
    return _("Written %(time)s by MIM Portal, each minute while it runs.") % {"time": _time(iso)}
