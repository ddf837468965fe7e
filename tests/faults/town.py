"""An organisation with promises: what clients ask for through the verbs, and when it falls due."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from comms.choices import UpdateKind
from comms.models import Delivery, Update, UpdateDeadline
from comms.models.deadline import OPEN
from comms.services.writing import publishing, updates
from incidents.models import Incident
from incidents.services.states import declaration
from mim_portal.lib import dbtime
from teams.choices import Role
from teams.models import Person, Service, Team

_numbers = itertools.count(1)
STATEMENT = {"who": "shop staff", "activity": "cannot take cards", "where": "Leeds", "since": "09:10 (UTC+0)"}
SUBJECT = "shops cannot take cards"
BODY = "Shops in Leeds cannot take cards. Cash works. Our engineers are replacing the gateway."
_RECIPIENTS = """
INSERT INTO comms_recipient (audience_id, channel, address, service_id, is_active)
SELECT id, 'email', 'reader' || n || '@' || %s || '.example.org', %s, true
FROM comms_audience, generate_series(1, %s) AS n WHERE code = 'public'
"""


class Town:
    """People and a service; each test's service is its own, so that its readers are too."""

    def __init__(self) -> None:
        self.mia = _person("mia", Role.INCIDENT_MANAGER)
        self.omar = _person("omar", Role.INCIDENT_MANAGER)
        _person("dan", Role.DEPUTY)
        _person("petra", Role.PRACTICE_LEAD)
        team, _ = Team.objects.get_or_create(slug="payments", defaults={"name": "Payments"})
        slug = f"cards-{next(_numbers)}"
        self.service = Service.objects.create(slug=slug, name="Card payments", owner_team=team)

    def declare(self, *, audiences: Sequence[str] = ("public",)) -> Incident:
        """A P1 whose manager is Mia."""
        return declaration.declare(
            person=self.mia,
            title="Shops cannot take cards",
            service=self.service,
            impact=1,
            urgency=1,
            impact_statement=STATEMENT,
            manager=self.mia,
            now=dbtime.now(),
            audiences=list(audiences),
        )

    def promises(self, count: int, *, first: float, last: float) -> list[Incident]:
        """So many incidents whose one promise falls due between so many seconds from now, one after the other."""
        made = [self.declare() for _ in range(count)]
        step = (last - first) / max(count - 1, 1)
        start = dbtime.now()
        for number, incident in enumerate(made):
            due(incident, at=start + timedelta(seconds=first + number * step))
        return made

    def readers(self, count: int) -> None:
        """So many people read what is said to the public about the town's service."""
        with connection.cursor() as cursor:
            cursor.execute(_RECIPIENTS, [self.service.slug, self.service.pk, count])

    def draft(
        self,
        incident: Incident,
        *,
        kind: UpdateKind = UpdateKind.INITIAL,
        audiences: Sequence[str] = ("public",),
        body: str = BODY,
    ) -> Update:
        return updates.draft(
            reference=incident.reference,
            person=self.mia,
            kind=kind,
            audiences=list(audiences),
            subject=SUBJECT,
            body=body,
            next_update_at=dbtime.now() + timedelta(minutes=14),
            now=dbtime.now(),
        )

    def publish(self, update: Update, *, now: datetime | None = None) -> Update:
        return publishing.publish(
            update_id=update.pk, person=self.mia, send_now=True, overrides=[], now=now or dbtime.now()
        )

    def tell(self, incident: Incident) -> list[int]:
        """Publish an initial update at once: the deliveries to its readers."""
        update = self.publish(self.draft(incident))
        return list(Delivery.objects.filter(message__update=update).order_by("pk").values_list("pk", flat=True))


def due(incident: Incident, *, at: datetime) -> None:
    """Let the open promises of the incident fall due at this moment, their notice already given."""
    UpdateDeadline.objects.filter(OPEN, incident=incident).update(
        due_at=at, next_action_at=at, warned_at=dbtime.now(), missed_at=None
    )


def _person(username: str, role: Role) -> Person:
    given = {"email": f"{username}@example.org", "roles": [role], "first_name": username.capitalize()}
    return Person.objects.get_or_create(username=username, defaults=given)[0]
