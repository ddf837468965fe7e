"""One sentence for each kind of timeline entry. Who did it stands beside the sentence, not in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.choices import (
    EntryKind,
    IncidentRole,
    IncidentState,
    RestorationSource,
    RevisionReason,
)
from incidents.models import TimelineEntry
from incidents.queries import wording_promises as promises
from incidents.queries import wording_record as record
from incidents.queries import wording_work as work
from incidents.rules import mentions
from mim_portal.lib import times

PEOPLE_KEYS = ("manager", "from", "to", "by", "person", "confirmer", "owner")


@dataclass(frozen=True, kw_only=True)
class Names:
    """Who and which team an id stands for, today."""

    people: Mapping[int, str]
    teams: Mapping[int, str]
    incidents: Mapping[int, str] = field(default_factory=dict)

    def person(self, pk: object) -> str:
        return str(self.people.get(pk, _("somebody"))) if isinstance(pk, int) else _("somebody")

    def mention(self, letter: str, pk: int) -> str:
        """“@Mia Torres”, of a person or a team, by the name of today."""
        return f"@{self.person(pk) if letter == 'p' else self.team(pk)}"

    def team(self, pk: object) -> str:
        return self.teams.get(pk, _("a team")) if isinstance(pk, int) else _("a team")


def words(entry: TimelineEntry, *, names: Names) -> str:
    """What happened, in the profession's words."""
    write = _WRITERS.get(EntryKind(entry.kind))
    return write(entry, names) if write else str(entry.get_kind_display())


