"""Who does what in one incident, and what was promised to the teams that work on it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.choices import SINGLE_ROLES, IncidentRole
from incidents.models.incident import Incident
from teams.models import Team


class RoleAssignment(models.Model):
    """One person in one role of domain.md 1.3, from when until when. The manager is not here but in CommandTenure."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=24, choices=IncidentRole.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")  # whom a representative speaks for
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "role"],
                condition=Q(ended_at__isnull=True, role__in=sorted(SINGLE_ROLES)),
                name="one_holder_of_a_single_role",
            ),
            models.UniqueConstraint(
                fields=["incident", "team"],
                condition=Q(ended_at__isnull=True, role="trg_representative"),
                name="one_representative_per_team",
            ),
            models.UniqueConstraint(
                fields=["incident", "role", "person", "team"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="role_held_once",
            ),
            models.CheckConstraint(
                condition=Q(role="trg_representative", team__isnull=False)
                | (~Q(role="trg_representative") & Q(team__isnull=True)),
                name="representative_names_a_team",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="role_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.role} {self.person_id}"


class Commitment(models.Model):
    """Something promised to a team during the incident. The team sees it; the next manager takes it over."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="commitments")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="commitment_says_something"),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(kept_at__gte=F("made_at")),
                name="commitment_kept_after_it_was_made",
            ),
        ]
        indexes = [
            models.Index(fields=["team"], name="commitments_open", condition=Q(kept_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} to {self.team_id}"
