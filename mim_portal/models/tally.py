"""Totals that only grow, for monitoring: counting rows at every scrape would cost more the longer the portal runs."""

from django.db import models


class Tally(models.Model):
    """One row a total, such as `deliveries.sent`; raised in the transaction of what it counts."""

    name = models.CharField(max_length=60, primary_key=True)
    count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.name} {self.count}"