def _declared(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    if data.get("candidate"):
        words = {"priority": data.get("priority"), "candidate": data["candidate"]}
        return _("Declared as %(priority)s from %(candidate)s.") % words
    return _("Declared as %s.") % str(data.get("priority"))


def _state_changed(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    if data.get("to") == IncidentState.MONITORING:
        confirmed = _label(RestorationSource, data.get("confirmed_by")).lower()
        return _with_reason(_("Service restored, confirmed by: %s.") % (confirmed or "-"), data)
    state = {
        "from": _label(IncidentState, data.get("from")).lower(),
        "to": _label(IncidentState, data.get("to")).lower(),
    }
    sentence = _("State changed from %(from)s to %(to)s.") % state
    return _with_reason(" ".join([sentence, *record.facts(data, names)]), data)


def _reopened(entry: TimelineEntry, names: Names) -> str:
    text = _("Reopened: now %s.") % _label(IncidentState, entry.data.get("to")).lower()
    return _with_reason(" ".join([text, *record.facts(entry.data, names)]), entry.data)


def _cancelled(entry: TimelineEntry, names: Names) -> str:
    return _with_reason(_("Cancelled."), entry.data)


def _details_changed(entry: TimelineEntry, names: Names) -> str:
    changed = entry.data.get("changed", {})
    if "person" in entry.data:
        return _("%s may see this private incident now.") % names.person(entry.data["person"])
    parts = [
        _("%(field)s from “%(before)s” to “%(after)s”")
        % {"field": name.replace("_", " "), "before": _shown(pair[0]), "after": _shown(pair[1])}
        for name, pair in changed.items()
    ]
    return _("Changed: %s.") % "; ".join(parts) if parts else _("Details changed.")


def _priority_changed(entry: TimelineEntry, names: Names) -> str:
    sentence = _with_reason(_("Priority changed from %(from)s to %(to)s.") % _two(entry.data), entry.data)
    return " ".join([sentence, *record.downgrade(entry.data)])


def _impact(entry: TimelineEntry, names: Names) -> str:
    version = str(entry.data.get("version", ""))
    if entry.kind == EntryKind.IMPACT_STATED:
        return _("Impact stated, version %s.") % version
    why = _label(RevisionReason, entry.data.get("revision_reason"))
    return _("Impact revised, version %(version)s: %(why)s.") % {"version": version, "why": why.lower()}


def _time_recorded(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    field = str(data.get("field", "")).removesuffix("_at").replace("_", " ")
    if data.get("reason"):
        return _("Time not known: %(field)s. %(reason)s") % {"field": field, "reason": data["reason"]}
    if not data.get("from"):
        return _("Time recorded: %(field)s %(at)s.") % {"field": field, "at": _when(data.get("to"))}
    values = {"field": field, "before": _when(data.get("from")), "after": _when(data.get("to"))}
    return _("Time corrected: %(field)s from %(before)s to %(after)s.") % values


def _command_started(entry: TimelineEntry, names: Names) -> str:
    return _("%s is accountable.") % names.person(entry.data.get("manager"))


def _handover(entry: TimelineEntry, names: Names) -> str:
    giver, receiver = names.person(entry.data.get("from")), names.person(entry.data.get("to"))
    people = {"giver": giver, "receiver": receiver}
    sentences = {
        EntryKind.HANDOVER_OFFERED: _("%(giver)s offered the handover to %(receiver)s."),
        EntryKind.HANDOVER_ACCEPTED: _("%(receiver)s accepted and is accountable now, after %(giver)s."),
        EntryKind.HANDOVER_DECLINED: _("%(receiver)s declined the handover; %(giver)s stays accountable."),
        EntryKind.HANDOVER_WITHDRAWN: _("%(giver)s withdrew the handover to %(receiver)s."),
    }
    return _with_text(sentences[EntryKind(entry.kind)] % people, entry)


def _takeover(entry: TimelineEntry, names: Names) -> str:
    people = {"who": names.person(entry.data.get("to")), "before": names.person(entry.data.get("from"))}
    return _with_reason(_("%(who)s took over command from %(before)s.") % people, entry.data)


def _role(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    role = _label(IncidentRole, data.get("role"))
    if data.get("team"):
        role = _("%(role)s of %(team)s") % {"role": role, "team": names.team(data["team"])}
    words = {"who": names.person(data.get("person")), "role": role[:1].lower() + role[1:]}
    if entry.kind == EntryKind.ROLE_ENDED:
        return _("%(who)s is no longer %(role)s.") % words
    if data.get("from"):
        return _("%(who)s is %(role)s now, in place of %(before)s.") % {**words, "before": names.person(data["from"])}
    return _("%(who)s is %(role)s now.") % words


def _commitment(entry: TimelineEntry, names: Names) -> str:
    words = {"team": names.team(entry.data.get("team")), "text": entry.text, "due": _when(entry.data.get("due_at"))}
    if entry.kind == EntryKind.COMMITMENT_KEPT:
        return _("Kept, as promised to %(team)s: %(text)s") % words
    if entry.data.get("due_at"):
        return _("Promised to %(team)s by %(due)s: %(text)s") % words
    return _("Promised to %(team)s: %(text)s") % words


def _engagement(entry: TimelineEntry, names: Names) -> str:
    sentences = {
        EntryKind.ENGAGEMENT_ASKED: _("%s was asked for help."),
        EntryKind.ENGAGEMENT_ASKED_AGAIN: _("%s was asked again."),
        EntryKind.ENGAGEMENT_ACKNOWLEDGED: _("%s acknowledged."),
        EntryKind.ENGAGEMENT_JOINED: _("%s joined."),
        EntryKind.ENGAGEMENT_USEFUL_ACTION: _("%s took its first useful action."),
        EntryKind.ENGAGEMENT_RELEASED: _("%s was released, with thanks."),
    }
    return _with_text(sentences[EntryKind(entry.kind)] % names.team(entry.data.get("team")), entry)


def _reassigned(entry: TimelineEntry, names: Names) -> str:
    before, after = entry.data.get("from"), entry.data.get("to")
    if entry.text:
        return entry.text
    if not before:
        return _("Assigned to %s.") % _shown(after)
    return _("Reassigned from %(before)s to %(after)s.") % {"before": _shown(before), "after": _shown(after)}


def _own_text(entry: TimelineEntry, names: Names) -> str:
    return entry.text or str(entry.get_kind_display())


def _file(entry: TimelineEntry, names: Names) -> str:
    return (_("File attached: %s.") if entry.kind == EntryKind.FILE_ATTACHED else _("File removed: %s.")) % entry.text


def _note(entry: TimelineEntry, names: Names) -> str:
    return mentions.shown(_own_text(entry, names), entry.data, name=names.mention)


def _desk_report(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    more = _number(data.get("callers", 1), "One more caller at the service desk", "%d more callers at the service desk")
    parts = [more, _("added from %s") % data["candidate"] if data.get("candidate") else "", entry.text]
    if data.get("callers_so_far"):
        callers = _number(data["callers_so_far"], "%d caller", "%d callers")
        sites = _number(data.get("sites_so_far", 0), "%d site", "%d sites")
        parts.append(_("so far %(callers)s, %(sites)s") % {"callers": callers, "sites": sites})
    return f"{'; '.join(part for part in parts if part)}."


def _number(count: int, one: str, several: str) -> str:
    words = ngettext(one, several, count)
    return words % count if "%d" in words else words


def _desk_answered(entry: TimelineEntry, names: Names) -> str:
    return _("The desk answered “%(question)s”: %(answer)s") % {
        "question": entry.data.get("question", ""),
        "answer": entry.text,
    }


def _update(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    if entry.kind == EntryKind.UPDATE_PUBLISHED:
        what = {
            "kind": str(data.get("kind", "")).replace("_", " "),
            "number": data.get("sequence"),
            "audiences": _audiences(data),
        }
        return _("Update %(number)s (%(kind)s) published to %(audiences)s.") % what
    if entry.kind == EntryKind.UPDATE_CORRECTED:
        return _("A published update was corrected by a newer one.")
    if entry.kind == EntryKind.UPDATE_SCHEDULED:
        what = {"audiences": _audiences(data), "time": _when(data.get("publish_at"))}
        return _("An update to %(audiences)s was approved to leave at %(time)s.") % what
    if entry.kind == EntryKind.UPDATE_UNSCHEDULED:
        return _("The update to %(audiences)s no longer leaves by itself.") % {"audiences": _audiences(data)}
    if entry.kind == EntryKind.UPDATE_HELD:
        held = _("The scheduled update to %(audiences)s was not sent.") % {"audiences": _audiences(data)}
        return _with_text(held, entry)
    if entry.kind == EntryKind.UPDATE_DEFECT_FOUND:
        found = ngettext(
            "Update %(number)s left unread; the language checker has read it now and found %(count)d mistake.",
            "Update %(number)s left unread; the language checker has read it now and found %(count)d mistakes.",
            int(data.get("found", 1)),
        )
        return found % {"number": data.get("sequence"), "count": data.get("found", 1)}
    if data.get("sequence"):
        return _with_text(_("Update %(number)s was withdrawn.") % {"number": data["sequence"]}, entry)
    return _with_text(_("A published update was withdrawn."), entry)


def _deadline(entry: TimelineEntry, names: Names) -> str:
    audiences, due = _audiences(entry.data), _when(entry.data.get("due_at"))
    count = len(entry.data.get("audiences", ()))
    sentences = {
        EntryKind.DEADLINE_OPENED: _("Update promised to %(audiences)s by %(due)s."),
        EntryKind.DEADLINE_WARNED: _("Update to %(audiences)s is due soon, at %(due)s."),
        EntryKind.DEADLINE_MISSED: _("Promised update to %(audiences)s is late; it was due at %(due)s."),
        EntryKind.DEADLINE_KEPT: _("Promise to %(audiences)s kept."),
        EntryKind.DEADLINE_ENDED: _("No further update is owed to %(audiences)s."),
        EntryKind.DEADLINE_REPAIRED: ngettext(
            "A missing deadline was restored: %(audiences)s.", "Missing deadlines were restored: %(audiences)s.", count
        ),
    }
    return sentences[EntryKind(entry.kind)] % {"audiences": audiences, "due": due}


def _label(choices: Any, value: object) -> str:
    return str(dict(choices.choices).get(value, value or ""))


def _two(data: Mapping[str, Any]) -> dict[str, str]:
    return {"from": str(data.get("from", "")), "to": str(data.get("to", ""))}


def _with_reason(sentence: str, data: Mapping[str, Any]) -> str:
    reason = str(data.get("reason") or "").strip()
    return f"{sentence} {reason}" if reason else sentence


def _with_text(sentence: str, entry: TimelineEntry) -> str:
    return f"{sentence} {entry.text}" if entry.text else sentence


def _audiences(data: Mapping[str, Any]) -> str:
    return promises.audiences(data) or _("all audiences")


def _when(value: object) -> str:
    try:
        return times.date_time(datetime.fromisoformat(str(value)))
    except ValueError:
        return _("not known") if not value else str(value)


def _shown(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


_WRITERS: dict[EntryKind, Callable[[TimelineEntry, Names], str]] = {
    EntryKind.DECLARED: _declared,
    EntryKind.STATE_CHANGED: _state_changed,
    EntryKind.REOPENED: _reopened,
    EntryKind.CANCELLED: _cancelled,
    EntryKind.DETAILS_CHANGED: _details_changed,
    EntryKind.PRIORITY_CHANGED: _priority_changed,
    EntryKind.IMPACT_STATED: _impact,
    EntryKind.IMPACT_REVISED: _impact,
    EntryKind.TIME_RECORDED: _time_recorded,
    EntryKind.CLOSURE_ANSWERED: record.closure_answered,
    EntryKind.COMMAND_STARTED: _command_started,
    EntryKind.TAKEOVER: _takeover,
    EntryKind.ROLE_ASSIGNED: _role,
    EntryKind.ROLE_ENDED: _role,
    EntryKind.COMMITMENT_MADE: _commitment,
    EntryKind.COMMITMENT_KEPT: _commitment,
    EntryKind.REASSIGNED: _reassigned,
    EntryKind.NOTE: _note,
    EntryKind.DECISION: _own_text,
    EntryKind.TASK_OPENED: _own_text,
    EntryKind.TASK_DONE: _own_text,
    EntryKind.LINKED: record.linked,
    EntryKind.LINK_ENDED: record.linked,
    EntryKind.IMPORTED: _own_text,
    EntryKind.REVIEW_OPENED: _own_text,
    EntryKind.DESK_REPORT_ADDED: _desk_report,
    EntryKind.FILE_ATTACHED: _file,
    EntryKind.FILE_REMOVED: _file,
    EntryKind.DESK_ANSWERED: _desk_answered,
    **dict.fromkeys(
        (
            EntryKind.HANDOVER_OFFERED,
            EntryKind.HANDOVER_ACCEPTED,
            EntryKind.HANDOVER_DECLINED,
            EntryKind.HANDOVER_WITHDRAWN,
        ),
        _handover,
    ),
    **{kind: work.task for kind in EntryKind if kind.startswith("task_")},
    **{kind: work.decision for kind in EntryKind if kind.startswith("decision")},
    **{kind: work.hypothesis for kind in EntryKind if kind.startswith("hypothesis_")},
    **{kind: work.workstream for kind in EntryKind if kind.startswith("workstream_")},
    **{kind: _engagement for kind in EntryKind if kind.startswith("engagement_")},
    **{kind: _update for kind in EntryKind if kind.startswith("update_")},
    **{kind: _deadline for kind in EntryKind if kind.startswith("deadline_")},
    **{kind: promises.cadence for kind in EntryKind if kind.startswith("cadence_")},
    EntryKind.ESTIMATE: promises.estimate,
    **{kind: promises.waiting for kind in EntryKind if kind.startswith("waiting_")},
}
