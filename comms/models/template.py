"""What messages begin with: the organisation's own words for a kind of update and an audience, version by version."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from comms.choices import UpdateKind
from comms.models.audience import Audience
from mim_portal.lib import append_only


class MessageTemplate(models.Model):
    """Replaces the built-in template of its kind and audience while it is in use.

    `fault` says why the built-in one stood in the last time; it is forgotten when the template is saved.
    """

    kind = models.CharField(max_length=12, choices=UpdateKind.choices)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, default="en-gb")
    is_in_use = models.BooleanField(default=True)
    fault = models.CharField(max_length=400, blank=True, default="")
    fault_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "audience", "language"], name="template_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.audience_id} {self.language}"


class TemplateVersion(models.Model):
    """One saved state of a template, never edited: going back to an old one is a new version."""

    template = models.ForeignKey(MessageTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=1000, blank=True)  # the activity part
    body = models.TextField(blank=True)
    sms = models.TextField(blank=True)
    status_text = models.TextField(blank=True)
    reverts_to = models.PositiveIntegerField(null=True, blank=True)  # the number of the version taken up again
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
        ]
        triggers = append_only.append_only()

    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"
