"""What a person wants to hear of, and when not."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from comms.choices import WakeReason


class NoticePreference(models.Model):
    """Quiet hours for what is not the person's to answer, and, for executives, what wakes them.

    Without a row only a decision wakes, and nothing is quiet. Quiet hours are in the person's own zone.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    wakes = ArrayField(models.CharField(max_length=16, choices=WakeReason.choices), default=list, blank=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"notices of {self.person_id}"
