"""When it may work again, for executives: a range with confidence, or that nobody can say and when we decide next."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.choices import Certainty
from incidents.models import Incident


class Estimate(models.Model):
    """What was said at a moment. Of those that may be shown the newest holds; older ones stay as they were said."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)  # estimate_of_incident
    earliest_at = models.DateTimeField(null=True)
    latest_at = models.DateTimeField(null=True)
    confidence = models.CharField(max_length=6, choices=Certainty.choices, blank=True)
    next_decision_at = models.DateTimeField(null=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    said_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)  # from when it may be shown; without a reader where none is asked for
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(earliest_at__isnull=False, latest_at__gt=F("earliest_at")) & ~Q(confidence=""))
                | Q(earliest_at__isnull=True, latest_at__isnull=True, confidence="", next_decision_at__isnull=False),
                name="estimate_is_a_range_or_none",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | (Q(approved_at__isnull=False) & ~Q(approved_by=F("said_by"))),
                name="estimate_read_by_another",
            ),
        ]
        indexes = [models.Index(fields=["incident", "-said_at", "-id"], name="estimate_of_incident")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.said_at:%H:%M}"
