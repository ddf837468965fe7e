"""Who is accountable: now, and at any instant since declaration."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, HandoverState
from incidents.models import CommandTenure, Handover, Incident, ShiftHandover
from mim_portal.lib import prepared, times
from teams.models import Person
from teams.queries import naming


def current_tenure(incident: Incident) -> CommandTenure | None:
    """The tenure that runs; None once the incident has ended."""
    return next((tenure for tenure in _tenures(incident=incident) if tenure.ended_at is None), None)


def last_tenure(incident: Incident) -> CommandTenure:
    """The tenure that runs, or the one that ran to the end."""
    tenure = _tenures.first(incident=incident)
    if tenure is None:
        raise CommandTenure.DoesNotExist(f"{incident} was never under command")
    return tenure


@prepared.query
def _tenures(*, incident: int) -> QuerySet[CommandTenure]:
    """The latest two."""
    return CommandTenure.objects.filter(incident=incident).select_related("manager").order_by("-started_at")[:2]


def ask(*, incident: Incident) -> prepared.Ask:
    """What `last_tenure` asks, to be asked together with more."""
    return _tenures.ask(incident=incident)


def ask_handover(*, incident: Incident) -> prepared.Ask:
    """What `open_handover` asks, to be asked together with more."""
    return _offered.ask(incident=incident)


def current_manager(incident: Incident) -> Person:
    """Who is accountable, or was when the incident ended."""
    return last_tenure(incident).manager


def manager_at(incident_id: int, at: datetime) -> int | None:
    """The id of the manager whose tenure covered the moment; None before declaration and after the end."""
    return (
        CommandTenure.objects.filter(incident=incident_id, started_at__lte=at)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
        .values_list("manager_id", flat=True)
        .first()
    )


def managers_of(incident_ids: Iterable[int]) -> dict[int, Person]:
    """The present or last manager of each incident, one query for a whole page."""
    return {tenure.incident_id: tenure.manager for tenure in _last_tenures(incidents=list(incident_ids))}


@prepared.query
def _last_tenures(*, incidents: list[int]) -> QuerySet[CommandTenure]:
    found = CommandTenure.objects.filter(incident__in=incidents).order_by("incident_id", "-started_at")
    return found.distinct("incident_id").select_related("manager")


def last_manager_name() -> Subquery:
    """The same as a column of a list of incidents, where a page shows nothing but the name."""
    tenures = CommandTenure.objects.filter(incident=OuterRef("pk")).order_by("-started_at")
    return Subquery(tenures.values(manager_name=naming.name("manager__"))[:1])


def tenures(incident: Incident) -> QuerySet[CommandTenure]:
    """Everybody who was accountable, in order."""
    return CommandTenure.objects.filter(incident=incident).select_related("manager").order_by("started_at")


def open_handover(incident: Incident) -> Handover | None:
    """The offer that waits for an answer."""
    return _offered.first(incident=incident)


@prepared.query
def _offered(*, incident: int) -> QuerySet[Handover]:
    found = Handover.objects.filter(incident=incident, state=HandoverState.OFFERED)
    return found.select_related("offered_by", "offered_to").order_by("pk")[:1]


def handovers(incident: Incident) -> QuerySet[Handover]:
    """All offers, newest first."""
    return (
        Handover.objects.filter(incident=incident)
        .select_related("offered_by", "offered_to", "incident")
        .order_by("-offered_at", "-id")
    )


def gap_seconds(incident: Incident) -> float:
    """For how long nobody was accountable, from declaration until now or the end. The constraints make it 0; this
    counts it from the rows, as a proof that asks for no trust.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GAP, {"incident": incident.pk})
        return float(cursor.fetchone()[0])


_GAP = """
SELECT coalesce(sum(extract(epoch FROM upper(gap) - lower(gap))), 0)
FROM incidents_incident incident
CROSS JOIN LATERAL (
    SELECT coalesce(range_agg(tstzrange(started_at, ended_at)), '{}') AS covered
    FROM incidents_commandtenure WHERE incident_id = incident.id
) AS tenure
CROSS JOIN LATERAL unnest(
    tstzmultirange(tstzrange(incident.declared_at, greatest(coalesce(incident.closed_at, now()), incident.declared_at)))
    - tenure.covered
) AS gap
WHERE incident.id = %(incident)s
"""


def shifts_of(person: Person) -> QuerySet[ShiftHandover]:
    """Shift handovers that the person gave or was offered, newest first."""
    return (
        ShiftHandover.objects.filter(Q(offered_by=person) | Q(offered_to=person))
        .select_related("offered_by", "offered_to")
        .prefetch_related(
            Prefetch(
                "handovers",
                Handover.objects.select_related("incident__service", "offered_by", "offered_to").order_by(
                    "incident_id"
                ),
            )
        )
        .order_by("-offered_at", "-id")
    )


def open_shifts(person: Person) -> QuerySet[ShiftHandover]:
    """Those of which something still waits for an answer: for the person, or from them."""
    offered = Handover.objects.filter(shift=OuterRef("pk"), state=HandoverState.OFFERED)
    return shifts_of(person).filter(Exists(offered))


def accountable_for(person: Person) -> list[Incident]:
    """Every incident that the person is accountable for now, the most urgent first."""
    running = CommandTenure.objects.filter(manager=person, ended_at=None, incident__state__in=sorted(COMMANDED_STATES))
    found = Incident.objects.filter(pk__in=running.values("incident_id")).select_related("service")
    return list(found.order_by("priority", "declared_at", "id"))


def open_offers(incident_ids: Iterable[int]) -> list[Handover]:
    """The offers of these incidents that wait for an answer."""
    found = Handover.objects.filter(incident__in=list(incident_ids), state=HandoverState.OFFERED)
    return list(found.select_related("incident", "offered_to").order_by("incident_id"))


def announcement(incident: Incident, *, due: str = "") -> str:
    """The sentence to read out on the bridge and to copy into its chat, once command has moved; else nothing."""
    latest = _tenures(incident=incident)
    if len(latest) < 2 or latest[0].ended_at is not None:
        return ""
    return _announced(incident, new=latest[0].manager, before=latest[1].manager, since=latest[0].started_at, due=due)


def announcement_of(handover: Handover, *, due: str = "") -> str:
    """The same for an accepted handover, without another read."""
    if handover.state != HandoverState.ACCEPTED or handover.answered_at is None:
        return ""
    return _announced(
        handover.incident, new=handover.offered_to, before=handover.offered_by, since=handover.answered_at, due=due
    )


def _announced(incident: Incident, *, new: Person, before: Person, since: datetime, due: str) -> str:
    words = {
        "new": new.name,
        "before": before.name,
        "reference": incident.reference,
        "priority": incident.priority,
        "title": incident.title,
        "when": times.clock_time(since),
    }
    said = _("%(new)s has command of %(reference)s (%(priority)s, %(title)s) from %(before)s since %(when)s.") % words
    return _("%(said)s Next: %(due)s.") % {"said": said, "due": due} if due else said


def waiting_for(person: Person) -> list[Handover]:
    """Offers that the person has yet to answer, the oldest first."""
    return _offered_to(person=person)


def ask_offers(person: Person) -> prepared.Ask:
    """What `waiting_for` asks, to be asked together with more."""
    return _offered_to.ask(person=person)


@prepared.query
def _offered_to(*, person: int) -> QuerySet[Handover]:
    found = Handover.objects.filter(offered_to=person, state=HandoverState.OFFERED)
    return found.select_related("incident__service", "offered_by").order_by("offered_at")
