"""What desk and practice say to each other: feedback both ways, a disputed score, and the fix of the month."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.choices import DisputeOutcome
from incidents.models.candidate import Candidate
from incidents.models.incident import Incident
from teams.choices import Role


class IntakeDispute(models.Model):
    """The desk reads its record differently than the rubric did. A corrected score stands beside the old one."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="+")
    item = models.CharField(max_length=40, blank=True)  # of the rubric; empty is the whole record
    reason = models.CharField(max_length=500)
    disputed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    disputed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=DisputeOutcome.choices, default=DisputeOutcome.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    corrections = models.JSONField(default=dict)  # item: grade
    score_before = models.PositiveSmallIntegerField()
    score_after = models.PositiveSmallIntegerField(null=True)
    band_after = models.CharField(max_length=12, blank=True)
    rubric_version = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate"], condition=Q(outcome="open"), name="one_open_dispute"),
            models.CheckConstraint(
                condition=Q(outcome="open", answered_at__isnull=True)
                | (~Q(outcome="open") & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="answered_dispute_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(outcome="corrected", score_after__isnull=False)
                | (~Q(outcome="corrected") & Q(score_after__isnull=True)),
                name="corrected_dispute_has_score",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.outcome}"


class DeskFeedback(models.Model):
    """From the incident's manager to the desk: two things that helped and one request, without names."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="+")
    helped_first = models.CharField(max_length=300)
    helped_second = models.CharField(max_length=300)
    request = models.CharField(max_length=300)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "desk feedback"

    def __str__(self) -> str:
        return f"{self.incident_id}"


class DeskRating(models.Model):
    """From the desk to the managers: did we tell you enough to answer callers? Shown only pooled, from five on.

    Whoever raised it answers two more by the link that they are sent.
    """

    QUESTIONS = ("told_what_was_needed", "score", "glad_to_work_again")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    told_what_was_needed = models.PositiveSmallIntegerField(null=True)
    glad_to_work_again = models.PositiveSmallIntegerField(null=True)
    line = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "person"], name="one_desk_rating_per_person"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="desk_rating_from_one_to_five"),
            models.CheckConstraint(
                condition=Q(told_what_was_needed__isnull=True)
                | Q(told_what_was_needed__gte=1, told_what_was_needed__lte=5),
                name="desk_told_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(glad_to_work_again__isnull=True) | Q(glad_to_work_again__gte=1, glad_to_work_again__lte=5),
                name="desk_glad_from_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}"


class IntakeFix(models.Model):
    """The one change of the form or of the desk's knowledge that a month agreed on, measured after ten handovers."""

    month = models.DateField(unique=True)  # its first day
    deficit = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    owner_role = models.CharField(max_length=24, choices=Role.choices)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "intake fixes"
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="fix_of_a_month"),
            models.CheckConstraint(
                condition=Q(owner_role__in=["service_desk_lead", "practice_lead"]), name="fix_has_an_owner_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
