"""What users cannot do, in versions."""

from django.conf import settings
from django.db import models

from incidents.choices import DataState, RevisionReason
from incidents.models.incident import Incident
from mim_portal.lib import append_only


class ImpactStatement(models.Model):
    """One version of the impact (domain.md 3.1). Append-only: what was wrong stays readable beside what is right."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="impact_statements")
    version = models.PositiveIntegerField()
    who = models.CharField(max_length=300, blank=True)
    activity = models.CharField(max_length=500)
    count = models.CharField(max_length=120, blank=True)
    count_basis = models.CharField(max_length=300, blank=True)
    where = models.CharField(max_length=500, blank=True)
    not_affected = models.CharField(max_length=500, blank=True)
    since = models.CharField(max_length=200, blank=True)
    until = models.CharField(max_length=200, blank=True)
    workaround = models.CharField(max_length=1000, blank=True)
    consequence = models.CharField(max_length=500, blank=True)
    critical_time = models.CharField(max_length=200, blank=True)
    data_state = models.CharField(max_length=12, choices=DataState.choices, blank=True)
    confidence = models.JSONField(default=dict)  # one value under "all", or one a field
    sources = models.JSONField(default=dict)  # who or what says so, one a field, or one for all under "all"
    revision_reason = models.CharField(max_length=24, choices=RevisionReason.choices, default=RevisionReason.INITIAL)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "version"], name="impact_version_once"),
            models.CheckConstraint(
                condition=models.Q(data_state__in=["", *DataState.values]), name="impact_data_state_known"
            ),
        ]
        triggers = append_only.append_only()

    def __str__(self) -> str:
        return f"{self.incident_id} v{self.version}"
