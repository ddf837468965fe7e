"""A task, a decision, a hypothesis and a workstream of an incident."""

from datetime import datetime, timedelta
from typing import Any

from incidents.choices import AskedOf
from incidents.models import Decision, Hypothesis, Incident, Task, Workstream
from incidents.services.work import decisions, hypotheses, tasks, workstreams
from teams.models import Person
from tests.factories import NOON


def task(incident: Incident, by: Person, *, now: datetime = NOON, **fields: Any) -> Task:
    fields.setdefault("title", "Confirm with the Dublin desk")
    return tasks.open_task(reference=incident.reference, person=by, now=now, **fields)


def decision(incident: Incident, by: Person, *, now: datetime = NOON, **fields: Any) -> Decision:
    given: dict[str, Any] = {
        "question": "Roll the payroll release back?",
        "options": ["Roll back", "Wait until 12:00"],
    } | fields
    return decisions.ask(reference=incident.reference, person=by, now=now, **given)


def for_executives(incident: Incident, by: Person, **fields: Any) -> Decision:
    return decision(incident, by, asked_of=AskedOf.EXECUTIVES, **fields)


def hypothesis(incident: Incident, by: Person, *, now: datetime = NOON, **fields: Any) -> Hypothesis:
    given: dict[str, Any] = {"statement": "The session store lost its certificate", "certainty": "medium"} | fields
    return hypotheses.state(reference=incident.reference, person=by, now=now, **given)


def workstream(incident: Incident, by: Person, *, now: datetime = NOON, **fields: Any) -> Workstream:
    given: dict[str, Any] = {"name": "Rollback", "task": "Bring the last release back", "lead": by} | fields
    return workstreams.open_workstream(reference=incident.reference, person=by, now=now, **given)


def everything(incident: Incident, *, by: Person, owner: Person, now: datetime) -> dict[str, Any]:
    """One of each, by name."""
    return {
        "task": task(incident, by, owner=owner, due_at=now + timedelta(minutes=15), now=now),
        "decision": decision(incident, by, now=now),
        "hypothesis": hypothesis(incident, by, now=now),
        "workstream": workstream(incident, by, lead=owner, now=now),
    }
