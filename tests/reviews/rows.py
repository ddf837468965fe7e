"""Rows that reviews start from: an incident with its manager, promises, teams and log, written directly."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from comms.models import Audience, Update, UpdateDeadline
from incidents.choices import EntryKind, IncidentState, Priority
from incidents.models import CommandTenure, Engagement, ImpactStatement, Incident, TimelineEntry
from reviews.choices import LapseCode, LapseState
from reviews.models import ContributingFactor, ImprovementAction, Lapse, PreventionPlan, Review
from teams.models import Person, Team
from tests import factories
from tests.factories import NOON

_numbers = itertools.count(1)
MINUTE = timedelta(minutes=1)


def incident(*, manager: Person, state: str = IncidentState.RESOLVED, **fields: Any) -> Incident:
    """A P1 of Payroll from 09:00 to 11:00, with its manager and its impact."""
    number = next(_numbers)
    fields.setdefault("reference", f"MI-2026-{number:04d}")
    fields.setdefault("title", "Staff cannot submit timesheets")
    if "service" not in fields:
        fields["service"] = factories.service(slug=f"payroll-{number}", name="Payroll")
    fields.setdefault("declared_at", NOON - timedelta(hours=3))
    fields.setdefault("impact_started_at", fields["declared_at"] - 10 * MINUTE)
    fields.setdefault("detected_at", fields["declared_at"] - 5 * MINUTE)
    if state not in {"declared", "investigating", "identified", "mitigating"}:
        fields.setdefault("service_restored_at", fields["declared_at"] + timedelta(hours=1))
    if state in {"resolved", "closed"}:
        fields.setdefault("resolved_at", fields["declared_at"] + timedelta(hours=2))
    if state == "closed":
        fields.setdefault("closed_at", fields["declared_at"] + timedelta(hours=3))
    made = Incident.objects.create(
        state=state,
        impact=1,
        urgency=1,
        **{"priority_computed": Priority.P1, "priority": Priority.P1, **fields},
    )
    CommandTenure.objects.create(
        incident=made, manager=manager, started_at=made.declared_at, ended_at=fields.get("closed_at")
    )
    ImpactStatement.objects.create(
        incident=made,
        version=1,
        who="store staff",
        activity="submit timesheets",
        count="1200",
        count_basis="till errors",
        where="Ireland",
        since="2026-11-23T08:50:00Z",
        confidence={"all": "confirmed"},
        as_of=made.declared_at,
    )
    return made


def entry(*, of: Incident, kind: str, at: datetime = NOON, **fields: Any) -> TimelineEntry:
    """One line of the log, without any reaction to it."""
    of.last_seq += 1
    Incident.objects.filter(pk=of.pk).update(last_seq=of.last_seq)
    return TimelineEntry.objects.create(incident=of, seq=of.last_seq, kind=kind, at=at, **fields)


def deadline(*, of: Incident, audience: str = "end_users", due_at: datetime = NOON, **fields: Any) -> UpdateDeadline:
    fields.setdefault("opened_at", due_at - 30 * MINUTE)
    if fields.get("ended_at"):
        fields.setdefault("end_reason", "resolved")
    return UpdateDeadline.objects.create(
        incident=of, audience=Audience.objects.get(code=audience), due_at=due_at, **fields
    )


def missed(*, of: Incident, deadlines: list[UpdateDeadline], at: datetime = NOON) -> TimelineEntry:
    """What the sweep writes when promises pass."""
    return entry(
        of=of,
        kind=EntryKind.DEADLINE_MISSED,
        at=at,
        source="system",
        data={"deadlines": [row.pk for row in deadlines], "audiences": [], "due_at": at.isoformat()},
    )


def engagement(*, of: Incident, team: Team, asked_by: Person, **fields: Any) -> Engagement:
    fields.setdefault("asked_at", of.declared_at + 5 * MINUTE)
    return Engagement.objects.create(incident=of, team=team, asked_by=asked_by, message="Please join.", **fields)


def review(*, of: Incident, **fields: Any) -> Review:
    fields.setdefault("opened_at", NOON)
    fields.setdefault("draft_due_date", NOON.date() + timedelta(days=7))
    fields.setdefault("publish_due_date", NOON.date() + timedelta(days=14))
    fields.setdefault("sections", {"summary": "Staff could not submit timesheets."})
    return Review.objects.create(incident=of, **fields)


def factor(*, of: Review, **fields: Any) -> ContributingFactor:
    fields.setdefault("statement", "The certificate's expiry was watched by nobody.")
    fields.setdefault("kind", "enabling")
    fields.setdefault("layer", "procedure")
    fields.setdefault("evidence", "record")
    return ContributingFactor.objects.create(review=of, **fields)


def action(*, of: Review, owner: Person, **fields: Any) -> ImprovementAction:
    fields.setdefault("title", "Watch certificates from monitoring")
    fields.setdefault("due_date", NOON.date() + timedelta(days=30))
    fields.setdefault("strength", "intermediate")
    fields.setdefault("done_means", "An expiring certificate raises an alert 30 days before.")
    return ImprovementAction.objects.create(review=of, owner=owner, **fields)


def lapse(*, of: Incident, addressee: Person, **fields: Any) -> Lapse:
    """A late update to end users, shown to its addressee unless told otherwise."""
    fields.setdefault("code", LapseCode.L02)
    fields.setdefault("state", LapseState.SUGGESTED)
    fields.setdefault("source_key", f"deadline:{next(_numbers)}")
    fields.setdefault("occurred_at", NOON)
    fields.setdefault("discovered_at", NOON)
    fields.setdefault("shown_after", NOON)
    fields.setdefault(
        "facts",
        {
            "audience": "end_users",
            "is_first": False,
            "opened_at": "2026-11-23T11:30:00.000Z",
            "due_at": "2026-11-23T12:00:00.000Z",
            "interval": 1800.0,
            "kept_at": "2026-11-23T12:06:00.000Z",
            "ended_at": None,
        },
    )
    return Lapse.objects.create(incident=of, addressee=addressee, **fields)


def plan(*, of: Lapse, owner: Person, **fields: Any) -> PreventionPlan:
    fields.setdefault("plan", "The portal reminds at two thirds of the interval.")
    fields.setdefault("strength", "intermediate")
    fields.setdefault("due_date", NOON.date() + timedelta(days=10))
    fields.setdefault("measure", "No late update to end users in 20 chances.")
    return PreventionPlan.objects.create(lapse=of, owner=owner, **fields)


def update(
    *,
    of: Incident,
    author: Person,
    at: datetime,
    audiences: tuple[str, ...] = ("end_users",),
    kind: str = "update",
    **fields: Any,
) -> Update:
    """A published update, without its deliveries."""
    made = Update.objects.create(
        incident=of,
        kind=kind,
        state="published",
        author=author,
        sequence=Update.objects.filter(incident=of).count() + 1,
        published_at=at,
        **fields,
    )
    made.audiences.set(Audience.objects.filter(code__in=audiences))
    return made


def kept(*, of: Incident, author: Person, due_at: datetime, at: datetime, **fields: Any) -> UpdateDeadline:
    """A promise with the update that kept it, in time or late."""
    audience = fields.get("audience", "end_users")
    sent = update(of=of, author=author, at=at, audiences=(audience,))
    return deadline(of=of, due_at=due_at, kept_at=at, kept_by=sent, **fields)
