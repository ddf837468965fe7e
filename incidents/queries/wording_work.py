"""Sentences about tasks, decisions, hypotheses and workstreams on the timeline."""

from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from incidents.choices import AskedOf, Certainty, EntryKind
from incidents.models import TimelineEntry
from mim_portal.lib import times


class Names(Protocol):
    """Who and which team an id stands for, today."""

    def person(self, pk: object) -> str: ...

    def team(self, pk: object) -> str: ...


def task(entry: TimelineEntry, names: Names) -> str:
    """What became of something to do; imported and older entries carry their own words."""
    if "task" not in entry.data:
        return entry.text or str(entry.get_kind_display())
    sentences = {
        EntryKind.TASK_OPENED: _("Task: %s"),
        EntryKind.TASK_CHANGED: _("Task opened again: %s") if entry.data.get("reopened") else _("Task changed: %s"),
        EntryKind.TASK_DONE: _("Task done: %s"),
        EntryKind.TASK_DROPPED: _("Task dropped: %s"),
    }
    kind = EntryKind(entry.kind)
    outcome = f" {entry.data['outcome']}" if entry.data.get("outcome") else ""
    owner = _owner(entry, names) if kind in (EntryKind.TASK_OPENED, EntryKind.TASK_CHANGED) else ""
    return f"{sentences[kind] % _plain(entry)}{owner}.{outcome}"


def _owner(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    who = names.person(data["person"]) if "person" in data else names.team(data["team"]) if "team" in data else ""
    by = _("by %s") % _when(data["due_at"]) if data.get("due_at") else ""
    said = ", ".join(filter(None, (who, by)))
    return f" ({said})" if said else ""


def decision(entry: TimelineEntry, names: Names) -> str:
    """Who is asked what, and what was decided."""
    data = entry.data
    if "decision" not in data:
        return entry.text or str(entry.get_kind_display())
    if entry.kind == EntryKind.DECISION_NEEDED:
        whom = _said(AskedOf, data.get("asked_of"))
        by = _(", by %s") % _when(data["needed_by"]) if data.get("needed_by") else ""
        return _("Decision needed from %(whom)s%(by)s: %(question)s") % {"whom": whom, "by": by, "question": entry.text}
    if entry.kind == EntryKind.DECISION_WITHDRAWN:
        return " ".join(filter(None, [_("Decision not needed any more: %s.") % _plain(entry), data.get("reason")]))
    said = _("Decided: %(question)s %(chosen)s.") % {"question": entry.text, "chosen": data.get("chosen", "")}
    objections = data.get("objections")
    return f"{said} " + (_("Objections: %s") % objections if objections else _("No objections."))


def hypothesis(entry: TimelineEntry, names: Names) -> str:
    """What may be the cause, and how sure we are."""
    sure = _said(Certainty, entry.data.get("certainty"))
    words = {"statement": _plain(entry), "sure": sure}
    sentences = {
        EntryKind.HYPOTHESIS_STATED: _("Hypothesis, confidence %(sure)s: %(statement)s."),
        EntryKind.HYPOTHESIS_CHANGED: _("Hypothesis, now confidence %(sure)s: %(statement)s."),
        EntryKind.HYPOTHESIS_CONFIRMED: _("Hypothesis confirmed: %(statement)s."),
        EntryKind.HYPOTHESIS_RULED_OUT: _("Hypothesis ruled out: %(statement)s."),
    }
    said = sentences[EntryKind(entry.kind)] % words
    return f"{said} " + _("This is the confirmed cause.") if entry.data.get("is_cause") else said


def workstream(entry: TimelineEntry, names: Names) -> str:
    """Who leads what, and the line that came back."""
    data = entry.data
    if data.get("report"):
        return _("%(name)s reports: %(report)s") % {"name": entry.text, "report": data["report"]}
    sentences = {
        EntryKind.WORKSTREAM_OPENED: _("Workstream: %s"),
        EntryKind.WORKSTREAM_CHANGED: _("Workstream changed: %s"),
        EntryKind.WORKSTREAM_ENDED: _("Workstream ended: %s"),
    }
    outcome = f" {data['outcome']}" if data.get("outcome") else ""
    return f"{sentences[EntryKind(entry.kind)] % entry.text}{_owner(entry, names)}.{outcome}"


def _plain(entry: TimelineEntry) -> str:
    """As typed, without the full stop that the sentence brings."""
    return entry.text.rstrip(".")


def _said(choices: Any, value: object) -> str:
    return str(dict(choices.choices).get(value, value or "")).lower()


def _when(value: object) -> str:
    return times.date_time(datetime.fromisoformat(str(value)))
