"""When each part last showed that it is alive, by the database's clock."""

from datetime import timedelta

from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Now

from mim_portal.lib import prepared


class Heartbeat(models.Model):
    """One row a part (sweep_deadlines, worker, beat); a stopped clock is visible on every page and in /readyz."""

    name = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()
    took_ms = models.FloatField(default=0)
    by = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%H:%M:%S}"


def age(*, name: str) -> timedelta | None:
    """How long ago the part showed life, by the same clock that it showed it by; None where it never did."""
    return _age.first(name=name)


def ask(*, name: str) -> prepared.Ask:
    """What `age` asks, to be asked together with more."""
    return _age.ask(name=name)


@prepared.query
def _age(*, name: str) -> QuerySet[Heartbeat, timedelta]:
    since = ExpressionWrapper(Now() - F("beat_at"), output_field=DurationField())
    return Heartbeat.objects.filter(name=name).values_list(since, flat=True)
