"""Who is told about a promise: the manager, then a deputy, then the practice lead; all as rows of the outbox."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from comms.choices import EscalationStep
from comms.queries.promises import quiet
from comms.rendering import notices
from comms.rules.frame_words import EXERCISE
from comms.services.sending import outbox
from mim_portal.lib import bulk, nudge
from teams.choices import Role
from teams.models import Person
from teams.queries import calling


class Step(NamedTuple):
    """One step of the ladder for one incident, with every audience that it is about."""

    incident_id: int
    step: EscalationStep
    deadlines: tuple[int, ...]
    promised: tuple[tuple[str, datetime], ...]  # audience name and due time to the minute


# Who is called at a step: those on the role's rota, or every holder where the rota is empty.
_ROLES = {EscalationStep.DEPUTY: Role.DEPUTY, EscalationStep.PRACTICE_LEAD: Role.PRACTICE_LEAD}
# Reference and title are put in by the database, where they are, and into the HTML when the notice leaves; a title that
# a reader may not see stays out, and an exercise says so first.
_WRITE = """
WITH given AS (
    SELECT incident_id, which, deadlines, nextval(pg_get_serial_sequence('comms_notice', 'id')) AS notice_id,
           nextval(pg_get_serial_sequence('comms_message', 'id')) AS message_id
    FROM {steps}
),
worded AS (SELECT * FROM {worded}),
pages AS (SELECT page, html, nextval(pg_get_serial_sequence('comms_noticehtml', 'id')) AS html_id FROM {pages}),
printed AS (INSERT INTO comms_noticehtml (id, html) SELECT html_id, html FROM pages),
noticed AS (
    INSERT INTO comms_notice (id, incident_id, person_id, step, deadlines)
    SELECT notice_id, incident_id, person_id, step, deadlines::bigint[]
    FROM given JOIN worded ON worded.which = given.which
),
written AS (
    INSERT INTO comms_message (id, notice_id, subject, text, html, notice_html_id, notice_title, thread)
    SELECT message_id, notice_id, mark || replace(subject, %s, reference),
           replace(replace(worded.text, %s, reference), %s, shown), '', html_id, shown, reference
    FROM given
    JOIN worded ON worded.which = given.which
    JOIN pages ON pages.page = worded.page
    JOIN incidents_incident incident ON incident.id = given.incident_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_exercise THEN '{exercise} ' ELSE '' END AS mark
    ) AS marked
    CROSS JOIN LATERAL (
        SELECT mark || CASE WHEN is_private AND NOT worded.may_see THEN %s ELSE title END AS shown
    ) AS visible
)
INSERT INTO comms_delivery (message_id, person_id, channel, address, position, state)
SELECT message_id, person_id, 'email', address, 0, 'pending'
FROM given JOIN worded ON worded.which = given.which WHERE address <> ''
"""


class _Case(NamedTuple):
    """What two notices have in common that say the same to the same people."""

    step: EscalationStep
    promised: tuple[tuple[str, datetime], ...]
    manager_id: int | None


class _Worded(NamedTuple):
    """A case in the words for one of its readers."""

    person: Person
    step: EscalationStep
    notice: notices.Notice


def write(*, steps: Sequence[Step], now: datetime) -> int:
    """Notices, messages and deliveries of these steps, in one statement; how many people hear.

    The caller's transaction has recorded the steps, so that none is told twice.
    """
    if not steps:
        return 0
    managers = _managers(step.incident_id for step in steps)
    wanted = {step.step for step in steps}
    is_escalated = not wanted.isdisjoint(_ROLES)
    callees = {
        step: quiet.awake(calling.told(role, at=now), now=now) if is_escalated else [] for step, role in _ROLES.items()
    }
    cases: dict[_Case, range] = {}
    worded: list[_Worded] = []
    rows: list[tuple[int, int, tuple[int, ...]]] = []  # incident, place in `worded`, deadlines
    for step in steps:
        manager = managers.get(step.incident_id)
        case = _Case(step.step, step.promised, manager.pk if manager else None)
        readers = cases.get(case)
        if readers is None:
            start = len(worded)
            worded += _word(case, manager, callees)
            readers = cases[case] = range(start, len(worded))
        rows += [(step.incident_id, which, step.deadlines) for which in readers]
    if rows:
        _insert(rows, worded)
        nudge.nudge(outbox.DELIVER)
    return len(rows)


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


def _word(case: _Case, manager: Person | None, callees: Mapping[EscalationStep, Sequence[Person]]) -> Iterator[_Worded]:
    """The notice as each of those who are told reads it, in their own zone."""
    own = [manager] if manager else []
    for person in callees.get(case.step, own):
        said = notices.saying(
            step=case.step,
            promised=case.promised,
            told=_know_already(case.step, manager, callees),
            zone=person.time_zone,
        )
        yield _Worded(person=person, step=case.step, notice=notices.render(said))


def _insert(rows: Sequence[tuple[int, int, tuple[int, ...]]], worded: Sequence[_Worded]) -> None:
    steps_sql, steps = bulk.unnest(
        {
            "incident_id": ("bigint", [incident_id for incident_id, _which, _deadlines in rows]),
            "which": ("integer", [which for _incident_id, which, _deadlines in rows]),
            "deadlines": ("text", [bulk.literal(deadlines) for _incident_id, _which, deadlines in rows]),
        }
    )
    pages: dict[str, int] = {}
    for each in worded:
        pages.setdefault(each.notice.html, len(pages))
    pages_sql, htmls = bulk.unnest({"page": ("integer", list(pages.values())), "html": ("text", list(pages))})
    worded_sql, texts = bulk.unnest(
        {
            "which": ("integer", list(range(len(worded)))),
            "person_id": ("bigint", [each.person.pk for each in worded]),
            "address": ("text", [each.person.email for each in worded]),
            "step": ("text", [each.step.value for each in worded]),
            "may_see": ("boolean", [each.step not in _ROLES for each in worded]),
            "subject": ("text", [each.notice.subject for each in worded]),
            "text": ("text", [each.notice.text for each in worded]),
            "page": ("integer", [pages[each.notice.html] for each in worded]),
        }
    )
    words = [notices.REFERENCE, notices.REFERENCE, notices.TITLE]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE.format(steps=steps_sql, worded=worded_sql, pages=pages_sql, exercise=EXERCISE),
            [*steps, *texts, *htmls, *words, _("A private incident")],
        )


def _know_already(
    step: EscalationStep, manager: Person | None, callees: Mapping[EscalationStep, Sequence[Person]]
) -> tuple[str, ...]:
    """The names of those who heard at an earlier step."""
    if step not in callees:
        return ()
    names = [manager.name] if manager else []
    if step == EscalationStep.PRACTICE_LEAD:
        names += [person.name for person in callees[EscalationStep.DEPUTY]]
    return tuple(names)
