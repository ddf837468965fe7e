"""What every link has that somebody makes for a reader without an account."""

import uuid

from django.conf import settings
from django.db import models


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
