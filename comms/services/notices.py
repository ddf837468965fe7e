"""Who is told about a promise: the manager, then a deputy, then the practice lead; all as rows of the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from comms.choices import EscalationStep
from comms.rendering import notices
from comms.services import outbox
from mim_portal.lib import bulk, nudge
from teams.choices import Role
from teams.models import Person
from teams.queries import calling


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the ladder for one incident, with every audience that it is about."""

    incident_id: int
    step: EscalationStep
    deadlines: tuple[int, ...]
    promised: tuple[tuple[str, datetime], ...]  # audience name and due time


# Who is called at a step: those on the role's rota, or every holder where the rota is empty.
_ROLES = {EscalationStep.DEPUTY: Role.DEPUTY, EscalationStep.PRACTICE_LEAD: Role.PRACTICE_LEAD}
# Reference and title are put in by the database, where they are; a title that a reader may not see stays out.
_WRITE = """
WITH given AS (SELECT * FROM {notices}),
rendered AS (SELECT * FROM {rendered}),
noticed AS (
    INSERT INTO comms_notice (id, incident_id, person_id, step, deadlines)
    SELECT notice_id, incident_id, person_id, step, deadlines::bigint[] FROM given
),
written AS (
    INSERT INTO comms_message (id, notice_id, subject, text, html, thread)
    SELECT message_id, notice_id, replace(subject, %s, reference),
           replace(replace(rendered.text, %s, reference), %s, shown),
           replace(replace(html, %s, reference), %s, replace(replace(replace(replace(
               shown, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')),
           reference
    FROM given
    JOIN rendered ON rendered.which = given.which
    JOIN incidents_incident incident ON incident.id = given.incident_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_private AND NOT given.may_see THEN %s ELSE title END AS shown
    ) AS visible
)
INSERT INTO comms_delivery (message_id, person_id, channel, address, position, state)
SELECT message_id, person_id, 'email', address, 0, 'pending' FROM given WHERE address <> ''
"""


def write(*, steps: Sequence[Step], now: datetime) -> int:
    """Notices, messages and deliveries of these steps, in one statement; how many people hear.

    The caller's transaction has recorded the steps, so that none is told twice.
    """
    if not steps:
        return 0
    managers = _managers(step.incident_id for step in steps)
    wanted = {step.step for step in steps}
    is_escalated = not wanted.isdisjoint(_ROLES)
    callees = {step: calling.told(role, at=now) if is_escalated else [] for step, role in _ROLES.items()}
    told = [(step, person) for step in steps for person in _told(step, managers, callees)]
    if told:
        _insert(told, managers, callees)
        nudge.nudge(outbox.DELIVER)
    return len(told)


def _managers(incident_ids: Iterable[int]) -> dict[int, Person]:
    """The accountable manager of each incident; a manager of twenty thousand is one object."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT incident_id, manager_id FROM incidents_commandtenure"
            " WHERE ended_at IS NULL AND incident_id = ANY(%s::bigint[])",
            [bulk.literal(set(incident_ids))],
        )
        of_incident = dict(cursor.fetchall())
    people = Person.objects.filter(is_active=True).in_bulk(set(of_incident.values()))
    return {incident: people[person] for incident, person in of_incident.items() if person in people}


def _told(
    step: Step, managers: Mapping[int, Person], callees: Mapping[EscalationStep, Sequence[Person]]
) -> Sequence[Person]:
    if step.step in callees:
        return callees[step.step]
    manager = managers.get(step.incident_id)
    return [manager] if manager else []


def _insert(
    told: Sequence[tuple[Step, Person]],
    managers: Mapping[int, Person],
    callees: Mapping[EscalationStep, Sequence[Person]],
) -> None:
    which: dict[notices.Saying, int] = {}
    numbers = []
    for step, person in told:
        said = notices.saying(
            step=step.step,
            promised=tuple((name, due_at.replace(second=0, microsecond=0)) for name, due_at in step.promised),
            told=_know_already(step, managers.get(step.incident_id), callees),
            zone=person.time_zone,
        )
        numbers.append(which.setdefault(said, len(which)))
    rendered = [notices.render(said) for said in which]
    with connection.cursor() as cursor:
        notice_ids = bulk.reserve_ids(cursor, "comms_notice", len(told))
        message_ids = bulk.reserve_ids(cursor, "comms_message", len(told))
        given_sql, given = bulk.unnest(
            {
                "notice_id": ("bigint", notice_ids),
                "message_id": ("bigint", message_ids),
                "incident_id": ("bigint", [step.incident_id for step, _person in told]),
                "person_id": ("bigint", [person.pk for _step, person in told]),
                "address": ("text", [person.email for _step, person in told]),
                "step": ("text", [step.step.value for step, _person in told]),
                "deadlines": ("text", [step.deadlines for step, _person in told]),
                "which": ("integer", numbers),
                "may_see": ("boolean", [step.step not in callees for step, _person in told]),
            }
        )
        rendered_sql, texts = bulk.unnest(
            {
                "which": ("integer", list(range(len(rendered)))),
                "subject": ("text", [each.subject for each in rendered]),
                "text": ("text", [each.text for each in rendered]),
                "html": ("text", [each.html for each in rendered]),
            }
        )
        cursor.execute(
            _WRITE.format(notices=given_sql, rendered=rendered_sql),
            [
                *given,
                *texts,
                notices.REFERENCE,
                notices.REFERENCE,
                notices.TITLE,
                notices.REFERENCE,
                notices.TITLE,
                _("A private incident"),
            ],
        )


def _know_already(
    step: Step, manager: Person | None, callees: Mapping[EscalationStep, Sequence[Person]]
) -> tuple[str, ...]:
    """The names of those who heard at an earlier step."""
    if step.step not in callees:
        return ()
    names = [manager.name] if manager else []
    if step.step == EscalationStep.PRACTICE_LEAD:
        names += [person.name for person in callees[EscalationStep.DEPUTY]]
    return tuple(names)
