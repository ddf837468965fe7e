"""Addresses that updates are kept from, because mail to them came back or was called unwanted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from comms.choices import SUPPRESSING, MailTrouble


class Suppression(models.Model):
    """One address from a report until a person lifts it, with why. Only updates ask for it: notices to whoever keeps a
    promise and calls for help leave all the same.
    """

    address = models.CharField(max_length=320)  # in small letters
    reason = models.CharField(max_length=10, choices=MailTrouble.choices)
    detail = models.CharField(max_length=500, blank=True)  # as the server said it
    delivery_id = models.BigIntegerField(null=True)  # the copy that was reported, where the report named it
    suppressed_at = models.DateTimeField(db_default=Now())
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    lift_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="suppressed_once", condition=Q(lifted_at=None)),
            models.UniqueConstraint(fields=["delivery_id", "reason"], name="suppressed_once_by_a_copy"),
            models.CheckConstraint(condition=Q(address=Lower(F("address"))), name="suppression_in_small_letters"),
            models.CheckConstraint(condition=Q(reason__in=SUPPRESSING), name="suppression_reason_known"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="lifted_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.address
