"""What the service desk raised."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from incidents.choices import CandidateState, ClarificationChannel, EntrySource, Level, SafetyAnswer
from incidents.models.incident import Incident
from mim_portal.lib import labels
from teams.models import Service


class Candidate(models.Model):
    """A proposed major incident: the facts of domain.md 2.2 as the desk gave them, and what became of it.

    A draft is one person's unfinished form; it has no reference yet. `service_text` is what was typed where the
    service is not in the catalogue. The score belongs to the record, never to the agent.
    """

    reference = models.CharField(max_length=20, unique=True, null=True)
    external_ref = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=CandidateState.choices, default=CandidateState.OPEN)
    source = models.CharField(max_length=8, choices=EntrySource.choices, default=EntrySource.PERSON)
    title = models.CharField(max_length=200, blank=True)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    service_text = models.CharField(max_length=200, blank=True)
    cannot_do = models.TextField(blank=True)
    affected_count = models.CharField(max_length=120, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    where = models.CharField(max_length=500, blank=True)
    since_when = models.CharField(max_length=200, blank=True)
    evidence = models.TextField(blank=True)
    business_consequence = models.TextField(blank=True)
    critical_time = models.CharField(max_length=200, blank=True)
    checks_done = models.TextField(blank=True)
    workaround = models.TextField(blank=True)
    contact = models.CharField(max_length=300, blank=True)
    safety_or_security = models.CharField(max_length=8, choices=SafetyAnswer.choices, blank=True)
    impact = models.PositiveSmallIntegerField(choices=Level.choices, null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Level.choices, null=True, blank=True)

    intake_score = models.PositiveSmallIntegerField(null=True)
    intake_band = models.CharField(max_length=12, blank=True)
    intake_detail = models.JSONField(default=dict)
    rubric_version = models.CharField(max_length=12, blank=True)

    draft_window = models.CharField(max_length=32, blank=True)  # of a draft: which browser window typed last

    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(db_default=Now())
    raised_at = models.DateTimeField(null=True)
    managers_told_at = models.DateTimeField(null=True)  # null on a raised one: the mail to the manager on shift is due
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    next_step = models.CharField(max_length=300, blank=True)  # what happens to a rejected one now
    alarmed_at = models.DateTimeField(null=True)  # every manager was told that nobody has decided
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="candidates")

    class Meta:
        indexes = [
            models.Index(fields=["raised_at"], name="candidate_waiting", condition=Q(state="open")),
            # incidents.tasks.sweep_candidates claims by this.
            models.Index(fields=["raised_at"], name="candidate_alarm_due", condition=Q(state="open", alarmed_at=None)),
            # comms.tasks.deliver tells the manager on shift by this.
            models.Index(
                fields=["raised_at"], name="candidate_untold", condition=Q(state="open", managers_told_at__isnull=True)
            ),
            models.Index(fields=["raised_by", "-created_at"], name="candidate_of_person"),
            models.Index(fields=["-raised_at", "-id"], name="candidate_latest"),
            models.Index(fields=["external_ref"], name="candidate_external_ref", condition=~Q(external_ref="")),
            GinIndex(SearchVector("title", "cannot_do", "where", config="simple"), name="candidate_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(reference__isnull=False) & Q(raised_at__isnull=False)),
                name="raised_candidate_has_reference",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "merged"]) | Q(incident__isnull=False),
                name="accepted_candidate_has_incident",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(decision_reason=""),
                name="rejected_candidate_has_reason",
            ),
            models.UniqueConstraint(
                fields=["external_ref"],
                condition=Q(source="import") & ~Q(external_ref=""),
                name="imported_candidate_once",
            ),
        ]

    get_state_display = labels.display("state", CandidateState)

    def __str__(self) -> str:
        return self.reference or f"draft {self.pk}"


class ClarificationRequest(models.Model):
    """A question back to the desk: proof that the manager asked instead of complaining (domain.md 2.4).

    Asked of a person, or of somebody whom the desk reaches and the portal does not know. `replaced` keeps what stood
    on the record before the answer was put there.
    """

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="clarifications")
    field = models.CharField(max_length=40)
    question = models.CharField(max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_of_words = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=10, choices=ClarificationChannel.choices, default=ClarificationChannel.PORTAL)
    chased_at = models.DateTimeField(null=True)
    chase_count = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_record = models.BooleanField(default=False)  # the answer stands on the candidate's record
    replaced = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["candidate"], name="clarification_open", condition=Q(answered_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(chase_count=0, chased_at__isnull=True) | Q(chase_count__gt=0, chased_at__isnull=False),
                name="chased_question_has_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="answered_question_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.field}"
