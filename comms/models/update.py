"""Messages to audiences and what the checks found in them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from comms.choices import ComponentState, Severity, UpdateKind, UpdateState
from comms.models.audience import Audience
from incidents.choices import IncidentState, Priority
from incidents.models import ImpactStatement, Incident
from mim_portal.lib import labels

_GUARD_PUBLISHED = """
    IF OLD.published_at IS NOT NULL AND (
        NEW.incident_id, NEW.kind, NEW.subject, NEW.body, NEW.next_update_at, NEW.published_at, NEW.sequence,
        NEW.published_hash, NEW.corrects_id, NEW.texts, NEW.language
    ) IS DISTINCT FROM (
        OLD.incident_id, OLD.kind, OLD.subject, OLD.body, OLD.next_update_at, OLD.published_at, OLD.sequence,
        OLD.published_hash, OLD.corrects_id, OLD.texts, OLD.language
    ) THEN
        RAISE EXCEPTION 'update % is published and cannot be edited; correct it with a new one', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_update_is_fixed';
    END IF;
    RETURN NEW;
"""


class Update(models.Model):
    """One message of one incident to one or more audiences: draft, checked, approved, published.

    `subject` is the activity part; the portal composes the whole subject of rule C16. `texts` are the words adapted to
    an audience, {code: {"subject", "body"}}; audiences without one read subject and body
    (comms.queries.writing.texts). A published update is never edited: a trigger guards its content, a correction is a
    new row that names it.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=UpdateKind.choices)
    state = models.CharField(max_length=10, choices=UpdateState.choices, default=UpdateState.DRAFT)
    audiences = models.ManyToManyField(Audience, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    texts = models.JSONField(default=dict, blank=True, db_default={})
    language = models.CharField(max_length=10, default="en-GB", db_default="en-GB")  # it was begun in; it never changes
    next_update_at = models.DateTimeField(null=True, blank=True)
    no_further_updates = models.BooleanField(default=False)  # a restored message may say that none follow
    component_state = models.CharField(max_length=20, choices=ComponentState.choices, blank=True)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(db_default=Now())

    checked_at = models.DateTimeField(null=True)
    checked_hash = models.CharField(max_length=64, blank=True)
    language_checked = models.BooleanField(default=False)  # false while the checker was down: rechecked later
    language_checked_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)  # when the second reader's timer started
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_hash = models.CharField(max_length=64, blank=True)
    asked = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")  # who was asked to read this text
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cleared_at = models.DateTimeField(null=True)  # when legal and security let this text out
    cleared_hash = models.CharField(max_length=64, blank=True, db_default="")
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_comment = models.CharField(max_length=1000, blank=True, db_default="")
    release_reason = models.CharField(max_length=300, blank=True)  # why no second reader was needed

    publish_at = models.DateTimeField(null=True)  # when a text that a person approved leaves by itself
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    scheduled_hash = models.CharField(max_length=64, blank=True, db_default="")
    scheduled_facts = models.JSONField(default=dict, db_default={})  # as the person who chose the time knew them
    held_at = models.DateTimeField(null=True)  # its time came, and it was not sent
    held_reasons = ArrayField(models.CharField(max_length=300), default=list, db_default=[])

    sequence = models.PositiveIntegerField(null=True)  # counts published updates of the incident, without gaps
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_hash = models.CharField(max_length=64, blank=True)
    sent_now = models.BooleanField(default=False)
    impact_statement = models.ForeignKey(ImpactStatement, models.PROTECT, null=True, related_name="+")
    incident_state = models.CharField(max_length=14, choices=IncidentState.choices, blank=True)  # as published
    priority = models.CharField(max_length=2, choices=Priority.choices, blank=True)  # as published
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "sequence"],
                condition=Q(sequence__isnull=False),
                name="update_sequence_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "checked", "approved"], published_at__isnull=True)
                | (Q(state__in=["published", "corrected", "withdrawn"]) & Q(published_at__isnull=False)),
                name="published_update_has_time",
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | (Q(scheduled_by__isnull=False) & ~Q(scheduled_hash="")),
                name="scheduled_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | (Q(publish_at__isnull=False) & ~Q(held_reasons=[])),
                name="held_update_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "-published_at"], name="updates_of_incident"),
            # comms.tasks.sweep_scheduled claims what is due by this.
            models.Index(
                fields=["publish_at"],
                name="sweep_scheduled",
                condition=Q(publish_at__isnull=False, held_at=None, published_at=None),
            ),
            # comms.tasks.deliver_rechecks: published while the language checker was down.
            models.Index(
                fields=["published_at"],
                name="unchecked_updates",
                condition=Q(language_checked=False, published_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_is_fixed",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_GUARD_PUBLISHED,
            ),
            pgtrigger.Protect(
                name="refuse_delete",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    get_kind_display = labels.display("kind", UpdateKind)
    get_state_display = labels.display("state", UpdateState)

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence or 'draft'} of {self.incident_id}"


class Finding(models.Model):
    """What a check found in one revision of an update, and why a person let it pass."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="findings")
    content_hash = models.CharField(max_length=64)
    code = models.CharField(max_length=24)
    rule = models.CharField(max_length=40, blank=True, default="")  # which part of the code spoke, as B05 in C07
    severity = models.CharField(max_length=8, choices=Severity.choices)
    start = models.PositiveIntegerField(default=0)  # code points into `part`
    end = models.PositiveIntegerField(default=0)
    part = models.CharField(max_length=16, default="body")  # body, subject, next_update_at or audiences
    audience = models.CharField(max_length=50, blank=True, default="")  # code of the adapted text; "" in the core text
    text = models.TextField(blank=True)
    message = models.CharField(max_length=500)
    suggestions = ArrayField(models.CharField(max_length=200), default=list)
    is_blocking = models.BooleanField(default=False)
    override_reason = models.CharField(max_length=300, blank=True)
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    found_after_sending = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["update", "content_hash"], name="findings_of_text")]

    def __str__(self) -> str:
        return f"{self.code} {self.start}-{self.end}"
