"""Who is accountable, from when until when."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from incidents.choices import HandoverState
from incidents.models.incident import Incident

_TENURE_ENDS_FOR_A_REASON = """
    SELECT ended_at INTO tenure_end FROM incidents_commandtenure WHERE id = NEW.id;
    IF tenure_end IS NULL THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM incidents_commandtenure successor
               WHERE successor.incident_id = NEW.incident_id AND successor.started_at = tenure_end) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM incidents_incident incident
               WHERE incident.id = NEW.incident_id AND incident.closed_at = tenure_end) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'incident % would be without an accountable manager from %', NEW.incident_id, tenure_end
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tenure_ends_for_a_reason';
"""


class CommandTenure(models.Model):
    """One manager's accountability for one incident: exactly one at every instant from declaration to closure.

    The exclusion constraint forbids two at once; the deferred trigger forbids an end that is neither the start of a
    successor's tenure nor the end of the incident. The ranges use no btree_gist, which embedded servers lack.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="tenures")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    of_private = models.BooleanField(default=False)  # the incident's, kept by triggers: who may see private ones

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="tenure_has_a_length",
            ),
            ExclusionConstraint(
                name="one_manager_at_every_instant",
                expressions=[
                    (
                        Func(F("incident_id"), F("incident_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (Func(F("started_at"), F("ended_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["manager"], name="tenure_current", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["manager", "incident"], name="tenure_managed"),
            models.Index(fields=["manager", "incident"], name="tenure_of_private", condition=Q(of_private=True)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="ends_for_a_reason",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                declare=[("tenure_end", "timestamptz")],
                func=_TENURE_ENDS_FOR_A_REASON,
            ),
            pgtrigger.Trigger(
                name="follows_privacy",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="NEW.of_private = (SELECT is_private FROM incidents_incident WHERE id = NEW.incident_id);"
                " RETURN NEW;",
            ),
            pgtrigger.Protect(name="refuse_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.manager_id}"


class ShiftHandover(models.Model):
    """All live incidents of a manager who goes off shift, offered in one go; each moves by a handover of its own."""

    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.offered_by_id} to {self.offered_to_id}"


class Handover(models.Model):
    """An offer of accountability: it moves only when the receiver accepts with a restatement in own words."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="handovers")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=HandoverState.choices, default=HandoverState.OFFERED)
    fields = models.JSONField(default=dict)  # what the giver added, by code of domain.md 1.7
    brief = models.JSONField(default=dict)  # generated from the record at the offer
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    restatement = models.TextField(blank=True)
    shift = models.ForeignKey(ShiftHandover, models.PROTECT, null=True, related_name="handovers")
    answer_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(state="offered"),
                name="one_open_handover_per_incident",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(restatement=""),
                name="accepted_handover_was_restated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} to {self.offered_to_id}"
