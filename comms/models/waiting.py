"""What an incident waits for: the fact behind a holding update that has no other news."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from incidents.models import Incident


class WaitingFor(models.Model):
    """“Waiting for the vendor's part until 14:30”: one at a time for an incident; a newer one takes its place."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+", db_index=False)  # waiting_of_incident
    what = models.CharField(max_length=200)
    until_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    said_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=Q(ended_at=None), name="waits_for_one_thing"),
            models.CheckConstraint(condition=Q(until_at__gt=F("said_at")), name="waits_for_a_later_time"),
        ]
        indexes = [models.Index(fields=["incident", "-said_at"], name="waiting_of_incident")]

    def __str__(self) -> str:
        return self.what
