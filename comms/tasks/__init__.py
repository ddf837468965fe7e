"""Celery tasks of comms, by the names that beat and nudges use: comms.tasks.sweep_deadlines and so on."""

from comms.tasks import (
    break_glass,
    channels,
    deadlines,
    deliver,
    maintenance,
    rechecks,
    replies,
    scheduled,
    snapshots,
    subscriptions,
)

__all__ = [
    "break_glass",
    "channels",
    "deadlines",
    "deliver",
    "maintenance",
    "rechecks",
    "replies",
    "scheduled",
    "snapshots",
    "subscriptions",
]
