"""Reading a customer's page without an account: one signed link a reader."""

from django.db import models
from django.db.models import F, Q

from comms.models.signed_link import SignedLink
from comms.models.status_page import StatusPage


class PageLink(SignedLink):
    """Opens one customer's page, and nothing else, until it ends or is taken back. Nobody answers anything by it: who
    holds it is only called something, so that whoever made it knows which one to take back."""

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="links")
    reader = models.CharField(max_length=100)

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
