"""What is being done, decided and believed during an incident."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.choices import AskedOf, Certainty, DecisionState, HypothesisState, TaskState
from incidents.models.incident import Incident
from teams.models import Team


class Workstream(models.Model):
    """Some of the people, with a lead, a task, a time box and one speaking line back (domain.md 1.3)."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="workstreams")
    name = models.CharField(max_length=80)
    task = models.CharField(max_length=300)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    report = models.CharField(max_length=300, blank=True)  # the line that came back last
    reported_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lead__isnull=False) | Q(team__isnull=False), name="workstream_has_a_lead"
            ),
            models.UniqueConstraint(
                fields=["incident", "name"], condition=Q(ended_at__isnull=True), name="open_workstream_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """Something to do during the incident: who has it and by when. What is to be done after it is an action of the
    review.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    workstream = models.ForeignKey(Workstream, models.PROTECT, null=True, related_name="tasks")
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    outcome = models.CharField(max_length=300, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["incident", "state"], name="task_of_incident")]
        constraints = [
            models.CheckConstraint(condition=Q(owner__isnull=True) | Q(team__isnull=True), name="task_owned_by_one"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True, ended_by__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="ended_task_has_end",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """A question, the options, who decides and by when; then what was chosen, by whom, and who objected to what."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="decisions")
    question = models.CharField(max_length=300)
    options = ArrayField(models.CharField(max_length=120), default=list)
    asked_of = models.CharField(max_length=13, choices=AskedOf.choices, default=AskedOf.MANAGER)
    needed_by = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=DecisionState.choices, default=DecisionState.NEEDED)
    chosen = models.CharField(max_length=300, blank=True)
    objections = models.CharField(max_length=1000, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["incident"], name="decision_of_executives", condition=Q(asked_of="executives")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="decided", decided_at__isnull=False, decided_by__isnull=False) & ~Q(chosen=""))
                | (~Q(state="decided") & Q(decided_at__isnull=True, decided_by__isnull=True, chosen="")),
                name="decided_decision_has_choice",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class Hypothesis(models.Model):
    """What may be the cause, how sure we are, and on what evidence; later confirmed or ruled out."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="hypotheses")
    statement = models.CharField(max_length=300)
    certainty = models.CharField(max_length=6, choices=Certainty.choices, default=Certainty.LOW)
    evidence = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=9, choices=HypothesisState.choices, default=HypothesisState.OPEN)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="settled_hypothesis_has_end",
            ),
        ]

    def __str__(self) -> str:
        return self.statement
