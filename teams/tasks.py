"""What the clock asks of teams."""

from celery import shared_task
from django.utils import timezone

from teams.services import rotas


@shared_task(name="teams.tasks.sweep_rotas")
def sweep_rotas() -> int:
    """Write the turns of recurring lines ahead; returns how many were new."""
    return rotas.extend(now=timezone.now())
