"""What beat ticks, and how often: short intervals only, never eta or countdown."""

# What piles up while no worker runs is bounded by beat itself (mim_portal.beat).
BEAT = {
    "sweep-deadlines": {"task": "comms.tasks.sweep_deadlines", "schedule": 0.5},
    "sweep-missing-deadlines": {"task": "comms.tasks.sweep_missing_deadlines", "schedule": 5.0},
    "sweep-timeline": {"task": "incidents.tasks.sweep_timeline", "schedule": 0.5},
    "sweep-candidates": {"task": "incidents.tasks.sweep_candidates", "schedule": 2.0},
    "sweep-snapshots": {"task": "comms.tasks.sweep_snapshots", "schedule": 0.5},
    "copy-status": {"task": "comms.tasks.copy_status", "schedule": 5.0},
    "sweep-scheduled": {"task": "comms.tasks.sweep_scheduled", "schedule": 0.5},
    "sweep-maintenance": {"task": "comms.tasks.sweep_maintenance", "schedule": 1.0},
    "sweep-reminders": {"task": "comms.tasks.sweep_reminders", "schedule": 5.0},
    "sweep-series": {"task": "comms.tasks.sweep_series", "schedule": 3600.0},
    "forget-subscriptions": {"task": "comms.tasks.forget_subscriptions", "schedule": 3600.0},
    "deliver": {"task": "comms.tasks.deliver", "schedule": 1.0},
    "deliver-channels": {"task": "comms.tasks.deliver_channels", "schedule": 1.0},
    "read-replies": {"task": "comms.tasks.read_replies", "schedule": 30.0},
    "recheck": {"task": "comms.tasks.deliver_rechecks", "schedule": 5.0},
    "sweep-break-glass": {"task": "comms.tasks.sweep_break_glass", "schedule": 60.0},
    "sweep-rotas": {"task": "teams.tasks.sweep_rotas", "schedule": 3600.0},
    "sweep-overdue": {"task": "reviews.tasks.sweep_overdue", "schedule": 3600.0},
    "remind-owners": {"task": "reviews.tasks.remind_owners", "schedule": 3600.0},
    "settle-plans": {"task": "reviews.tasks.settle_plans", "schedule": 3600.0},
    "forget-lapses": {"task": "reviews.tasks.forget_lapses", "schedule": 3600.0},
    "send-report": {"task": "reviews.tasks.send_report", "schedule": 3600.0},
    "roll-up": {"task": "reviews.tasks.roll_up", "schedule": 30.0},
    "sweep-unanswered-lapses": {"task": "reviews.tasks.sweep_unanswered_lapses", "schedule": 60.0},
}
