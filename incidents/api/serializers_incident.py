"""An incident as integrations read and write it."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.fields import ConfidenceField, PersonField, ServiceField, SourcesField
from incidents.choices import (
    DataState,
    DetectionSource,
    DowngradeAnswer,
    IncidentState,
    Level,
    Mark,
    Priority,
    RestorationSource,
    RevisionReason,
)
from incidents.models import ImpactStatement, Incident
from incidents.models.incident import TIME_FIELDS
from incidents.queries import impact
from incidents.rules import impact as rules
from incidents.rules import lifecycle, times
from incidents.services.states import lifecycle as services
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An incident with what its answer needs, read for a whole page at once."""

    incident: Incident
    manager: Person | None
    statement: ImpactStatement | None
    facets: dict[str, Any]


class ImpactOut(serializers.Serializer[ImpactStatement]):
    """One version of the impact; `sentence` is what pages and messages say."""

    version = serializers.IntegerField()
    who = serializers.CharField()
    activity = serializers.CharField()
    count = serializers.CharField()
    count_basis = serializers.CharField()
    where = serializers.CharField()
    not_affected = serializers.CharField()
    since = serializers.CharField()
    until = serializers.CharField()
    workaround = serializers.CharField()
    consequence = serializers.CharField()
    critical_time = serializers.CharField()
    data_state = serializers.ChoiceField(choices=DataState.choices)
    confidence = ConfidenceField()
    sources = serializers.DictField()
    revision_reason = serializers.ChoiceField(choices=RevisionReason.choices)
    author = PersonField(read_only=True)
    as_of = serializers.DateTimeField()
    sentence = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    being_checked = serializers.SerializerMethodField()

    def get_being_checked(self, statement: ImpactStatement) -> list[str]:
        return [gate.code for gate in rules.gates(impact.facts(statement)) if gate.being_checked]

    def get_sentence(self, statement: ImpactStatement) -> str:
        return impact.sentence(statement, UTC)

    def get_missing(self, statement: ImpactStatement) -> list[str]:
        return [gate.code for gate in impact.missing(statement)]


class IncidentOut(serializers.Serializer[Shown]):
    """An incident; other apps add their part (`deadlines`)."""

    reference = serializers.CharField(source="incident.reference")
    external_ref = serializers.CharField(source="incident.external_ref")
    title = serializers.CharField(source="incident.title")
    service = serializers.CharField(source="incident.service.slug")
    state = serializers.ChoiceField(source="incident.state", choices=IncidentState.choices)
    priority = serializers.ChoiceField(source="incident.priority", choices=Priority.choices)
    priority_computed = serializers.CharField(source="incident.priority_computed")
    override_reason = serializers.CharField(source="incident.override_reason")
    impact = serializers.IntegerField(source="incident.impact")
    urgency = serializers.IntegerField(source="incident.urgency")
    manager = PersonField(read_only=True)
    impact_statement = ImpactOut(source="statement")
    times = serializers.SerializerMethodField()
    time_warnings = serializers.SerializerMethodField()
    allowed_transitions = serializers.SerializerMethodField()
    resolvable_at = serializers.SerializerMethodField()
    deadlines = serializers.SerializerMethodField()
    is_private = serializers.BooleanField(source="incident.is_private")
    is_exercise = serializers.BooleanField(source="incident.is_exercise")
    marks = serializers.ListField(source="incident.marks", child=serializers.ChoiceField(choices=Mark.choices))
    source = serializers.CharField(source="incident.source")  # type: ignore[assignment]
    bridge_url = serializers.CharField(source="incident.bridge_url")
    detection_source = serializers.CharField(source="incident.detection_source")
    version = serializers.IntegerField(source="incident.version")

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string", "format": "date-time"}})
    def get_times(self, shown: Shown) -> dict[str, Any]:
        written = serializers.DateTimeField()
        given = {name: getattr(shown.incident, name) for name in TIME_FIELDS}
        return {name: None if at is None else written.to_representation(at) for name, at in given.items()}

    def get_time_warnings(self, shown: Shown) -> list[str]:
        given = {name: getattr(shown.incident, name, None) for name in times.NAMES}
        return [warning.message for warning in times.out_of_order(given)]

    def get_allowed_transitions(self, shown: Shown) -> list[str]:
        return [str(state) for state in lifecycle.allowed(shown.incident.state)]

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_resolvable_at(self, shown: Shown) -> Any:
        at = services.watch_ends_at(shown.incident)
        return None if at is None else serializers.DateTimeField().to_representation(at)

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_deadlines(self, shown: Shown) -> list[Any]:
        deadlines: list[Any] = shown.facets.get("deadlines", [])
        return deadlines

    def to_representation(self, instance: Shown) -> dict[str, Any]:
        return {**super().to_representation(instance), **instance.facets}


