"""Reports of the desk about something that is already known, and their totals."""

from typing import Any

from rest_framework import serializers

from incidents.api.fields import PersonField
from incidents.models import DeskReport
from incidents.rules.desk_reports import MOST_CALLERS


class DeskReportIn(serializers.Serializer[Any]):
    """One more caller, or several at once; nothing is required."""

    callers = serializers.IntegerField(required=False, min_value=1, max_value=MOST_CALLERS)
    where = serializers.CharField(required=False, allow_blank=True, max_length=500)
    contact = serializers.CharField(required=False, allow_blank=True, max_length=300)
    note = serializers.CharField(required=False, allow_blank=True)
    external_ref = serializers.CharField(required=False, allow_blank=True, max_length=60)


class DeskReportOut(serializers.Serializer[DeskReport]):
    """A report as it was added. `candidate` is where it was added before a manager accepted or merged that."""

    id = serializers.IntegerField()
    candidate = serializers.CharField(source="candidate.reference", default=None)
    callers = serializers.IntegerField()
    where = serializers.CharField()
    contact = serializers.CharField()
    note = serializers.CharField()
    external_ref = serializers.CharField()
    reported_by = PersonField(read_only=True)
    reported_at = serializers.DateTimeField()


class TotalsOut(serializers.Serializer[Any]):
    """Everything that the desk has heard so far; `basis` is ready to stand as `count_basis`. Tickets are not users."""

    reports = serializers.IntegerField()
    callers = serializers.IntegerField()
    sites = serializers.ListField(child=serializers.CharField())
    latest_at = serializers.DateTimeField(allow_null=True)
    basis = serializers.CharField()


class DeskReportAdded(DeskReportOut):
    """The new report with the incident that it belongs to, if any, and the totals."""

    incident = serializers.CharField(allow_null=True)
    totals = TotalsOut()
