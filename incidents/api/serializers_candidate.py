"""A candidate as the desk's tools raise and read it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.fields import PersonField, ServiceField, ServiceOrWords
from incidents.choices import CandidateState, ClarificationChannel, Level, SafetyAnswer
from incidents.models import Candidate, ClarificationRequest
from mim_portal.api import bodies


class CandidateIn(serializers.Serializer[Any]):
    """The desk's facts. Service, what people cannot do and a contact raise a candidate; nothing else blocks."""

    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    service = ServiceOrWords()
    cannot_do = serializers.CharField()
    affected_count = serializers.CharField(required=False, allow_blank=True, max_length=120)
    basis = serializers.CharField(required=False, allow_blank=True, max_length=300)
    where = serializers.CharField(required=False, allow_blank=True, max_length=500)
    since_when = serializers.CharField(required=False, allow_blank=True, max_length=200)
    evidence = serializers.CharField(required=False, allow_blank=True)
    business_consequence = serializers.CharField(required=False, allow_blank=True)
    critical_time = serializers.CharField(required=False, allow_blank=True, max_length=200)
    checks_done = serializers.CharField(required=False, allow_blank=True)
    workaround = serializers.CharField(required=False, allow_blank=True)
    contact = serializers.CharField(max_length=300)
    safety_or_security = serializers.ChoiceField(choices=SafetyAnswer.choices, required=False, allow_blank=True)
    impact = serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True)
    urgency = serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True)
    external_ref = serializers.CharField(required=False, allow_blank=True, max_length=60)

    def facts_of(self, data: Any) -> dict[str, Any]:
        """The facts in `data` by the names that the verb takes, or a refusal field by field."""
        given = bodies.checked(self, data)
        if isinstance(given["service"], str):
            given["service_text"] = given.pop("service")
        return given


class ClarificationOut(serializers.Serializer[ClarificationRequest]):
    """A question to the desk and its answer."""

    id = serializers.IntegerField()
    field = serializers.CharField()
    question = serializers.CharField()
    asked_by = PersonField(read_only=True)
    asked_at = serializers.DateTimeField()
    asked_of = PersonField(read_only=True)
    asked_of_words = serializers.CharField()
    channel = serializers.ChoiceField(choices=ClarificationChannel.choices)
    chased_at = serializers.DateTimeField()
    chase_count = serializers.IntegerField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField()
    answered_by = PersonField(read_only=True)
    on_record = serializers.BooleanField()
    replaced = serializers.CharField()


class CandidateRaised(serializers.Serializer[Candidate]):
    """A candidate of this moment, whom nobody can have asked anything yet."""

    reference = serializers.CharField()
    external_ref = serializers.CharField()
    state = serializers.ChoiceField(choices=CandidateState.choices)
    source = serializers.CharField()  # type: ignore[assignment]
    title = serializers.CharField()
    service = serializers.CharField(source="service.slug", default=None)
    service_text = serializers.CharField()
    cannot_do = serializers.CharField()
    affected_count = serializers.CharField()
    basis = serializers.CharField()
    where = serializers.CharField()
    since_when = serializers.CharField()
    evidence = serializers.CharField()
    business_consequence = serializers.CharField()
    critical_time = serializers.CharField()
    checks_done = serializers.CharField()
    workaround = serializers.CharField()
    contact = serializers.CharField()
    safety_or_security = serializers.CharField()
    impact = serializers.IntegerField()
    urgency = serializers.IntegerField()
    intake = serializers.SerializerMethodField()
    raised_by = PersonField(read_only=True)
    raised_at = serializers.DateTimeField()
    decided_by = PersonField(read_only=True)
    decided_at = serializers.DateTimeField()
    decision_reason = serializers.CharField()
    next_step = serializers.CharField()
    alarmed_at = serializers.DateTimeField()
    incident = serializers.CharField(source="incident.reference", default=None)

    @extend_schema_field({"type": "object"})
    def get_intake(self, candidate: Candidate) -> dict[str, Any]:
        detail = candidate.intake_detail
        questions = detail.get("missing", [])
        return {
            "score": candidate.intake_score,
            "band": candidate.intake_band,
            "words": detail.get("words", ""),
            "missing": [question["code"] for question in questions],
            "questions": questions,
            "items": detail.get("items", []),
            "capped_at": detail.get("capped_at"),
            "rubric_version": candidate.rubric_version,
            "now": detail.get("now"),
        }


class CandidateOut(CandidateRaised):
    """A candidate with its score. `intake.missing` lists fields, `intake.questions` says how to ask for them."""

    clarifications = ClarificationOut(many=True)


class AcceptIn(serializers.Serializer[Any]):
    """Accepting declares; impact and urgency fall back to the desk's, the manager to the caller."""

    impact = serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True)
    urgency = serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True)
    manager = PersonField(required=False, allow_null=True)
    service = ServiceField(required=False, allow_null=True)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    audiences = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)


class RejectIn(serializers.Serializer[Any]):
    """Why it is no major incident, and what happens to it now."""

    reason = serializers.CharField(max_length=500)
    next_step = serializers.CharField(required=False, allow_blank=True, max_length=300)


class MergeIn(serializers.Serializer[Any]):
    """The running incident that the report belongs to."""

    into = serializers.CharField()


class AskIn(serializers.Serializer[Any]):
    """A question for the desk, about one of its facts."""

    field = serializers.CharField(max_length=40)
    question = serializers.CharField(max_length=500)
    asked_of = PersonField(required=False, allow_null=True)
    asked_of_words = serializers.CharField(required=False, allow_blank=True, max_length=120)
    channel = serializers.ChoiceField(choices=ClarificationChannel.choices, required=False)


class AnswerIn(serializers.Serializer[Any]):
    """The desk's answer. `on_record` puts it on the record; not sent, it does so where the fact was not known."""

    answer = serializers.CharField()
    on_record = serializers.BooleanField(required=False, allow_null=True, default=None)
