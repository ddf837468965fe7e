"""Sentences about which audiences are owed updates, when, and what is being waited for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.choices import EntryKind
from incidents.models import TimelineEntry
from incidents.rules import readers
from mim_portal.lib import times


def cadence(entry: TimelineEntry, names: object) -> str:
    """Who is owed updates from now on or no longer, and which times were agreed with whom."""
    data = entry.data
    words = {"audiences": audiences(data)}
    if entry.kind == EntryKind.CADENCE_OWED:
        sentence = _("Updates are owed to %(audiences)s from now on.") % words
    elif entry.kind == EntryKind.CADENCE_NOT_OWED:
        sentence = _("Updates are no longer owed to %(audiences)s.") % words
    elif entry.kind == EntryKind.CADENCE_ENDED:
        sentence = _("The agreed times for %(audiences)s ended; the usual interval holds again.") % words
    elif data.get("minutes"):
        sentence = _("Agreed with %(audiences)s: an update every %(minutes)d minutes.") % (
            words | {"minutes": data["minutes"]}
        )
    elif data.get("times"):
        said = {"times": ", ".join(data["times"]), "zone": data.get("zone", ""), "until": _when(data.get("until"))}
        sentence = _("Agreed with %(audiences)s: updates at %(times)s (%(zone)s) until %(until)s.") % (words | said)
    else:
        return entry.text or str(entry.get_kind_display())
    return f"{sentence} {entry.text}" if entry.text else sentence


def waiting(entry: TimelineEntry, names: object) -> str:
    """What the incident waits for and until when, in the words of whoever recorded it."""
    if entry.kind == EntryKind.WAITING_ENDED:
        return _("No longer waiting for: %s") % entry.text
    return _("Waiting until %(until)s for: %(what)s") % {"until": _when(entry.data.get("until")), "what": entry.text}


def estimate(entry: TimelineEntry, names: object) -> str:
    """What executives were told about when it works again, or that nobody could say."""
    data = entry.data
    words = {"from": _when(data.get("earliest_at")), "to": _when(data.get("latest_at")), "sure": data.get("confidence")}
    decision = _("next decision %s") % _when(data["next_decision_at"]) if data.get("next_decision_at") else ""
    said = _("between %(from)s and %(to)s, confidence %(sure)s") % words if data.get("latest_at") else _("none")
    what = "; ".join(filter(None, [said, decision]))
    sentences = {
        "given": _("Estimate for executives, waiting for a second person: %s."),
        "shown": _("Estimate for executives: %s."),
        "approved": _("Estimate for executives approved: %s."),
        "withdrawn": _("Estimate for executives taken back: %s."),
    }
    return sentences.get(data.get("step", ""), sentences["shown"]) % what


def audiences(data: Mapping[str, Any]) -> str:
    """The audiences that an entry names by their codes, as a sentence says them: “technical teams, the public”."""
    return ", ".join(_(word) for word in readers.words(map(str, data.get("audiences") or ())))


def _when(value: object) -> str:
    try:
        return times.date_time(datetime.fromisoformat(str(value)))
    except ValueError:
        return _("not known")
