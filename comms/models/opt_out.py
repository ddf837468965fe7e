"""Readers who do not want an audience's updates."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from comms.models.audience import Audience


class OptOut(models.Model):
    """An address that stands on an audience's list and whose reader has said no; taken back, the row is gone.

    It says nothing about what reaches a person by their role, nor about other audiences.
    """

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="+", db_index=False)
    address = models.CharField(max_length=320)  # in small letters
    opted_out_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "address"], name="opted_out_once"),
            models.CheckConstraint(condition=Q(address=Lower(F("address"))), name="opt_out_in_small_letters"),
        ]

    def __str__(self) -> str:
        return f"{self.address} not {self.audience_id}"
