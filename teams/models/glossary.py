"""The organisation's dictionary: words that are right here although no general dictionary knows them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now


class GlossaryTerm(models.Model):
    """A word or phrase that the language check accepts; `plain` says whether end users know it too."""

    term = models.CharField(max_length=120)
    meaning = models.CharField(max_length=300, blank=True)
    is_plain = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(Lower("term"), name="term_once_in_any_case")]

    def __str__(self) -> str:
        return self.term
