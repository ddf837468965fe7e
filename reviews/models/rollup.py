"""What was measured of many incidents, counted by month, so that a page over a million of them is read at once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from teams.models import Service


class MetricMonth(models.Model):
    """A month (UTC, its first day) whose incidents are counted, and up to which timeline entry."""

    month = models.DateField(primary_key=True)
    refreshed_at = models.DateTimeField(db_index=True)
    last_entry = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MonthlyReport(models.Model):
    """A month whose report left; each leaves once."""

    month = models.DateField(primary_key=True)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MetricRollup(models.Model):
    """One measure of a month's public incidents: of all, of a priority, of a service, or of both.

    `classes` and `counts` belong together: so many values lie in that class (reviews.rules.classes).
    """

    month = models.ForeignKey(MetricMonth, models.CASCADE, related_name="rollups", db_index=False)
    priority = models.CharField(max_length=2, blank=True)  # empty: of all
    service = models.ForeignKey(Service, models.CASCADE, null=True, related_name="+", db_index=False)  # null: of all
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
                fields=["service", "priority", "month", "measure", "audience"],
                name="one_rollup_of_a_measure",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(hits__lte=models.F("n"), invalid__lte=models.F("n")), name="rollup_counts_agree"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_id} {self.measure}"
