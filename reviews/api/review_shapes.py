"""Reviews, factors and actions as the REST API has them; people by username."""

from typing import Any

from rest_framework import serializers

from incidents.api.fields import PersonField
from reviews.choices import (
    ActionState,
    ActionStrength,
    Degree,
    EvidenceKind,
    FactorKind,
    FactorLayer,
    ReviewSection,
    ReviewState,
)
from reviews.models import Review
from teams.models import Team


class FactorShape(serializers.Serializer[Any]):
    """What contributed, in which layer, on which evidence."""

    id = serializers.IntegerField(read_only=True)
    statement = serializers.CharField()
    kind = serializers.ChoiceField(choices=FactorKind.choices)
    layer = serializers.ChoiceField(choices=FactorLayer.choices)
    evidence = serializers.ChoiceField(choices=EvidenceKind.choices)
    evidence_note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    effect = serializers.ChoiceField(choices=Degree.choices, required=False, allow_null=True, default=None)
    changeability = serializers.ChoiceField(choices=Degree.choices, required=False, allow_null=True, default=None)
    control_owner = serializers.SlugRelatedField(
        slug_field="slug", queryset=Team.objects.filter(is_active=True), required=False, allow_null=True, default=None,
        help_text="The team that can change it.",
    )  # fmt: skip


class ActionShape(serializers.Serializer[Any]):
    """What will be different, who owns it, by when, and how we will know."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="review.incident.reference")
    title = serializers.CharField()
    owner = serializers.CharField(source="owner.username")
    due_date = serializers.DateField()
    strength = serializers.ChoiceField(choices=ActionStrength.choices)
    done_means = serializers.CharField()
    measure = serializers.CharField()
    ticket_url = serializers.CharField()
    factor = serializers.IntegerField(source="factor_id", allow_null=True)
    state = serializers.ChoiceField(choices=ActionState.choices)
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)


class ActionInput(serializers.Serializer[Any]):
    """An action is agreed complete: owner, day and what done means are required."""

    title = serializers.CharField(max_length=300)
    owner = PersonField()
    due_date = serializers.DateField()
    strength = serializers.ChoiceField(choices=ActionStrength.choices, default=ActionStrength.INTERMEDIATE)
    done_means = serializers.CharField(max_length=500)
    measure = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    ticket_url = serializers.URLField(required=False, allow_blank=True, max_length=500, default="")
    factor = serializers.IntegerField(source="factor_id", required=False, allow_null=True, default=None)


class ActionOfReviewInput(ActionInput):
    """The same from actions/, which does not know the incident from its address."""

    incident = serializers.CharField()


class FindingShape(serializers.Serializer[Any]):
    """One remark of the blame lint. `start` and `end` count characters of the part."""

    part = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    message = serializers.CharField()
    suggestions = serializers.ListField(child=serializers.CharField())
    blocking = serializers.BooleanField()
    override_reason = serializers.CharField(allow_blank=True)


class EntryShape(serializers.Serializer[Any]):
    """One chosen line of the timeline."""

    id = serializers.IntegerField(source="entry.pk")
    seq = serializers.IntegerField(source="entry.seq")
    kind = serializers.CharField(source="entry.kind")
    at = serializers.DateTimeField(source="entry.at")
    text = serializers.CharField(source="words")


class ReviewShape(serializers.Serializer[Any]):
    """One review as lists show it."""

    incident = serializers.CharField(source="incident.reference")
    title = serializers.CharField(source="incident.title")
    service = serializers.CharField(source="incident.service.slug")
    priority = serializers.CharField(source="incident.priority")
    state = serializers.ChoiceField(choices=ReviewState.choices)
    opened_at = serializers.DateTimeField()
    draft_due_date = serializers.DateField()
    publish_due_date = serializers.DateField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    facilitator = serializers.CharField(source="facilitator.username", default=None, allow_null=True)
    signed_off_by = serializers.CharField(source="signed_off_by.username", default=None, allow_null=True)
    version = serializers.IntegerField()


class WholeReviewShape(ReviewShape):
    """One review with everything in it; sections are Markdown by code."""

    sections = serializers.DictField(child=serializers.CharField(allow_blank=True))
    factors = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()

    def get_factors(self, _: Review) -> list[dict[str, Any]]:
        return list(FactorShape(self.context["factors"], many=True).data)

    def get_actions(self, _: Review) -> list[dict[str, Any]]:
        return list(ActionShape(self.context["actions"], many=True).data)

    def get_timeline(self, _: Review) -> list[dict[str, Any]]:
        return list(EntryShape(self.context["timeline"], many=True).data)

    def get_findings(self, _: Review) -> list[dict[str, Any]]:
        return list(FindingShape(self.context["findings"], many=True).data)


class ReviewEdit(serializers.Serializer[Any]):
    """Sections to write, by code; others stay as they are."""

    sections = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False),
        help_text="Markdown by code: " + ", ".join(ReviewSection.values),
    )


class OverrideFindingInput(serializers.Serializer[Any]):
    """One finding that has to stand as it is, with the reason."""

    part = serializers.CharField()
    code = serializers.CharField()
    text = serializers.CharField(trim_whitespace=False)
    reason = serializers.CharField(max_length=500)


class SignOffInput(serializers.Serializer[Any]):
    """What the signer answers for."""

    overrides = OverrideFindingInput(many=True, required=False)
