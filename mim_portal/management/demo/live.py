"""One major incident that is running, and one candidate that waits: what a newcomer sees first."""

from datetime import datetime, timedelta

from comms.choices import UpdateKind
from comms.services.writing import checking, publishing, updates
from incidents.services.desk import candidates
from incidents.services.record import notes
from incidents.services.states import declaration
from incidents.services.work import engagements
from mim_portal.lib.refusals import Refusal
from mim_portal.management.demo import work
from teams.models import Person, Service, Team

STARTED_AGO = timedelta(minutes=21)


def load(*, people: dict[str, Person], now: datetime) -> None:
    """Through the verbs, as people would: raised, accepted, engaged, and the first update published."""
    started_at = now - STARTED_AGO
    since = f"{started_at:%H:%M} (UTC+0)"
    raised = candidates.raise_candidate(person=people["desmond"], facts=_payroll(since), now=now - timedelta(minutes=3))
    incident = declaration.accept(
        reference=str(raised.reference), person=people["mia"], impact=1, urgency=1, manager=people["mia"],
        now=now - timedelta(minutes=1),
    )  # fmt: skip
    incident.refresh_from_db()
    reference = incident.reference
    database = engagements.engage(
        reference=reference, team=Team.objects.get(slug="database"), person=people["mia"], now=now,
        note="Please look at the session store of Payroll.",
    )  # fmt: skip
    engagements.join(engagement_id=database.pk, person=people["rosa"], now=now + timedelta(seconds=2))
    engagements.engage(reference=reference, team=Team.objects.get(slug="network"), person=people["mia"], now=now)
    notes.note(
        reference=reference, person=people["rosa"], now=now + timedelta(seconds=4),
        text="Session store refuses writes since the release of this morning. Looking at the release now.",
    )  # fmt: skip
    work.load(reference=reference, people=people, now=now)
    _first_update(reference, people["mia"], now=now)
    candidates.raise_candidate(person=people["dara"], facts=_wifi(since), now=now)


def _first_update(reference: str, manager: Person, *, now: datetime) -> None:
    draft = updates.draft(
        reference=reference, person=manager, kind=UpdateKind.INITIAL,
        audiences=["service_desk", "technical", "service_owners", "end_users", "executives", "public"],
        subject="staff cannot submit timesheets",
        body=(
            "Store staff in Ireland and Scotland cannot submit timesheets in Payroll. England is not affected. "
            "Please use the paper form until we write again; it is in every store office.\n\n"
            "We are working on it. You do not need to call the service desk."
        ),
        next_update_at=now + timedelta(minutes=25), now=now,
    )  # fmt: skip
    checking.check(update_id=draft.pk, person=manager, now=now)
    try:
        publishing.publish(update_id=draft.pk, person=manager, send_now=True, overrides=[], now=now)
    except Refusal as refusal:  # the demo is still worth opening without its first message
        notes.note(reference=reference, person=manager, text=refusal.message, now=now)


def _payroll(since: str) -> dict[str, object]:
    return {
        "service": Service.objects.get(slug="payroll"),
        "cannot_do": "Store staff cannot submit timesheets",
        "affected_count": "about 1,200",
        "basis": "headcount of both regions",
        "where": "Ireland and Scotland; not affected: England",
        "since_when": f"{since}, first call to the desk",
        "evidence": "“Session expired (E-4012)” on submit; INC0012345, INC0012349",
        "business_consequence": "wages for 1,200 people are paid late",
        "critical_time": "payroll closes at the end of today",
        "checks_done": "reproduced here; monitoring green; no known error; Payroll release this morning",
        "workaround": "the paper form works",
        "contact": "Dublin payroll office, +353 1 555 0199",
        "safety_or_security": "no",
        "impact": 1,
        "urgency": 1,
    }


def _wifi(since: str) -> dict[str, object]:
    return {
        "service": Service.objects.get(slug="store-wifi"),
        "cannot_do": "Hand scanners cannot connect in the Glasgow store",
        "affected_count": "many",
        "where": "Glasgow",
        "since_when": since,
        "contact": "Glasgow store office, +44 141 496 0123",
    }
