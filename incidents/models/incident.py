"""A major incident and its times."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from incidents.choices import LIVE_STATES, DetectionSource, EntrySource, IncidentState, Level, Mark, Priority
from mim_portal.lib import labels
from teams.models import Person, Service

# Every time of domain.md 1.9 that belongs to the incident itself, in the order in which they should have happened.
TIME_FIELDS = (
    "impact_started_at",
    "detected_at",
    "reported_at",
    "logged_at",
    "candidate_at",
    "handover_accepted_at",
    "declared_at",
    "mim_assigned_at",
    "diagnosed_at",
    "workaround_at",
    "fix_started_at",
    "mitigated_at",
    "service_restored_at",
    "restored_confirmed_at",
    "resolved_at",
    "closed_at",
)


class Incident(models.Model):
    """From declaration to closure. The row is the lock of everything that happens to the incident."""

    reference = models.CharField(max_length=20, unique=True)
    external_ref = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=IncidentState.choices, default=IncidentState.DECLARED)
    impact = models.PositiveSmallIntegerField(choices=Level.choices)
    urgency = models.PositiveSmallIntegerField(choices=Level.choices)
    priority_computed = models.CharField(max_length=2, choices=Priority.choices)
    priority = models.CharField(max_length=2, choices=Priority.choices)  # the one that is set
    override_reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=8, choices=EntrySource.choices, default=EntrySource.PERSON)
    is_private = models.BooleanField(default=False)
    is_exercise = models.BooleanField(default=False)
    # What makes words that leave the house a matter for legal and security too.
    marks = ArrayField(models.CharField(max_length=14, choices=Mark.choices), default=list, blank=True, db_default=[])
    cause_confirmed_at = models.DateTimeField(null=True, blank=True)
    bridge_url = models.URLField(max_length=500, blank=True)
    detection_source = models.CharField(max_length=10, choices=DetectionSource.choices, blank=True, db_default="")

    impact_started_at = models.DateTimeField(null=True, blank=True)
    detected_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    logged_at = models.DateTimeField(null=True, blank=True)
    candidate_at = models.DateTimeField(null=True, blank=True)
    handover_accepted_at = models.DateTimeField(null=True, blank=True)
    declared_at = models.DateTimeField()
    mim_assigned_at = models.DateTimeField(null=True, blank=True)
    diagnosed_at = models.DateTimeField(null=True, blank=True)
    workaround_at = models.DateTimeField(null=True, blank=True)
    fix_started_at = models.DateTimeField(null=True, blank=True)
    mitigated_at = models.DateTimeField(null=True, blank=True)
    service_restored_at = models.DateTimeField(null=True, blank=True)
    restored_confirmed_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # or cancelled: the end of accountability

    last_seq = models.PositiveIntegerField(default=0)  # of the timeline, given under this row's lock
    version = models.PositiveIntegerField(default=1)  # of what two people can edit, for If-Match

    class Meta:
        indexes = [
            # Lists are walked by these, newest first; what is private has an index of its own (queries.visibility).
            models.Index(fields=["-declared_at", "-id"], name="incident_latest"),
            models.Index(fields=["-declared_at", "-id"], name="incident_latest_public", condition=Q(is_private=False)),
            models.Index(fields=["-declared_at", "-id"], name="incident_latest_private", condition=Q(is_private=True)),
            models.Index(fields=["-declared_at", "-id"], name="incident_exercises", condition=Q(is_exercise=True)),
            models.Index(fields=["state", "-declared_at", "-id"], name="incident_newest_in_state"),
            # What stands after the order lets other filters pass over an entry without reading its row.
            models.Index(
                fields=["service", "-declared_at", "-id", "priority", "state"], name="incident_newest_of_service"
            ),
            models.Index(fields=["priority", "-declared_at", "-id", "state"], name="incident_newest_of_priority"),
            models.Index(
                fields=["-declared_at"],
                name="incident_live",
                condition=Q(state__in=sorted(LIVE_STATES)),
            ),
            # Those that ended lately, for what looks the same as a new report (queries/similar.py).
            models.Index(fields=["closed_at"], name="incident_ended", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["external_ref"], name="incident_external_ref", condition=~Q(external_ref="")),
            GinIndex(SearchVector("title", "reference", "external_ref", config="simple"), name="incident_words"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IncidentState.values), name="incident_state_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="incident_priority_known"),
            models.CheckConstraint(condition=Q(marks__contained_by=Mark.values), name="incident_marks_known"),
            models.CheckConstraint(
                condition=Q(priority=F("priority_computed")) | ~Q(override_reason="") | Q(source="import"),
                name="priority_override_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "cancelled"], closed_at__isnull=False)
                | (~Q(state__in=["closed", "cancelled"]) & Q(closed_at__isnull=True)),
                name="ended_incident_has_end",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="tenures_follow_privacy",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("is_private"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.AnyChange("is_private"),
                func="UPDATE incidents_commandtenure SET of_private = NEW.is_private WHERE incident_id = NEW.id;"
                " RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="search_follows_privacy",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("is_private"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.AnyChange("is_private"),
                func="UPDATE incidents_incidentsearch SET is_private = NEW.is_private WHERE incident_id = NEW.id;"
                " RETURN NULL;",
            ),
        ]

    get_state_display = labels.display("state", IncidentState)

    def __str__(self) -> str:
        return self.reference


class RecordedTime(models.Model):
    """A value once given to one of the incident's times, with where it came from; edits keep both values.

    Without a time and with a reason, the time is known to be unknown; without either it was taken back.
    """

    class Precision(models.TextChoices):
        EXACT = "exact", "exact"
        APPROXIMATE = "approx", "approximate"

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="recorded_times")
    field = models.CharField(max_length=30)
    at = models.DateTimeField(null=True)
    precision = models.CharField(max_length=6, choices=Precision.choices, default=Precision.EXACT)
    source = models.CharField(max_length=8, choices=EntrySource.choices, default=EntrySource.SYSTEM)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=300, blank=True)  # why the time is not known
    time_zone = models.CharField(max_length=64, blank=True)  # in which it was given; the time itself is in UTC

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(at__isnull=True) | Q(reason=""), name="reason_is_for_unknown_times"),
        ]
        indexes = [models.Index(fields=["incident", "field", "-recorded_at"], name="recorded_time_latest")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.field}"


class IncidentMember(models.Model):
    """Who may see a private incident, besides its managers."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "person"], name="incident_member_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.person_id}"
