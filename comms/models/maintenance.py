"""Planned maintenance as an object of its own: a window, its services, the pages that announce it, and its words."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from comms.choices import OPEN_MAINTENANCE, MaintenanceState, Repeat
from comms.models.status_page import StatusPage
from comms.rules.maintenance import REMINDED
from teams.models import Person, Service

_OPEN = sorted(OPEN_MAINTENANCE)


def usual_reminders() -> list[int]:
    """A day and an hour before."""
    return list(REMINDED)


class MaintenanceSeries(models.Model):
    """Windows that come back; each is a `Maintenance` of its own, announced some weeks ahead."""

    repeat = models.CharField(max_length=20, choices=Repeat.choices)
    first_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    until = models.DateField(null=True)
    announced_to = models.DateTimeField()  # when the last window that was made of it was to begin
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.repeat} from {self.first_at:%Y-%m-%d}"


class Maintenance(models.Model):
    """One window. `body` says what readers will notice; the clock begins and ends it with words written beforehand."""

    title = models.CharField(max_length=120)
    body = models.TextField()
    begins_with = models.TextField()
    ends_with = models.TextField()
    services = models.ManyToManyField(Service, related_name="+")
    pages = models.ManyToManyField(StatusPage, related_name="+")
    scheduled_for = models.DateTimeField()
    scheduled_until = models.DateTimeField()
    is_automatic = models.BooleanField(default=True)  # begins and ends by the clock
    # So many minutes before it begins, subscribers are reminded.
    remind_before = ArrayField(models.PositiveIntegerField(), default=usual_reminders, db_default=[24 * 60, 60])
    state = models.CharField(
        max_length=12, choices=MaintenanceState.choices, default=MaintenanceState.SCHEDULED, db_index=False
    )
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_action_at = models.DateTimeField(null=True)  # when the clock acts
    series = models.ForeignKey(MaintenanceSeries, models.PROTECT, related_name="windows", null=True)
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scheduled_until__gt=F("scheduled_for")), name="maintenance_has_length"),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, ended_at=None)
                | (~Q(state__in=_OPEN) & Q(ended_at__isnull=False, next_action_at=None)),
                name="maintenance_ended_has_a_time",
            ),
        ]
        indexes = [
            # comms.tasks.sweep_maintenance claims by this.
            models.Index(
                fields=["next_action_at"], name="sweep_maintenance", condition=Q(next_action_at__isnull=False)
            ),
            models.Index(fields=["-scheduled_for"], name="maintenance_by_time"),
        ]

    def __str__(self) -> str:
        return self.title


class MaintenanceReminder(models.Model):
    """So long before it begins, those who subscribed hear of the window once more. One that is over before its turn, or
    that begins at another time, goes away with its reminders."""

    maintenance = models.ForeignKey(Maintenance, models.CASCADE, related_name="reminders")
    minutes = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["maintenance", "minutes"], name="reminded_once")]
        indexes = [
            # comms.tasks.sweep_reminders looks by this.
            models.Index(fields=["due_at"], name="sweep_reminders", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.maintenance_id} {self.minutes} min before"


class MaintenanceUpdate(models.Model):
    """What readers were told of a window, in order; `author` is empty where the clock showed words written before."""

    maintenance = models.ForeignKey(Maintenance, models.CASCADE, related_name="updates")
    state = models.CharField(max_length=12, choices=MaintenanceState.choices)
    body = models.TextField()
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.maintenance_id} {self.state}"
