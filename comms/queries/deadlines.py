"""Promises across incidents, soonest first."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from comms.models import UpdateDeadline
from comms.models.deadline import OPEN
from incidents.queries import visibility
from teams.models import Person


def open_visible(person: Person | AnonymousUser) -> QuerySet[UpdateDeadline]:
    """Open promises of the incidents that the person may see, the one due first on top."""
    return (
        UpdateDeadline.objects.filter(OPEN, incident__in=visibility.visible_incidents(person))
        .select_related("incident__service", "audience")
        .order_by("due_at", "pk")
    )
