"""Earlier texts of a draft, to be looked at and brought back; they go when it is sent or thrown away."""

from django.conf import settings
from django.db import models

from comms.models.update import Update


class DraftVersion(models.Model):
    """The draft as it stood at one revision. What somebody goes on writing within a minute replaces the last one."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="versions", db_index=False)
    revision = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    content = models.JSONField()  # as comms.services.writing.versions writes it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["update", "revision"], name="one_version_of_a_revision"),
        ]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.update_id}"
