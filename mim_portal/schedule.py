"""What beat ticks, and how often: short intervals only, never eta or countdown."""

# A tick is thrown away when it is older than this by the worker's own clock. Long enough for a worker whose clock is
# ten seconds ahead; what piles up while no worker runs is done in a second, since a sweep that has nothing to do is.
_TICK = {"expires": 30}
BEAT = {
    "sweep-deadlines": {"task": "comms.tasks.sweep_deadlines", "schedule": 0.5, "options": _TICK},
    "sweep-missing-deadlines": {
        "task": "comms.tasks.sweep_missing_deadlines",
        "schedule": 5.0,
        "options": _TICK,
    },
    "sweep-timeline": {"task": "incidents.tasks.sweep_timeline", "schedule": 0.5, "options": _TICK},
    "sweep-candidates": {"task": "incidents.tasks.sweep_candidates", "schedule": 2.0, "options": _TICK},
    "sweep-snapshots": {"task": "comms.tasks.sweep_snapshots", "schedule": 0.5, "options": _TICK},
    "copy-status": {"task": "comms.tasks.copy_status", "schedule": 5.0, "options": _TICK},
    "sweep-scheduled": {"task": "comms.tasks.sweep_scheduled", "schedule": 0.5, "options": _TICK},
    "sweep-maintenance": {"task": "comms.tasks.sweep_maintenance", "schedule": 1.0, "options": _TICK},
    "sweep-reminders": {"task": "comms.tasks.sweep_reminders", "schedule": 5.0, "options": _TICK},
    "sweep-series": {"task": "comms.tasks.sweep_series", "schedule": 3600.0, "options": _TICK},
    "forget-subscriptions": {"task": "comms.tasks.forget_subscriptions", "schedule": 3600.0, "options": _TICK},
    "deliver": {"task": "comms.tasks.deliver", "schedule": 1.0, "options": _TICK},
    "deliver-channels": {"task": "comms.tasks.deliver_channels", "schedule": 1.0, "options": _TICK},
    "read-replies": {"task": "comms.tasks.read_replies", "schedule": 30.0, "options": _TICK},
    "recheck": {"task": "comms.tasks.deliver_rechecks", "schedule": 5.0, "options": _TICK},
    "sweep-break-glass": {"task": "comms.tasks.sweep_break_glass", "schedule": 60.0, "options": _TICK},
    "sweep-rotas": {"task": "teams.tasks.sweep_rotas", "schedule": 3600.0, "options": _TICK},
    "sweep-overdue": {"task": "reviews.tasks.sweep_overdue", "schedule": 3600.0, "options": _TICK},
    "remind-owners": {"task": "reviews.tasks.remind_owners", "schedule": 3600.0, "options": _TICK},
    "settle-plans": {"task": "reviews.tasks.settle_plans", "schedule": 3600.0, "options": _TICK},
    "forget-lapses": {"task": "reviews.tasks.forget_lapses", "schedule": 3600.0, "options": _TICK},
    "sweep-unanswered-lapses": {
        "task": "reviews.tasks.sweep_unanswered_lapses",
        "schedule": 60.0,
        "options": _TICK,
    },
}
