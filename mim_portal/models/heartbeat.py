"""When each part last showed that it is alive, by the database's clock."""

from django.db import models


class Heartbeat(models.Model):
    """One row a part (sweep_deadlines, worker, beat); a stopped clock is visible on every page and in /readyz."""

    name = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()
    took_ms = models.FloatField(default=0)
    by = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%H:%M:%S}"
