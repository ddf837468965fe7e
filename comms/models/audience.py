"""Who is told, how often, and at which addresses."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from comms.choices import FAST_KINDS, ChannelKind, Reading, UpdateKind, UsedFor
from incidents.choices import Priority
from incidents.models import Incident
from teams.choices import Role
from teams.models import Service, Site


class Audience(models.Model):
    """A group of readers with one register of language: six of domain.md 1.6, and the organisation's own."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)  # the order in which copies leave: the desk first
    is_technical = models.BooleanField(default=False)  # full technical words and names are allowed
    is_plain = models.BooleanField(default=False)  # plain words only, second reader for later updates
    is_public = models.BooleanField(default=False)
    roles = ArrayField(models.CharField(max_length=24, choices=Role.choices), default=list, blank=True)
    includes_engaged_teams = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code


class CadencePolicy(models.Model):
    """How often an audience hears about incidents of a priority; empty minutes mean: on change only.

    Frozen into the incident at declaration (OwedAudience), so that an edit never moves a running promise.
    """

    priority = models.CharField(max_length=2, choices=Priority.choices)
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="policies")
    first_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    every_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    later_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    is_owed = models.BooleanField(default=True)  # whether it is chosen at declaration unless someone says otherwise

    class Meta:
        verbose_name_plural = "cadence policies"
        constraints = [
            models.UniqueConstraint(fields=["priority", "audience"], name="one_policy_per_priority_and_audience"),
        ]

    def __str__(self) -> str:
        return f"{self.priority} {self.audience_id}"


class ApprovalPolicy(models.Model):
    """Who reads updates of a kind to an audience before they leave; without a row the usual rule holds.

    Initial and holding updates have none: nothing may make them wait (DESIGN 5, number 7).
    """

    kind = models.CharField(max_length=12, choices=UpdateKind.choices)
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="+")
    reading = models.CharField(max_length=16, choices=Reading.choices)

    class Meta:
        verbose_name_plural = "approval policies"
        constraints = [
            models.UniqueConstraint(fields=["kind", "audience"], name="one_approval_per_kind_and_audience"),
            models.CheckConstraint(condition=~Q(kind__in=sorted(FAST_KINDS)), name="fast_kinds_wait_for_nobody"),
            models.CheckConstraint(condition=Q(reading__in=Reading.values), name="approval_reading_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.audience_id}: {self.reading}"


class ServiceAudience(models.Model):
    """Where a service differs from the policies: one without a public side owes the public nothing, by default.

    Whoever declares an incident may still choose otherwise.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="+", db_index=False)
    is_owed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "audience"], name="service_decides_once_per_audience"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.audience_id}"


class OwedAudience(models.Model):
    """An audience that one incident owes updates, with the cadence frozen at declaration."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    first_minutes = models.PositiveSmallIntegerField(null=True)
    every_minutes = models.PositiveSmallIntegerField(null=True)
    later_minutes = models.PositiveSmallIntegerField(null=True)
    agreed_times = ArrayField(models.DateTimeField(), default=list, blank=True)  # long-incident mode
    owed_since = models.DateTimeField()
    owed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "audience"], name="audience_owed_once")]
        # comms.tasks.sweep_missing_deadlines looks for owed audiences without an open deadline by this.
        indexes = [models.Index(fields=["incident", "audience"], name="still_owed", condition=Q(owed_until=None))]

    @property
    def agreed_until(self) -> datetime | None:
        """The last of the agreed times."""
        return max(self.agreed_times, default=None)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.audience_id}"


class Recipient(models.Model):
    """One address that an audience is reached at, for every service and site or for some."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="recipients")
    channel = models.CharField(max_length=12, choices=ChannelKind.choices, default=ChannelKind.EMAIL)
    address = models.CharField(max_length=320)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="+")
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="+")
    used_for = models.CharField(
        max_length=10, choices=UsedFor.choices, default=UsedFor.INCIDENTS, db_default=UsedFor.INCIDENTS
    )
    added_at = models.DateTimeField(db_default=Now())
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "channel", "address", "service", "site", "used_for"],
                name="recipient_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.address
