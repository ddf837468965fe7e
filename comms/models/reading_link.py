"""Reading the four lines without an account: one signed link a named reader, and how often they were opened."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from comms.models.signed_link import SignedLink
from incidents.models import Incident


class ReadingLink(SignedLink):
    """Opens the four lines of every live incident, or of one, for its reader until it ends or is taken back.

    The reader is a person of the list who cannot sign in, so that what they decide has a name that can be erased.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="reading_link_ends_later"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="reading_link_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"reading link {self.pk}"


class ReadingCount(models.Model):
    """How often all links together were opened on a day (UTC): a count, never who (DESIGN 1a)."""

    day = models.DateField(primary_key=True)
    opened = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.opened}"
