"""Mail that asks somebody to act now: a team that is needed, a manager for whom a candidate waits, a mention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import gettext as _

from comms.choices import WakeReason
from comms.rules.frame_words import EXERCISE
from incidents.models import Candidate, Decision, Engagement, Incident, TimelineEntry
from incidents.queries import impact, timeline
from mim_portal.lib import addresses, times
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class Call:
    """Subject, plain text and HTML."""

    subject: str
    text: str
    html: str


def for_team(engagement: Engagement, *, answer: str, again: bool) -> Call:
    """The call of one engagement; `answer` is the link that answers it without signing in, `again` says so in the
    subject.
    """
    incident = engagement.incident
    context = {
        "engagement": engagement,
        "incident": incident,
        "team": engagement.team,
        "asked_by": engagement.asked_by.name,
        "answer": answer,
        "room": addresses.absolute(f"{addresses.incident(incident.reference)}#teams"),
        "again": again,
    }
    return rendered("call", context)


def for_manager(candidate: Candidate) -> Call:
    """What the desk raised, what is still missing, and where it is answered."""
    context = {
        "candidate": candidate,
        "words": candidate.intake_detail.get("words", ""),
        "address": addresses.absolute(addresses.candidate(str(candidate.reference))),
    }
    return rendered("candidate", context)


def for_mention(entry: TimelineEntry) -> Call:
    """What somebody wrote about the reader, and where to answer."""
    incident = entry.incident
    (said,) = timeline.worded([entry])
    context = {
        "incident": incident,
        "writer": said.actor.name if said.actor else _("The portal"),
        "words": said.words,
        "at": times.date_time(entry.at),
        "room": addresses.absolute(f"{addresses.incident(incident.reference)}#entry-{entry.seq}"),
    }
    return rendered("mention", context)


def headline(incident: Incident, *, reason: WakeReason) -> Call:
    """One line and the impact, for an executive who asked to be told of it."""
    headlines = {
        WakeReason.DECLARED: _("P1 declared"),
        WakeReason.WIDENED: _("P1 affects more than before"),
        WakeReason.RESTORED: _("Service back"),
    }
    context = {
        "incident": incident,
        "headline": headlines[reason],
        "impact": impact.sentence(impact.current(incident), timezone.get_default_timezone()),
        "address": addresses.absolute("/"),
        "settings_address": addresses.absolute("/settings/me/notices/"),
    }
    return rendered("headline", context)


def decision_needed(decision: Decision, *, answer: str = "") -> Call:
    """The question, its options and by when; one tap behind the reader's own link, or in the room, answers it."""
    incident = decision.incident
    context = {
        "decision": decision,
        "incident": incident,
        "asked_by": decision.asked_by.name,
        "address": answer or addresses.absolute(f"{addresses.incident(incident.reference)}#work"),
    }
    return rendered("decision_needed", context)


def decided(decision: Decision) -> Call:
    """What was chosen, by whom, with the objections."""
    context = {
        "decision": decision,
        "incident": decision.incident,
        "decided_by": decision.decided_by.name if decision.decided_by else "",
        "address": addresses.absolute(f"{addresses.incident(decision.incident.reference)}#work"),
    }
    return rendered("decided", context)


def for_receiver(incidents: Sequence[Incident], *, giver: Person, shift: int | None) -> Call:
    """A handover waits for an answer: of one incident, or of everything that somebody hands over with a shift."""
    path = f"/handover/{shift}/" if shift else f"{addresses.incident(incidents[0].reference)}handover/accept/"
    context = {"incidents": incidents, "giver": giver.name, "address": addresses.absolute(path)}
    return rendered("offered", context)


def for_takeover(incident: Incident, *, new: Person, by: Person, reason: str, is_yours: bool) -> Call:
    """Command moved without an offer; `is_yours` for whoever was appointed."""
    context = {
        "incident": incident,
        "new": new.name,
        "by": by.name,
        "reason": reason,
        "is_yours": is_yours,
        "room": addresses.absolute(addresses.incident(incident.reference)),
    }
    return rendered("takeover", context)


def rendered(folder: str, context: Mapping[str, Any]) -> Call:
    """The three files of a message's folder; what people typed cannot break the subject into two lines.

    A message about an exercise says so before anything else, so that nobody runs; the frame of the HTML does it there.
    """
    mark = _exercise(context)
    subject, text, html = (
        get_template(f"messages/{folder}/{name}").render({**context, "is_exercise": bool(mark)})
        for name in ("subject.txt", "body.txt", "body.html")
    )
    if mark:
        subject = f"{mark} {subject}"
        text = f"{_('EXERCISE EXERCISE EXERCISE. Nothing is wrong with the service.')}\n\n{text.strip()}"
    return Call(subject=" ".join(subject.split())[:400], text=text.strip() + "\n", html=html)


def _exercise(context: Mapping[str, Any]) -> str:
    """The mark, where everything that the message is about is an exercise."""
    about = [context["incident"]] if "incident" in context else context.get("incidents", ())
    return EXERCISE if about and all(one.is_exercise for one in about) else ""
