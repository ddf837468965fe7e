"""A file of people, teams or the rest on its way in."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class CatalogueFile(models.Model):
    """What an administrator handed in, kept from the dry run until it is applied; afterwards only its counts are."""

    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    content = models.BinaryField()  # emptied when it is applied or a day old: it may be full of people
    invites = models.BooleanField(default=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    applied_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
