"""Downtime in minutes of users over incidents whose outage has both its ends."""

from django.contrib.auth.models import AnonymousUser

from incidents.choices import RevisionReason
from incidents.models import ImpactStatement
from reviews.queries.metrics import counting
from reviews.queries.metrics.counting import Filters
from reviews.rules import downtime as rules
from reviews.rules.downtime import Range, Stated, Total
from teams.models import Person


def total(person: Person | AnonymousUser, filters: Filters, *, many: bool) -> Total | None:
    """Read version by version, for as many incidents as a page reads one by one; two queries. None where they are more:
    `many` is what `figures.is_many` said.
    """
    if many:
        return None
    counted = counting.incidents(person, filters).filter(
        impact_started_at__isnull=False, service_restored_at__isnull=False
    )
    outages = {
        pk: (start, end) for pk, start, end in counted.values_list("pk", "impact_started_at", "service_restored_at")
    }
    versions: dict[int, list[Stated]] = {}
    rows = ImpactStatement.objects.filter(incident__in=counted.order_by().values("pk")).order_by("incident", "version")
    for pk, as_of, count, basis, reason in rows.values_list(
        "incident_id", "as_of", "count", "count_basis", "revision_reason"
    ):
        is_correction = reason == RevisionReason.CAPTURED_INCORRECTLY
        stated = Stated(as_of=as_of, count=count, basis=basis, is_correction=is_correction)
        versions.setdefault(pk, []).append(stated)
    found: list[Range | None] = [
        rules.of_incident(versions.get(pk, []), started_at=start, restored_at=end)
        for pk, (start, end) in outages.items()
        if start and end
    ]
    return rules.total(found)
