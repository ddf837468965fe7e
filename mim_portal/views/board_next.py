"""What a person has to do next, and by when: everything that waits for them, the most urgent first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from comms.models import Update
from incidents.models import ClarificationRequest, Engagement, Handover, Incident, Task
from incidents.queries.candidate_queue import Waiting
from mim_portal.lib import addresses
from mim_portal.views.beats import Beat

# How long each may wait before it is as urgent as a promise that is due this minute.
HANDOVER = timedelta(minutes=2)
SECOND_READER = timedelta(minutes=3)
CANDIDATE = timedelta(minutes=5)
ENGAGEMENT = timedelta(minutes=5)
QUESTION = timedelta(minutes=10)
TASK = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to do. `due_at` is a clock that others see too; without one, `since` says how long it waits."""

    what: str
    href: str
    about: str
    urgent_at: datetime
    priority: str = ""
    due_at: datetime | None = None
    since: datetime | None = None
    warned_at: datetime | None = None


def in_order(*steps: Iterable[Step]) -> list[Step]:
    """Of everything that waits the most urgent first."""
    return sorted((step for some in steps for step in some), key=lambda step: step.urgent_at)


def promises(beats: Sequence[Beat]) -> list[Step]:
    """Updates that are owed: one writing moment serves all audiences of a beat."""
    return [
        Step(
            what=_("Write to %(audiences)s") % {"audiences": beat.audiences},
            href=f"{addresses.incident(beat.first.incident.reference)}#next",
            about=_about(beat.first.incident),
            priority=beat.first.incident.priority,
            urgent_at=beat.first.due_at,
            due_at=beat.first.due_at,
            warned_at=beat.first.warned_at,
        )
        for beat in beats
    ]


def handovers(offers: Iterable[Handover]) -> list[Step]:
    """Incidents that somebody offers to this person."""
    return [
        Step(
            what=_("Read the brief and accept: %(name)s offers you %(reference)s")
            % {"name": offer.offered_by.name, "reference": offer.incident.reference},
            href=reverse("handover-accept", kwargs={"reference": offer.incident.reference}),
            about=offer.incident.title,
            priority=offer.incident.priority,
            urgent_at=offer.offered_at + HANDOVER,
            since=offer.offered_at,
        )
        for offer in offers
    ]


def candidates(waiting: Iterable[Waiting]) -> list[Step]:
    """Candidates that need a decision; after five minutes the desk lead may declare.

    Where the record has a gap that matters, the manager asks within the same five minutes.
    """
    return [
        Step(
            what=_candidate_words(one),
            href=addresses.candidate(one.candidate.reference or ""),
            about=f"{one.candidate.reference} · {one.candidate.title}",
            urgent_at=raised_at + CANDIDATE,
            due_at=raised_at + CANDIDATE,
            since=raised_at,
        )
        for one in waiting
        if (raised_at := one.candidate.raised_at) is not None
    ]


def _candidate_words(one: Waiting) -> str:
    if not one.prompts:
        return _("Decide: accept, merge or reject")
    return _("Decide, and ask the desk: %(questions)s") % {"questions": " ".join(str(it.short) for it in one.prompts)}


def questions(asked: Iterable[ClarificationRequest]) -> list[Step]:
    """Questions to the desk about what it raised."""
    return [
        Step(
            what=_("Answer: %(question)s") % {"question": one.question},
            href=addresses.candidate(one.candidate.reference or ""),
            about=f"{one.candidate.reference} · {one.candidate.title}",
            urgent_at=one.asked_at + QUESTION,
            since=one.asked_at,
        )
        for one in asked
    ]


def engagements(asked: Iterable[Engagement]) -> list[Step]:
    """Requests for help that no one of the team has answered."""
    return [
        Step(
            what=_("Acknowledge: %(team)s is asked for help") % {"team": one.team.name},
            href=f"{addresses.incident(one.incident.reference)}#teams",
            about=_about(one.incident),
            priority=one.incident.priority,
            urgent_at=one.asked_at + ENGAGEMENT,
            since=one.asked_at,
        )
        for one in asked
    ]


def tasks(mine: Iterable[Task]) -> list[Step]:
    """What this person took on in an incident; without a time it waits from the moment it was given."""
    return [
        Step(
            what=_("Do: %(task)s") % {"task": one.title},
            href=f"{addresses.incident(one.incident.reference)}#tasks",
            about=_about(one.incident),
            priority=one.incident.priority,
            urgent_at=one.due_at or one.opened_at + TASK,
            due_at=one.due_at,
            since=one.opened_at,
        )
        for one in mine
    ]


def readings(waiting: Iterable[Update]) -> list[Step]:
    """Texts that wait for a second reader; after three minutes the manager releases them."""
    return [
        Step(
            what=_("Read before it is sent: %(subject)s") % {"subject": one.subject},
            href=addresses.update(one.pk),
            about=_about(one.incident),
            priority=one.incident.priority,
            urgent_at=one.submitted_at + SECOND_READER,
            due_at=one.submitted_at + SECOND_READER,
        )
        for one in waiting
        if one.submitted_at is not None
    ]


def broken(components: Mapping[str, str], *, now: datetime) -> list[Step]:
    """Components that do not run, before anything else: promises depend on them."""
    return [
        Step(
            what=_("Bring %(component)s back") % {"component": name},
            href="#health",
            about=words,
            urgent_at=now - SECOND_READER,
            since=now,
        )
        for name, words in components.items()
        if words != "ok"
    ]


def _about(incident: Incident) -> str:
    return f"{incident.reference} · {incident.title}"
