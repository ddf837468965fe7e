"""The ledger: promises of the practice that were not held, owned, corrected, planned for and watched."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from incidents.models import Incident
from reviews.choices import ActionStrength, LapseCause, LapseCode, LapseOutcome, LapseState, PlanChange


class Lapse(models.Model):
    """One lapse. Suggested to the manager whose tenure covered the moment, and to nobody else, until confirmed.

    `source_key` names the fact that it was made from (deadline:17), so that suggesting twice makes one row.
    Sentences name the practice, never a person.
    """

    code = models.CharField(max_length=3, choices=LapseCode.choices)
    state = models.CharField(max_length=10, choices=LapseState.choices, default=LapseState.SUGGESTED)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)  # audience, due_at, published_at: what the sentence is made of
    addressee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    discovered_at = models.DateTimeField()
    shown_after = models.DateTimeField(null=True)  # after restoration: the ledger stays out of the room
    lead_told_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    dismissal_reason = models.CharField(max_length=500, blank=True)
    owned_at = models.DateTimeField(null=True)
    acknowledgement = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    cause_category = models.CharField(max_length=14, choices=LapseCause.choices, blank=True, default="")
    correction = models.TextField(blank=True)
    corrected_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "source_key"], name="lapse_suggested_once"),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(dismissal_reason=""),
                name="dismissed_lapse_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["addressee", "state"], name="lapses_of_addressee"),
            models.Index(fields=["incident"], name="lapses_not_shown", condition=Q(shown_after=None)),
            # reviews.tasks.sweep_unanswered_lapses claims by this.
            models.Index(
                fields=["shown_after"],
                name="sweep_unanswered_lapses",
                condition=Q(state="suggested", lead_told_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.incident_id}"


class PreventionPlan(models.Model):
    """The best practice put in place, and how it will be seen to work."""

    lapse = models.ForeignKey(Lapse, models.CASCADE, related_name="plans")
    plan = models.TextField()
    strength = models.CharField(max_length=14, choices=ActionStrength.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_date = models.DateField()
    measure = models.CharField(max_length=500)
    sample_target = models.PositiveSmallIntegerField(default=20)
    change = models.CharField(max_length=10, choices=PlanChange.choices, blank=True, default="")
    change_word = models.CharField(max_length=120, blank=True, default="")  # where the change is a word
    in_place_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.plan[:60]


class LapseCount(models.Model):
    """Lapses that ended more than twelve months ago: no person, no words, no incident, only how many there were."""

    code = models.CharField(max_length=3, choices=LapseCode.choices)
    month_date = models.DateField()  # the first day of the month in which they occurred
    cause_category = models.CharField(max_length=14, choices=LapseCause.choices, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=LapseOutcome.choices)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "month_date", "cause_category", "outcome"], name="lapses_counted_once_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.code} {self.month_date:%Y-%m}"


class EffectivenessCheck(models.Model):
    """How many chances there were since the plan was in place, and how many repeats."""

    plan = models.ForeignKey(PreventionPlan, models.CASCADE, related_name="checks")
    checked_at = models.DateTimeField()
    chances = models.PositiveIntegerField()
    repeats = models.PositiveIntegerField()
    upper_bound = models.FloatField()  # of the true rate, 95 %, exact binomial

    def __str__(self) -> str:
        return f"{self.repeats} of {self.chances}"
