"""Blameless reviews."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from incidents.models import Incident
from reviews.choices import (
    ActionNotice,
    ActionState,
    ActionStrength,
    Degree,
    EvidenceKind,
    FactorKind,
    FactorLayer,
    ReviewState,
)
from teams.models import Team


class Review(models.Model):
    """One incident's review: opens by itself at resolve, with its clocks; sections are Markdown by code."""

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.DRAFT)
    sections = models.JSONField(default=dict)
    timeline_entries = models.JSONField(default=list)  # ids of the chosen entries; empty means the key ones
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    draft_due_date = models.DateField()
    publish_due_date = models.DateField()
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    signed_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lint_overrides = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField(db_default=Now())
    words = SearchVectorField(null=True)  # what it is found by in the library, kept by services.words

    class Meta:
        indexes = [
            models.Index(fields=["state", "publish_due_date"], name="reviews_by_due"),
            GinIndex(fields=["words"], name="reviews_by_words"),
        ]

    def __str__(self) -> str:
        return f"review of {self.incident_id}"


class RecurringFactor(models.Model):
    """One condition that contributed to several incidents: what people linked, never what the portal guessed."""

    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"recurring factor {self.pk}"


class ContributingFactor(models.Model):
    """What contributed, in which layer, on which evidence. No percentages, no persons."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="factors")
    statement = models.TextField()
    kind = models.CharField(max_length=24, choices=FactorKind.choices)
    layer = models.CharField(max_length=14, choices=FactorLayer.choices)
    evidence = models.CharField(max_length=14, choices=EvidenceKind.choices)
    evidence_note = models.CharField(max_length=500, blank=True)
    effect = models.PositiveSmallIntegerField(choices=Degree.choices, null=True)  # null: nobody has judged it
    changeability = models.PositiveSmallIntegerField(choices=Degree.choices, null=True)
    # Whose it is to change: a team, never a person; null: nobody's, or not said.
    control_owner = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    recurring = models.ForeignKey(RecurringFactor, models.SET_NULL, null=True, related_name="factors")
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effect__in=Degree.values) & models.Q(changeability__in=Degree.values),
                name="factor_judged_by_known_degrees",
            )
        ]

    def __str__(self) -> str:
        return self.statement[:60]


class ImprovementAction(models.Model):
    """What will be different, who owns it, by when, and how we will know."""

    review = models.ForeignKey(Review, models.CASCADE, null=True, related_name="actions")
    factor = models.ForeignKey(ContributingFactor, models.SET_NULL, null=True, blank=True, related_name="actions")
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_date = models.DateField()
    strength = models.CharField(max_length=14, choices=ActionStrength.choices)
    done_means = models.CharField(max_length=500)
    measure = models.CharField(max_length=500, blank=True)
    ticket_url = models.URLField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ActionState.choices, default=ActionState.OPEN)
    told = models.CharField(max_length=9, choices=ActionNotice.choices, blank=True, default=ActionNotice.NONE)
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_date"], name="open_actions_by_due", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.title
