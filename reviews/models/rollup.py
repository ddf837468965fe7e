"""What was measured of many incidents, added up by day, month and year: a page over a million is read at once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from teams.models import Service, Team


class MetricMonth(models.Model):
    """A month (UTC, its first day) whose incidents are counted, and up to which timeline entry.

    `owners` says whose each service was then, by their keys: sums by team hold for as long as that is so.
    """

    month = models.DateField(primary_key=True)
    refreshed_at = models.DateTimeField(db_index=True)
    last_entry = models.BigIntegerField()
    has_days = models.BooleanField(default=False)
    owners = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MetricYear(models.Model):
    """A year (UTC) whose months are added up; no longer current once one of them was counted again."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    added_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.year)


class MonthlyReport(models.Model):
    """A month whose report left; each leaves once."""

    month = models.DateField(primary_key=True)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MetricRollup(models.Model):
    """One measure of a period's public incidents: of all, of a priority, of a service, of a team's services.

    `period` is a day, month or year as ISO 8601 writes it. `classes` and `counts` belong together: so many values lie
    in that class (reviews.rules.classes).
    """

    period = models.CharField(max_length=10)
    priority = models.CharField(max_length=2, blank=True)  # empty: of all
    service = models.ForeignKey(Service, models.CASCADE, null=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+", db_index=False)  # both null: of all
    measure = models.CharField(max_length=32)
    audience = models.CharField(max_length=50, blank=True)
    n = models.PositiveIntegerField()
    hits = models.PositiveIntegerField()
    invalid = models.PositiveIntegerField()
    classes = ArrayField(models.SmallIntegerField())
    counts = ArrayField(models.IntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "service", "team", "priority", "measure", "audience"],
                name="one_rollup_of_a_measure",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(hits__lte=models.F("n"), invalid__lte=models.F("n")), name="rollup_counts_agree"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.measure}"
