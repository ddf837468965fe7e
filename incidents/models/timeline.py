"""The event log of every incident, and who has yet to read it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from incidents.choices import EntryKind, EntrySource
from incidents.models.incident import Incident
from mim_portal.lib import append_only


class TimelineEntry(models.Model):
    """What happened, when, and who said so. Append-only by trigger; people are referenced, never copied."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="timeline", db_index=False)  # seq once
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=28, choices=EntryKind.choices)
    source = models.CharField(max_length=8, choices=EntrySource.choices, default=EntrySource.PERSON)
    at = models.DateTimeField()  # when it happened
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "timeline entries"
        constraints = [models.UniqueConstraint(fields=["incident", "seq"], name="timeline_seq_once")]
        indexes = [models.Index(fields=["incident", "kind"], name="timeline_by_kind")]
        triggers = append_only.append_only()

    def __str__(self) -> str:
        return f"{self.incident_id} #{self.seq} {self.kind}"


class TimelineDispatch(models.Model):
    """One row an entry, for readers that may follow a second later; deleted when all of them are done."""

    entry = models.OneToOneField(  # written by the entry's own statement, and no entry is ever deleted
        TimelineEntry, models.DO_NOTHING, related_name="dispatch", primary_key=True, db_constraint=False
    )
    done = ArrayField(models.CharField(max_length=120), default=list)  # readers that have finished
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    last_error = models.TextField(blank=True)

    class Meta:
        # incidents.tasks.sweep_timeline claims by this.
        indexes = [models.Index(fields=["due_at", "entry"], name="sweep_timeline", condition=Q(attempts__lt=10))]

    def __str__(self) -> str:
        return f"{self.entry_id}"
