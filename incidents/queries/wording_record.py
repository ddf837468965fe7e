"""Sentences about steps and their facts, downgrades, links and the closing checklist on the timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from incidents.choices import ClosureAnswer, DowngradeAnswer, EntryKind, LinkKind
from incidents.models import TimelineEntry
from incidents.rules.priority import DOWNGRADE_QUESTIONS
from mim_portal.lib import times

# A link as the incident at its other end tells it.
LINKS_FROM_THERE = {
    LinkKind.DUPLICATE: "has the duplicate",
    LinkKind.CHILD: "has the part",
    LinkKind.CAUSED_BY: "caused",
    LinkKind.RECURRENCE: "came back as",
}


class Names(Protocol):
    """Who, and which incident that everybody may see, an id stands for today."""

    @property
    def incidents(self) -> Mapping[int, str]: ...

    def person(self, pk: object) -> str: ...


def facts(data: Mapping[str, Any], names: Names) -> list[str]:
    """What a cause or a fix was entered with, and what was not known then."""
    said = []
    if "confirmer" in data:
        said.append(_("Cause confirmed by %s.") % names.person(data["confirmer"]))
    if data.get("evidence"):
        said.append(_("Evidence: %s.") % str(data["evidence"]).rstrip("."))
    if data.get("action"):
        said.append(_("Action: %s.") % str(data["action"]).rstrip("."))
    if "owner" in data:
        said.append(_("Owner: %s.") % names.person(data["owner"]))
    if data.get("time_box"):
        said.append(_("Time box: %(minutes)s min, until %(until)s.") % _time_box(data))
    if data.get("rollback"):
        said.append(_("If it does not work: %s.") % str(data["rollback"]).rstrip("."))
    if data.get("unknown"):
        said.append(_("Not known yet: %s.") % ", ".join(str(name).replace("_", " ") for name in data["unknown"]))
    return said


def _time_box(data: Mapping[str, Any]) -> dict[str, str]:
    return {"minutes": str(data["time_box"]), "until": times.date_time(datetime.fromisoformat(data["until"]))}


def downgrade(data: Mapping[str, Any]) -> list[str]:
    """What was said to the questions before it went down; a reason that is the change's own is not said twice."""
    said = []
    answers = data.get("downgrade", {})
    for code in [code for code in DOWNGRADE_QUESTIONS if code in answers]:
        one = answers[code]
        answer = str(DowngradeAnswer(one["answer"]).label).lower()
        own = one.get("reason") and one["reason"] != data.get("reason")
        sentence = f"{_(DOWNGRADE_QUESTIONS[code])}: {answer}"
        said.append(f"{sentence} ({one['reason']})." if own else f"{sentence}.")
    return said


def linked(entry: TimelineEntry, names: Names) -> str:
    """From the side of the incident that it stands on; what not everybody may see is not named."""
    data = entry.data
    if "link" not in data:
        return entry.text or str(entry.get_kind_display())
    other = names.incidents.get(data.get("other", 0), _("another incident"))
    forward = data.get("is_from_here", True)
    words = str(LinkKind(data["link"]).label).lower() if forward else LINKS_FROM_THERE.get(data["link"], "")
    said = {"words": words, "other": other}
    if entry.kind == EntryKind.LINK_ENDED:
        return _("Link ended: %(words)s %(other)s.") % said
    return _("Linked: %(words)s %(other)s.") % said


def closure_answered(entry: TimelineEntry, names: Names) -> str:
    """What was said of one line, or that it was taken back."""
    data = entry.data
    item = str(data.get("item", "")).replace("_", " ")
    if not data.get("answer"):
        return _("Closing checklist, %s: answer taken back.") % item
    words = {"item": item, "answer": str(ClosureAnswer(data["answer"]).label).lower()}
    sentence = _("Closing checklist, %(item)s: %(answer)s.") % words
    return f"{sentence} {data['note']}" if data.get("note") else sentence
