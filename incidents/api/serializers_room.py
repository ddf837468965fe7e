"""What happens in the room: handovers, timeline entries, engagements, feedback."""

from typing import Any

from rest_framework import serializers

from incidents.api.fields import PersonField, TeamField
from incidents.choices import EngagementState, EntryKind, HandoverState
from incidents.models import Engagement, EngagementFeedback, Handover
from incidents.queries.timeline import Worded
from incidents.rules import handover as rules


class OfferIn(serializers.Serializer[Any]):
    """`to` and any field of the brief; what is not sent is stored as none."""

    to = PersonField()

    def get_fields(self) -> dict[str, Any]:
        own = {
            code: serializers.CharField(required=False, allow_blank=True, help_text=words)
            for code, words in rules.BRIEF_FIELDS
        }
        return {**super().get_fields(), **own}

    def to_internal_value(self, data: Any) -> Any:
        unknown = rules.unknown_fields({key: "" for key in data if key != "to"}) if isinstance(data, dict) else ()
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "A handover has no such field."))
        return super().to_internal_value(data)


class RestatementIn(serializers.Serializer[Any]):
    """What is due next, in the receiver's own words."""

    restatement = serializers.CharField(allow_blank=True)


class ReasonIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class TakeoverIn(ReasonIn):
    """Why; and for an administrator, who appoints one: the manager."""

    manager = PersonField(required=False, allow_null=True)


class HandoverOut(serializers.Serializer[Handover]):
    """An offer: the brief from the record, what the giver added, and the answer."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    state = serializers.ChoiceField(choices=HandoverState.choices)
    offered_by = PersonField(read_only=True)
    to = PersonField(source="offered_to", read_only=True)
    brief = serializers.DictField()
    offered_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField()
    restatement = serializers.CharField()
    answer_reason = serializers.CharField()

    def to_representation(self, instance: Handover) -> dict[str, Any]:
        """With each field of the brief as the giver filled it, by the names under which it was sent."""
        given = {code: instance.fields.get(code, rules.NONE) for code in rules.FIELD_CODES}
        return {**super().to_representation(instance), **given}


class NoteIn(serializers.Serializer[Any]):
    """A note; `at` is when it happened, where that was earlier."""

    text = serializers.CharField(max_length=10_000)
    at = serializers.DateTimeField(required=False, allow_null=True)


class EntryOut(serializers.Serializer[Worded]):
    """A timeline entry; `words` is the sentence of pages, `data` holds people by id."""

    seq = serializers.IntegerField(source="entry.seq")
    kind = serializers.ChoiceField(source="entry.kind", choices=EntryKind.choices)
    at = serializers.DateTimeField(source="entry.at")
    recorded_at = serializers.DateTimeField(source="entry.recorded_at")
    source = serializers.CharField(source="entry.source")  # type: ignore[assignment]
    actor = PersonField(read_only=True)
    words = serializers.CharField()
    text = serializers.CharField(source="entry.text")
    data = serializers.JSONField(source="entry.data")  # type: ignore[assignment]


class EngageIn(serializers.Serializer[Any]):
    """The team to ask; the message is built from its profile, `note` stands above it."""

    team = TeamField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class EngagementOut(serializers.Serializer[Engagement]):
    """One team's help, step by step."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    team = serializers.CharField(source="team.slug")
    state = serializers.ChoiceField(choices=EngagementState.choices)
    profile_version = serializers.IntegerField(source="profile.version", default=None)
    message = serializers.CharField()
    asked_by = PersonField(read_only=True)
    asked_at = serializers.DateTimeField()
    asked_again_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField()
    acknowledged_by = PersonField(read_only=True)
    joined_at = serializers.DateTimeField()
    useful_action_at = serializers.DateTimeField()
    released_at = serializers.DateTimeField()


class FeedbackIn(serializers.Serializer[Any]):
    """Three answers from 1 (no) to 5 (yes), and what to keep or change."""

    told_what_was_needed = serializers.IntegerField(min_value=1, max_value=5)
    could_work = serializers.IntegerField(min_value=1, max_value=5)
    glad_to_work_again = serializers.IntegerField(min_value=1, max_value=5)
    keep = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    change = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class FeedbackOut(serializers.Serializer[EngagementFeedback]):
    """What one side said; who said it is not kept."""

    side = serializers.CharField()
    told_what_was_needed = serializers.IntegerField()
    could_work = serializers.IntegerField()
    glad_to_work_again = serializers.IntegerField()
    keep = serializers.CharField()
    change = serializers.CharField()
    given_at = serializers.DateTimeField()
