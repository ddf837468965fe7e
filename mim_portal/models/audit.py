"""What was done outside an incident: sign-ins, permissions, exports, settings. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from mim_portal.lib import append_only


class AuditEntry(models.Model):
    """One deed by one person or by the system; people are referenced, never copied."""

    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["-at"], name="audit_latest"),
            models.Index(fields=["subject", "-at"], name="audit_of_a_subject"),  # the history on a person's page
        ]
        triggers = append_only.append_only()

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
