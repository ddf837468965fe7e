"""Who is on shift: for roles (incident manager, deputy, practice lead) and for teams."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.choices import Role
from teams.models.team import Team


class Rota(models.Model):
    """A line of shifts for one role or one team."""

    name = models.CharField(max_length=120, unique=True)
    role = models.CharField(max_length=24, choices=Role.choices, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="rotas")
    time_zone = models.CharField(max_length=64, default="UTC")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role="", team__isnull=False) | (~Q(role="") & Q(team__isnull=True)),
                name="rota_for_a_role_or_a_team",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RotaShift(models.Model):
    """One person from one instant to another; an override wins over the plan."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="shifts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_override = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_has_a_length")]
        indexes = [models.Index(fields=["rota", "starts_at", "ends_at"], name="shift_now")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%d %b %H:%M}"
