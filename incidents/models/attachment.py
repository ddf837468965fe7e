"""Files that people attach: pictures of the error, logs, lists."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.models.candidate import Candidate
from incidents.models.incident import Incident


class Attachment(models.Model):
    """One file of a candidate (a draft is one, too) or of an incident; an incident shows its candidates' files as well.

    The bytes lie in Django's storage under a random name. Removing deletes them; the row stays and says who and when.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="attachments")
    candidate = models.ForeignKey(Candidate, models.CASCADE, null=True, related_name="attachments")
    name = models.CharField(max_length=120)  # made safe to save under on anybody's machine
    stored_name = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=120)  # what it is, not what the sender said
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=True) ^ Q(candidate__isnull=True),
                name="attachment_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="attachment_removed_by_somebody",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_has_content"),
        ]
        indexes = [models.Index(fields=["uploaded_by", "-uploaded_at"], name="attachment_by_person")]

    def __str__(self) -> str:
        return self.name
