"""Closed incidents of the past months, made in bulk: what lists, metrics and reviews are read with.

The same seed, number and moment make the same history. Nothing here goes through the verbs: it is a past that nobody
waits for, with the same rows that the verbs would have left.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from comms.choices import AudienceCode, UpdateKind, UpdateState
from comms.models import Audience, Update, UpdateDeadline
from comms.models.audience import CadencePolicy
from incidents.choices import EngagementState, EntryKind, EntrySource, IncidentState
from incidents.models import CommandTenure, Engagement, ImpactStatement, Incident, TimelineEntry
from incidents.rules import priority as priorities
from incidents.services.finding import search_documents
from incidents.services.states import numbering
from incidents.services.timeline import Entry
from teams.models import Person, Service, Site, Team

CHUNK = 500
AUDIENCES = (AudienceCode.SERVICE_DESK, AudienceCode.END_USERS, AudienceCode.EXECUTIVES)
# What people could not do, by the kind of service; the rest of the sentence comes from site and count.
TROUBLES = (
    "cannot sign in", "cannot open the start page", "wait minutes for every page", "cannot save their work",
    "cannot print labels", "cannot take payments", "cannot submit their hours", "see other people's orders as empty",
)  # fmt: skip

SAID = {
    UpdateKind.INITIAL: "We are working on it. You do not need to do anything.",
    UpdateKind.UPDATE: "We know why and are working on it. You do not need to do anything.",
    UpdateKind.RESTORED: "It works again, and we found no data loss. You do not need to do anything.",
}


@dataclass
class Batch:
    """Rows of one chunk, written table by table."""

    incidents: list[Incident] = field(default_factory=list)
    tenures: list[CommandTenure] = field(default_factory=list)
    impacts: list[ImpactStatement] = field(default_factory=list)
    entries: list[TimelineEntry] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    reached: list[tuple[Update, list[Audience]]] = field(default_factory=list)
    deadlines: list[UpdateDeadline] = field(default_factory=list)
    engagements: list[Engagement] = field(default_factory=list)


class Historian:
    """Makes closed incidents one after the other, from one random source."""

    def __init__(self, *, seed: int, managers: Sequence[Person], now: datetime) -> None:
        self.random = Random(seed)  # noqa: S311 -- a repeatable past, not a secret
        self.managers = managers
        self.now = now
        self.services = list(Service.objects.select_related("owner_team").order_by("pk"))
        self.teams = list(Team.objects.order_by("pk"))
        self.sites = list(Site.objects.order_by("pk"))
        self.audiences = {audience.code: audience for audience in Audience.objects.filter(code__in=AUDIENCES)}
        self.policies = {(row.priority, row.audience_id): row for row in CadencePolicy.objects.all()}

    def write(self, count: int) -> None:
        """`count` incidents, the oldest first, spread over the last half year and longer for large numbers."""
        span = timedelta(days=max(180, count / 4))
        start = self.now - span
        moments = sorted(start + span * 0.99 * self.random.random() for _ in range(count))
        for at in range(0, count, CHUNK):
            batch = Batch()
            for moment in moments[at : at + CHUNK]:
                self._add(batch, declared_at=moment.replace(microsecond=0))
            _save(batch)

    def _minutes(self, median: float) -> timedelta:
        """Right-skewed, as durations of incidents are: log-normal with P90 about 3.2 times the median."""
        return timedelta(seconds=int(60 * median * math.exp(self.random.gauss(0, 0.9))))

    def _add(self, batch: Batch, *, declared_at: datetime) -> None:
        incident = self._incident(declared_at)
        manager = self.random.choice(self.managers)
        assert incident.closed_at is not None
        batch.incidents.append(incident)
        batch.tenures.append(
            CommandTenure(incident=incident, manager=manager, started_at=declared_at, ended_at=incident.closed_at)
        )
        batch.impacts.append(self._impact(incident, manager))
        self._engage(batch, incident, manager)
        self._inform(batch, incident, manager)
        for entry in _entries(incident, manager):
            incident.last_seq += 1
            batch.entries.append(
                TimelineEntry(
                    incident=incident, seq=incident.last_seq, kind=entry.kind, source=entry.source, at=entry.at,
                    recorded_at=entry.at, actor_id=entry.actor_id, data=entry.data,
                )
            )  # fmt: skip

    def _incident(self, declared_at: datetime) -> Incident:
        impact, urgency = self.random.choices([(1, 1), (1, 2), (2, 2)], weights=[2, 5, 3])[0]
        service = self.random.choice(self.services)
        priority = priorities.compute(impact=impact, urgency=urgency)
        detected_at = declared_at - self._minutes(6)
        restored_at = declared_at + self._minutes(70)
        confirmed_at = restored_at + self._minutes(4)
        resolved_at = confirmed_at + timedelta(minutes=30)
        return Incident(
            reference=numbering.next_incident(declared_at=declared_at),
            external_ref=f"INC{self.random.randrange(10**6, 10**7)}",
            title=f"{service.name}: people {self.random.choice(TROUBLES)}",
            service=service, state=IncidentState.CLOSED, impact=impact, urgency=urgency,
            priority_computed=priority, priority=priority, declared_at=declared_at, detected_at=detected_at,
            impact_started_at=detected_at - self._minutes(5), mim_assigned_at=declared_at,
            diagnosed_at=declared_at + (restored_at - declared_at) * 0.6, service_restored_at=restored_at,
            restored_confirmed_at=confirmed_at, resolved_at=resolved_at,
            closed_at=resolved_at + self._minutes(300),
        )  # fmt: skip

    def _impact(self, incident: Incident, manager: Person) -> ImpactStatement:
        count = self.random.choice((40, 120, 250, 400, 800, 1200))
        site = self.random.choice(self.sites)
        return ImpactStatement(
            incident=incident, version=1, who="people", activity=incident.title.split(": people ", 1)[1],
            count=f"about {count}", count_basis="log-ins of the last hour", where=site.name,
            not_affected="all other sites", since=f"{incident.impact_started_at:%H:%M} (UTC+0)",
            workaround="none known", confidence={"all": "estimated"}, author=manager, as_of=incident.declared_at,
        )  # fmt: skip

    def _engage(self, batch: Batch, incident: Incident, manager: Person) -> None:
        owner = incident.service.owner_team
        teams = {team.pk: team for team in (owner, self.random.choice(self.teams)) if team is not None}
        for team in teams.values():
            asked_at = incident.declared_at + timedelta(seconds=self.random.randrange(60, 600))
            acknowledged_at = asked_at + self._minutes(3)
            joined_at = acknowledged_at + self._minutes(5)
            batch.engagements.append(
                Engagement(
                    incident=incident, team=team, state=EngagementState.RELEASED, message=incident.title,
                    asked_by=manager, asked_at=asked_at, acknowledged_at=acknowledged_at, joined_at=joined_at,
                    released_at=max(joined_at, incident.service_restored_at or joined_at),
                )
            )  # fmt: skip

    def _inform(self, batch: Batch, incident: Incident, manager: Person) -> None:
        """Promises and the updates that kept them, about one in twelve some minutes late."""
        assert incident.service_restored_at is not None
        due = dict.fromkeys(AUDIENCES, incident.declared_at)
        for sequence, kind in enumerate(self._kinds(incident), start=1):
            planned = min(due[code] + self._interval(incident, code, sequence == 1) for code in AUDIENCES)
            is_late = self.random.random() < 1 / 12
            shift = self._minutes(3) if is_late else -timedelta(seconds=self.random.randrange(20, 240))
            is_last = kind == UpdateKind.RESTORED
            at = max(planned + shift, due[AUDIENCES[0]] + timedelta(seconds=30))
            update = Update(
                incident=incident, kind=kind, state=UpdateState.PUBLISHED, author=manager,
                subject=incident.title.split(": ", 1)[1], body=SAID[kind], created_at=at, edited_at=at,
                checked_at=at, language_checked=True, sequence=sequence, published_at=at, published_by=manager,
                incident_state=IncidentState.MONITORING if is_last else IncidentState.IDENTIFIED,
                priority=incident.priority, no_further_updates=is_last,
            )  # fmt: skip
            batch.updates.append(update)
            batch.reached.append((update, list(self.audiences.values())))
            for code in AUDIENCES:
                batch.deadlines.append(
                    UpdateDeadline(
                        incident=incident, audience=self.audiences[code], is_first=sequence == 1,
                        opened_at=due[code], due_at=planned, missed_at=planned if at > planned else None,
                        kept_at=at, kept_by=update,
                    )
                )  # fmt: skip
                due[code] = at

    def _kinds(self, incident: Incident) -> Iterator[UpdateKind]:
        assert incident.service_restored_at is not None
        yield UpdateKind.INITIAL
        length = incident.service_restored_at - incident.declared_at
        yield from [UpdateKind.UPDATE] * min(6, int(length / timedelta(minutes=45)))
        yield UpdateKind.RESTORED

    def _interval(self, incident: Incident, code: str, is_first: bool) -> timedelta:
        policy = self.policies.get((incident.priority, self.audiences[code].pk))
        minutes = (policy.first_minutes if is_first else policy.every_minutes) if policy else None
        return timedelta(minutes=minutes or 60)


def _entries(incident: Incident, manager: Person) -> list[Entry]:
    states = (
        (IncidentState.DECLARED, IncidentState.INVESTIGATING, incident.declared_at + timedelta(minutes=4)),
        (IncidentState.INVESTIGATING, IncidentState.IDENTIFIED, incident.diagnosed_at),
        (IncidentState.IDENTIFIED, IncidentState.MONITORING, incident.service_restored_at),
        (IncidentState.MONITORING, IncidentState.RESOLVED, incident.resolved_at),
        (IncidentState.RESOLVED, IncidentState.CLOSED, incident.closed_at),
    )
    declared = {
        "priority": incident.priority, "impact": incident.impact, "urgency": incident.urgency,
        "audiences": list(AUDIENCES), "candidate": None, "manager": manager.pk,
    }  # fmt: skip
    first = Entry(kind=EntryKind.DECLARED, at=incident.declared_at, actor_id=manager.pk, data=declared)
    return [
        first,
        *(
            Entry(
                kind=EntryKind.STATE_CHANGED, at=at, actor_id=manager.pk, source=EntrySource.PERSON,
                data={
                    "from": before, "to": after, "reason": "",
                    "confirmed_by": "desk" if after == IncidentState.MONITORING else "",
                },
            )
            for before, after, at in states
            if at is not None
        ),
    ]  # fmt: skip


@transaction.atomic
def _save(batch: Batch) -> None:
    Incident.objects.bulk_create(batch.incidents)
    CommandTenure.objects.bulk_create(batch.tenures)
    ImpactStatement.objects.bulk_create(batch.impacts)
    TimelineEntry.objects.bulk_create(batch.entries)
    Engagement.objects.bulk_create(batch.engagements)
    Update.objects.bulk_create(batch.updates)
    through = Update.audiences.through
    through.objects.bulk_create(
        through(update_id=update.pk, audience_id=audience.pk) for update, found in batch.reached for audience in found
    )
    UpdateDeadline.objects.bulk_create(batch.deadlines)
    search_documents.follow([incident.pk for incident in batch.incidents])
