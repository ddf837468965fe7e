"""Who is on shift: for roles (incident manager, deputy, practice lead) and for teams."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
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


class RotaLine(models.Model):
    """A person's recurring turn by the wall clock of a place: Mondays to Fridays, 08:00 to 16:00 in London.

    An end that is not after the start is on the next day. `every_weeks` 2 is every other week, counted from the week
    of `first_date`. Turns are written ahead as RotaShift rows, so that who is on now stays one read.
    """

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="lines")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    weekdays = ArrayField(models.PositiveSmallIntegerField())  # Monday is 0
    starts = models.TimeField()
    ends = models.TimeField()
    time_zone = models.CharField(max_length=64)
    every_weeks = models.PositiveSmallIntegerField(default=1)
    first_date = models.DateField()
    last_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=list(range(7))) & ~Q(weekdays=[]), name="line_has_weekdays"
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, every_weeks__lte=12), name="line_recurs_within_12_weeks"
            ),
            models.CheckConstraint(
                condition=Q(last_date__isnull=True) | Q(last_date__gte=F("first_date")),
                name="line_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts:%H:%M} {self.time_zone}"


class RotaShift(models.Model):
    """One person from one instant to another.

    An override (`is_override`) puts its person on, and takes off the one it stands in for, or everybody of the plan
    where it names nobody. A later override wins over an earlier one.
    """

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="shifts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_override = models.BooleanField(default=False)
    instead_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    line = models.ForeignKey(RotaLine, models.SET_NULL, null=True, blank=True, editable=False, related_name="shifts")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_has_a_length"),
            models.CheckConstraint(
                condition=Q(is_override=True, line__isnull=True) | Q(is_override=False, instead_of__isnull=True),
                name="only_an_override_stands_in",
            ),
            models.UniqueConstraint(fields=["line", "starts_at"], name="turn_of_a_line_once"),
        ]
        indexes = [models.Index(fields=["rota", "starts_at", "ends_at"], name="shift_now")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%d %b %H:%M}"


class RotaAbsence(models.Model):
    """A person is away: for this time they are on no shift of the rota, whatever the plan says. Why is not asked."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="absences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_has_a_length")]
        indexes = [models.Index(fields=["rota", "starts_at", "ends_at"], name="absence_now")]

    def __str__(self) -> str:
        return f"{self.person_id} away {self.starts_at:%d %b %H:%M}"
