"""Reading a customer's page without an account: one signed link a reader."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comms.models.status_page import StatusPage


class PageLink(models.Model):
    """Opens one customer's page, and nothing else, until it ends or is taken back. Nobody answers anything by it: who
    holds it is only called something, so that whoever made it knows which one to take back."""

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="links")
    reader = models.CharField(max_length=100)
    nonce = models.UUIDField(default=uuid.uuid4)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="page_link_ends_later"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="page_link_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"page link {self.pk}"