class ImpactIn(serializers.Serializer[Any]):
    """Facts of an impact statement; whatever is not sent stays as it was."""

    who = serializers.CharField(required=False, allow_blank=True, max_length=300)
    activity = serializers.CharField(required=False, allow_blank=True, max_length=500)
    count = serializers.CharField(required=False, allow_blank=True, max_length=120)
    count_basis = serializers.CharField(required=False, allow_blank=True, max_length=300)
    where = serializers.CharField(required=False, allow_blank=True, max_length=500)
    not_affected = serializers.CharField(required=False, allow_blank=True, max_length=500)
    since = serializers.CharField(required=False, allow_blank=True, max_length=200)
    until = serializers.CharField(required=False, allow_blank=True, max_length=200)
    workaround = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    consequence = serializers.CharField(required=False, allow_blank=True, max_length=500)
    critical_time = serializers.CharField(required=False, allow_blank=True, max_length=200)
    data_state = serializers.ChoiceField(choices=DataState.choices, required=False, allow_blank=True)
    confidence = ConfidenceField(required=False)
    sources = SourcesField(required=False)


class ImpactVersionIn(ImpactIn):
    """The next version, whether the situation changed or the record was wrong, and since when that could be known."""

    evidence_at = serializers.DateTimeField(required=False, allow_null=True)

    revision_reason = serializers.ChoiceField(
        choices=[choice for choice in RevisionReason.choices if choice[0] != RevisionReason.INITIAL]
    )


class DeclareIn(serializers.Serializer[Any]):
    """Declares at once, without a candidate."""

    title = serializers.CharField(max_length=200)
    service = ServiceField()
    impact = serializers.ChoiceField(choices=Level.choices)
    urgency = serializers.ChoiceField(choices=Level.choices)
    impact_statement = ImpactIn(required=False)
    manager = PersonField(required=False, allow_null=True)
    audiences = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
    external_ref = serializers.CharField(required=False, allow_blank=True, max_length=60)
    is_private = serializers.BooleanField(required=False)
    is_exercise = serializers.BooleanField(required=False)
    times = serializers.DictField(child=serializers.DateTimeField(allow_null=True), required=False)


class DowngradeAnswerIn(serializers.Serializer[Any]):
    """Yes, no or unknown; anything but yes needs its reason, or the one of the whole change."""

    answer = serializers.ChoiceField(choices=DowngradeAnswer.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)

    def to_internal_value(self, data: Any) -> Any:
        """`"yes"` is short for `{"answer": "yes"}`."""
        return super().to_internal_value({"answer": data} if isinstance(data, str) else data)


class AmendIn(serializers.Serializer[Any]):
    """What can be edited; a priority other than the computed one needs `reason`.

    One that goes down asks `downgrade`: `workaround`, `no_critical_window`, `no_trigger`, `liaison_agrees`, each yes,
    no or unknown. What is not answered is unknown, and `reason` then says why it goes down all the same.
    """

    title = serializers.CharField(required=False, max_length=200)
    service = ServiceField(required=False)
    external_ref = serializers.CharField(required=False, allow_blank=True, max_length=60)
    bridge_url = serializers.URLField(required=False, allow_blank=True, max_length=500)
    is_private = serializers.BooleanField(required=False)
    is_exercise = serializers.BooleanField(required=False)
    marks = serializers.ListField(child=serializers.ChoiceField(choices=Mark.choices), required=False)
    impact = serializers.ChoiceField(choices=Level.choices, required=False)
    urgency = serializers.ChoiceField(choices=Level.choices, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    downgrade = serializers.DictField(child=DowngradeAnswerIn(), required=False)
    detection_source = serializers.ChoiceField(choices=DetectionSource.choices, required=False, allow_blank=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    times = serializers.DictField(child=serializers.DateTimeField(allow_null=True), required=False)


class TransitionIn(serializers.Serializer[Any]):
    """The next state; restored is `monitoring` and needs `confirmed_by`.

    `identified` takes `confirmer` and `evidence`; `mitigating` takes `action`, `owner`, `time_box` (minutes) and
    `rollback`. What is not known yet is left out, and `reason` says why. What another state takes is
    passed over, and named in the header Ignored-Fields.
    """

    to = serializers.CharField()
    at = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True)
    confirmed_by = serializers.CharField(
        required=False, allow_blank=True, help_text=f"Of `monitoring`: {', '.join(RestorationSource.values)}."
    )
    confirmer = PersonField(required=False, allow_null=True)
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=500)
    action = serializers.CharField(required=False, allow_blank=True, max_length=500)
    owner = PersonField(required=False, allow_null=True)
    time_box = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=7 * 24 * 60)
    rollback = serializers.CharField(required=False, allow_blank=True, max_length=500)
