"""Deadlines in a person's own calendar."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class CalendarFeed(models.Model):
    """The personal address under which a calendar fetches a person's deadlines. A new key makes the old address void;
    without a row there is none.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=43)
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
