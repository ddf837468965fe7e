"""What tests of incidents start from: facts as a desk gives them, and a declared incident."""

from collections.abc import Collection
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from incidents.models import Candidate, Incident
from incidents.queries import closure
from incidents.rules.closure import SECOND_PERSON
from incidents.services.desk import candidates
from incidents.services.record import details
from incidents.services.states import closing, declaration
from teams.models import Person, Service
from tests import factories

# Complete answers of the desk: all but the service.
FACTS = {
    "cannot_do": "Store staff cannot submit timesheets",
    "affected_count": "about 1,200",
    "basis": "headcount of both sites",
    "where": "Ireland and Scotland; not affected: England",
    "since_when": "09:10 (UTC+0), first call to the desk",
    "evidence": "“Session expired (E-4012)”; INC0012345, INC0012349",
    "business_consequence": "wages for 1,200 people are paid late",
    "critical_time": "payroll closes 12:00 (UTC+0)",
    "checks_done": "reproduced; monitoring green; no known error; payroll release 08:45 today",
    "workaround": "paper form works",
    "contact": "Dublin payroll office, Niamh Walsh, +353 1 555 0199",
    "safety_or_security": "no",
}


def facts(*, service: Service | None = None, **changes: Any) -> dict[str, Any]:
    """Complete answers of the desk; a keyword changes one of them."""
    return {"service": service or factories.service(slug="payroll", name="Payroll"), **FACTS, **changes}


def candidate(*, by: Person, now: datetime = factories.NOON, **changes: Any) -> Candidate:
    return candidates.raise_candidate(person=by, facts=facts(**changes), now=now)


def incident(*, manager: Person, now: datetime = factories.NOON, **options: Any) -> Incident:
    """A declared P1 with its first impact statement."""
    service = options.pop("service", None) or factories.service()
    return declaration.declare(
        person=manager,
        title=options.pop("title", "Payroll: staff cannot submit timesheets"),
        service=service,
        impact=options.pop("impact", 1),
        urgency=options.pop("urgency", 1),
        impact_statement=options.pop(
            "impact_statement",
            {"who": "store staff", "activity": "submit timesheets", "count": "about 1,200", "since": "09:10 (UTC+0)"},
        ),
        manager=manager,
        now=now,
        **options,
    )


def accepted(cast: SimpleNamespace, *, now: datetime = factories.NOON, **facts: Any) -> Incident:
    """An incident that Desmond raised and Mia accepted."""
    raised = candidate(by=cast.desmond, now=now, **facts)
    return declaration.accept(
        reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=cast.mia, now=now
    )


def answer_closing(incident: Incident, *, by: Person, second: Person, now: datetime, but: Collection[str] = ()) -> None:
    """Say of every line of the closing checklist that it is done, and of the times that nobody knows them.

    `by` answers, `second` has read the record of a P1; the items in `but` stay open.
    """
    if "times" not in but:
        details.mark_unknown(reference=incident.reference, person=by, reason="Nobody wrote it down.", now=now)
    for item in closure.of(Incident.objects.get(pk=incident.pk), now=now).open:
        if item.code not in but and item.answers:
            person = second if item.code == SECOND_PERSON else by
            given = {"answer": item.answers[0], "note": "PRB0004711."}
            closing.answer(reference=incident.reference, person=person, answers={item.code: given}, now=now)
