"""References count up within a year of UTC."""

from django.db import models


class ReferenceCounter(models.Model):
    """The last number given for `MI-2026`, raised by one atomic upsert; gaps are allowed."""

    prefix = models.CharField(max_length=12, primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix} {self.last_number}"
