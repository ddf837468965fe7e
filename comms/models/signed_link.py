"""What every link has that somebody makes for a reader without an account."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from teams.models import Person


class SignedLink(models.Model):
    """Opens something until it ends or is taken back; the address is signed and holds the key and the nonce."""

    nonce = models.UUIDField(default=uuid.uuid4)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def holds_at(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def take_back(self, *, by: Person, now: datetime) -> bool:
        """It opens nothing from now on; False where that was said before."""
        if self.revoked_at is not None:
            return False
        self.revoked_by, self.revoked_at = by, now
        self.save(update_fields=["revoked_by", "revoked_at"])
        return True
