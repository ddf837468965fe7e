"""One more caller of something that is already known."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from incidents.models.candidate import Candidate
from incidents.models.incident import Incident


class DeskReport(models.Model):
    """“Add to this one” instead of a duplicate: so many callers, where, and whom to call back (DESIGN 1a).

    It hangs on an incident, or on a candidate that is still open; with the candidate it comes to its incident. The
    sum is a basis for the count and never the count itself: tickets are not users (domain.md 3.3).
    """

    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="desk_reports")
    candidate = models.ForeignKey(Candidate, models.PROTECT, null=True, related_name="desk_reports")
    callers = models.PositiveIntegerField(default=1)
    where = models.CharField(max_length=500, blank=True)
    contact = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    external_ref = models.CharField(max_length=60, blank=True)  # the caller's ticket elsewhere
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["incident", "-reported_at", "-id"], name="desk_report_of_incident"),
            models.Index(fields=["candidate", "-reported_at", "-id"], name="desk_report_of_candidate"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False, candidate__isnull=True)
                | Q(incident__isnull=True, candidate__isnull=False),
                name="desk_report_belongs_to_one",
            ),
            models.CheckConstraint(condition=Q(callers__gte=1, callers__lte=100_000), name="desk_report_has_callers"),
        ]

    def __str__(self) -> str:
        return f"{self.callers} at {self.reported_at}"
