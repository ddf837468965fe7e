"""How incidents belong together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.choices import TREE_LINKS, LinkKind
from incidents.models.incident import Incident

STANDING = Q(ended_at__isnull=True)


class IncidentLink(models.Model):
    """The incident is a duplicate of, part of, caused by or a recurrence of the other one, until the link is ended."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="links")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    other = models.ForeignKey(Incident, models.PROTECT, related_name="links_here")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(incident=F("other")), name="link_joins_two_incidents"),
            models.UniqueConstraint(fields=["incident", "kind", "other"], condition=STANDING, name="same_link_once"),
            models.UniqueConstraint(
                fields=["incident", "kind"],
                condition=STANDING & Q(kind__in=sorted(TREE_LINKS)),
                name="one_original_and_one_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind} {self.other_id}"
