"""Being asked in: one mail with a link that sets the first password, once, for a week."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Invitation(models.Model):
    """One invitation of one person; sending it again renews it and makes the older link useless."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    nonce = models.UUIDField(default=uuid.uuid4)  # what the newest link is signed over
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_per_person",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="invitation_lasts"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_accepted_or_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} invited {self.sent_at:%d %b %H:%M}"
