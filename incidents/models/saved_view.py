"""Lists of incidents that somebody wants to see again."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from teams.models import Person


class SavedView(models.Model):
    """The filters of an address under a name: a question, never its answer, so each reader sees what they may."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)  # as rules.view_query writes it
    is_shared = models.BooleanField(default=False)  # with everybody who reads the list
    is_default = models.BooleanField(default=False)  # what the owner's list begins with
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_name_once_per_person"),
            models.UniqueConstraint(fields=["owner"], condition=Q(is_default=True), name="one_default_view_per_person"),
        ]
        indexes = [models.Index(fields=["name"], name="shared_views", condition=Q(is_shared=True))]

    def __str__(self) -> str:
        return self.name
