"""When a team is at work: its hours by the clock on its wall, and its holidays."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from teams.models.team import Team


class TeamHours(models.Model):
    """A team's working days in its own time zone; without a row Monday to Friday, 08:00 to 18:00."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="hours")
    weekdays = ArrayField(models.PositiveSmallIntegerField())  # Monday is 0
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=list(range(7))) & ~Q(weekdays=[]), name="hours_have_weekdays"
            )
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.starts:%H:%M}"


class TeamHoliday(models.Model):
    """A day on which the team is reached as out of its hours. Nobody leaves the rota by it."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="holidays")
    on_date = models.DateField()
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "on_date"], name="holiday_once_per_team")]

    def __str__(self) -> str:
        return f"{self.on_date} {self.name}"
