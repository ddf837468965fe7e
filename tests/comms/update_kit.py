"""Incidents with their manager, and texts that pass or fail the checks, for tests of writing and publishing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from comms.choices import UpdateKind
from comms.models import Update
from comms.services.writing import checking, publishing, updates
from incidents.models import Incident
from incidents.services.states import declaration
from mim_portal.lib import dbtime
from teams.models import Person, Service
from tests import factories

SUBJECT = "staff cannot submit timesheets"
BODY = (
    "Store staff in Ireland cannot submit timesheets. Our engineers are working on it. "
    "Please keep your hours on paper until this works again."
)
IMPACT = {"who": "store staff", "activity": "cannot submit timesheets", "where": "Ireland", "since": "09:10"}


def declared(manager: Person, *, service: Service | None = None, **fields: Any) -> Incident:
    """A P1 whose audiences are all owed updates, declared this moment."""
    return declaration.declare(
        person=manager,
        title="Staff cannot submit timesheets",
        service=service or factories.service(slug=fields.pop("slug", "payroll")),
        impact=fields.pop("impact", 1),
        urgency=fields.pop("urgency", 1),
        impact_statement=IMPACT,
        manager=manager,
        now=dbtime.now(),
        **fields,
    )


def drafted(
    incident: Incident,
    author: Person,
    *codes: str,
    kind: UpdateKind = UpdateKind.UPDATE,
    minutes: float | None = 14,
    **fields: Any,
) -> Update:
    """A clean draft that promises the next update in so many minutes."""
    now = dbtime.now()
    return updates.draft(
        reference=incident.reference,
        person=author,
        kind=kind,
        audiences=list(codes) or ["service_desk"],
        subject=fields.pop("subject", SUBJECT),
        body=fields.pop("body", BODY),
        next_update_at=None if minutes is None else now + timedelta(minutes=minutes),
        now=now,
        **fields,
    )


def checked(update: Update, person: Person) -> list[str]:
    """The codes that a check finds."""
    return [row.code for row in checking.check(update_id=update.pk, person=person, now=dbtime.now())]


def published(
    update: Update,
    person: Person,
    *,
    send_now: bool = False,
    overrides: Sequence[dict[str, str]] = (),
    now: datetime | None = None,
) -> Update:
    """Sent, or refused with the refusal of the verb."""
    return publishing.publish(
        update_id=update.pk, person=person, send_now=send_now, overrides=overrides, now=now or dbtime.now()
    )
