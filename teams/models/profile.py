"""How a team wants to be called, told and asked: declared by the team, never inferred about people."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from teams.models.team import Team


class EngagementProfile(models.Model):
    """One version of a team's declared preferences (domain.md 5.2). The newest version holds."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="profiles")
    version = models.PositiveIntegerField()
    reach = models.TextField(_("how to reach us, by hour"), blank=True)
    voice = models.TextField(_("who speaks for us"), blank=True)
    opening = models.TextField(_("how to open"), blank=True)
    facts_wanted = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    working = models.TextField(_("the rhythm of questions we can sustain"), blank=True)
    avoid = models.TextField(_("what to avoid"), blank=True)
    know = models.TextField(_("what to know about our services"), blank=True)
    care = models.TextField(_("relief and thanks"), blank=True)
    ask_again_minutes = models.PositiveSmallIntegerField(_("ask again after (minutes)"), default=10)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    review_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "version"], name="profile_version_once_per_team")]

    def __str__(self) -> str:
        return f"{self.team_id} v{self.version}"
