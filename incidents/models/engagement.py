"""Calling a team for help, by its profile."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.choices import EngagementState
from incidents.models.incident import Incident
from mim_portal.lib import labels
from teams.models import EngagementProfile, Team


class Engagement(models.Model):
    """One team's help in one incident: asked, acknowledged, joined, first useful action, released."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="engagements")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    profile = models.ForeignKey(EngagementProfile, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=14, choices=EngagementState.choices, default=EngagementState.ASKED)
    message = models.TextField()  # the first message, built from the profile
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_again_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField(null=True)
    useful_action_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "team"],
                condition=Q(released_at__isnull=True),
                name="one_open_engagement_per_team",
            )
        ]

    get_state_display = labels.display("state", EngagementState)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.team_id}"


class EngagementFeedback(models.Model):
    """Three answers from one to five and two lines, after the incident (domain.md 5.3)."""

    class Side(models.TextChoices):
        TEAM = "team", "team"
        MANAGER = "manager", "manager"

    QUESTIONS = ("told_what_was_needed", "could_work", "glad_to_work_again")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="feedback")
    side = models.CharField(max_length=7, choices=Side.choices)
    told_what_was_needed = models.PositiveSmallIntegerField()
    could_work = models.PositiveSmallIntegerField()
    glad_to_work_again = models.PositiveSmallIntegerField()
    keep = models.TextField(blank=True)
    change = models.TextField(blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "side"], name="feedback_once_per_side")]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.side}"


class FeedbackRequest(models.Model):
    """Who was asked how it went, for their team or for the desk that raised the incident, so that nobody is asked twice
    a week; no answer refers to it.
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, null=True, related_name="+")
    incident = models.OneToOneField(Incident, models.CASCADE, null=True, related_name="+")  # for the desk
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "asked_at"], name="asked_how_it_went")]
        constraints = [
            models.CheckConstraint(
                condition=Q(engagement__isnull=True, incident__isnull=False)
                | Q(engagement__isnull=False, incident__isnull=True),
                name="asked_for_a_team_or_the_desk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id or self.incident_id}"
