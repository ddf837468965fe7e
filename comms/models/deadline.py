"""Promises: when each audience hears next, and who is told when that is late."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from comms.choices import EndReason, EscalationStep
from comms.models.audience import Audience
from incidents.models import Incident

OPEN = Q(kept_at__isnull=True, ended_at__isnull=True)


class UpdateDeadline(models.Model):
    """One promise to one audience. Open while neither kept nor ended: missing it does not close it, a late update
    keeps it late and opens the next. On time is `published_at <= due_at`; every reader computes lateness from due_at.

    `next_action_at` is when the sweep has something to do (warn, record the miss, tell the deputy, tell the practice
    lead); null when nothing is left to do.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)  # deadlines_of_incident
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+", db_index=False)
    is_first = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    promised_at = models.DateTimeField(null=True)  # the time that an update named, where one did
    next_action_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    deputy_told_at = models.DateTimeField(null=True)
    practice_lead_told_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey(
        "comms.Update", models.PROTECT, null=True, related_name="kept_deadlines", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, choices=EndReason.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "audience"], condition=OPEN, name="one_open_deadline"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="ended_deadline_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(ended_at__isnull=True),
                name="kept_or_ended_never_both",
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(kept_by__isnull=False),
                name="kept_by_an_update",
            ),
        ]
        indexes = [
            # comms.tasks.sweep_deadlines claims due rows by this and touches nothing that is not due.
            models.Index(
                fields=["next_action_at"],
                name="sweep_deadlines",
                condition=OPEN & Q(next_action_at__isnull=False),
            ),
            models.Index(fields=["due_at", "id"], name="open_deadlines_by_due", condition=OPEN),
            models.Index(fields=["due_at", "id"], name="deadlines_by_due"),
            models.Index(fields=["incident", "due_at"], name="deadlines_of_incident"),
            models.Index(fields=["kept_by"], name="deadlines_kept_by", condition=Q(kept_by__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.audience_id} {self.due_at:%H:%M}"


class Notice(models.Model):
    """One step of the ladder told to one person once, naming every audience of the incident that is due.

    Like deliveries, its columns carry no foreign-key constraint: it is written for rows that its own statement locks,
    twenty thousand at a time, and neither incidents nor people are ever deleted.
    """

    incident = models.ForeignKey(Incident, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    step = models.CharField(max_length=14, choices=EscalationStep.choices)
    deadlines = ArrayField(models.BigIntegerField())
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["incident", "-created_at"], name="notices_of_incident")]

    def __str__(self) -> str:
        return f"{self.step} to {self.person_id}"
