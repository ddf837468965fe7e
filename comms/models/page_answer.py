"""What came back from where a team was paged."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from comms.choices import PageAction
from comms.models.endpoint import Endpoint
from incidents.models import Engagement


class PageAnswer(models.Model):
    """One message of PagerDuty, Opsgenie or a signed webhook about a call; each is taken once, however often it comes.

    Whoever answered is a person of the portal where their mail address is known, else the name that the tool gave.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="+", db_index=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    event = models.CharField(max_length=200)  # the sender's own id of the message
    action = models.CharField(max_length=12, choices=PageAction.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    said_by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()  # as the sender says, never later than it came
    has_answered = models.BooleanField(default=False)  # the call was answered by it
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="page_answer_taken_once")]

    def __str__(self) -> str:
        return f"{self.action} of {self.engagement_id}"
