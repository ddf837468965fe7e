"""Updates and findings as the REST API has them."""

from typing import Any

from rest_framework import serializers

from comms.choices import ComponentState, Severity, TextSource, UpdateKind, UpdateState
from comms.models import Update
from comms.queries.writing import updates as update_queries


class FindingShape(serializers.Serializer[Any]):
    """One thing that a check found. `start` and `end` count characters of `part`, in the text of `audience`."""

    code = serializers.CharField()
    rule = serializers.CharField()
    severity = serializers.ChoiceField(choices=Severity.choices)
    part = serializers.CharField()
    audience = serializers.CharField(help_text="whose adapted text it stands in; empty for the core text")
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    message = serializers.CharField()
    suggestions = serializers.ListField(child=serializers.CharField())
    blocking = serializers.BooleanField(source="is_blocking")
    override_reason = serializers.CharField()
    found_after_sending = serializers.BooleanField()


class CountedShape(serializers.Serializer[update_queries.Sent]):
    """How far messages have come."""

    total = serializers.IntegerField()
    sent = serializers.IntegerField()
    lost = serializers.IntegerField()
    left_out = serializers.IntegerField(help_text="not part of the total: opted out, or no way there works")
    otherwise = serializers.IntegerField(help_text="lost on their own way, arrived by mail or another channel instead")


class SentShape(CountedShape):
    """How far an update's messages have come, and beside them the notices that it was withdrawn."""

    withdrawal = CountedShape(allow_null=True)


class UpdateShape(serializers.Serializer[Any]):
    """A message of an incident; people by username, audiences by code."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    kind = serializers.ChoiceField(choices=UpdateKind.choices)
    state = serializers.ChoiceField(choices=UpdateState.choices)
    audiences = serializers.SerializerMethodField()
    subject = serializers.CharField()
    body = serializers.CharField()
    language = serializers.CharField(help_text="it was begun in, and is checked in")
    texts = serializers.DictField(child=serializers.DictField(child=serializers.CharField()))
    next_update_at = serializers.DateTimeField(allow_null=True)
    no_further_updates = serializers.BooleanField()
    component_state = serializers.CharField()
    revision = serializers.IntegerField()
    author = serializers.CharField(source="author.username")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField()
    checked_at = serializers.DateTimeField(allow_null=True)
    language_checked = serializers.BooleanField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    approved_by = serializers.CharField(source="approved_by.username", default=None, allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    release_reason = serializers.CharField()
    cleared_by = serializers.CharField(source="cleared_by.username", default=None, allow_null=True)
    cleared_at = serializers.DateTimeField(allow_null=True)
    returned_by = serializers.CharField(source="returned_by.username", default=None, allow_null=True)
    returned_at = serializers.DateTimeField(allow_null=True)
    return_comment = serializers.CharField()
    publish_at = serializers.DateTimeField(allow_null=True)
    held_at = serializers.DateTimeField(allow_null=True)
    held_reasons = serializers.ListField(child=serializers.CharField())
    sequence = serializers.IntegerField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    published_by = serializers.CharField(source="published_by.username", default=None, allow_null=True)
    sent_now = serializers.BooleanField()
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawal_reason = serializers.CharField()
    deliveries = serializers.SerializerMethodField()

    def get_audiences(self, update: Update) -> list[str]:
        return [audience.code for audience in update.audiences.all()]

    def get_deliveries(self, update: Update) -> dict[str, Any]:
        sent = self.context.get("deliveries", {}).get(update.pk, update_queries.Sent(0, 0, 0))
        return dict(SentShape(sent).data)


class UpdateWithFindingsShape(UpdateShape):
    """One update with what was found in its text as it stands."""

    findings = serializers.SerializerMethodField()

    def get_findings(self, update: Update) -> list[dict[str, Any]]:
        return list(FindingShape(self.context["findings"], many=True).data)


class TextInput(serializers.Serializer[Any]):
    """The words for one audience; what is left empty is taken from the core text."""

    subject = serializers.CharField(max_length=200, required=False, allow_blank=True)
    body = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class EditInput(serializers.Serializer[Any]):
    """Whatever of a draft is changed."""

    kind = serializers.ChoiceField(choices=UpdateKind.choices, required=False)
    audiences = serializers.ListField(child=serializers.CharField(max_length=50), required=False, allow_empty=False)
    subject = serializers.CharField(max_length=200, required=False, allow_blank=True)
    body = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    texts = serializers.DictField(
        child=TextInput(allow_null=True),
        required=False,
        help_text="the words adapted to an audience, by its code; those named are replaced, null takes one away",
    )
    next_update_at = serializers.DateTimeField(required=False, allow_null=True)
    no_further_updates = serializers.BooleanField(required=False)
    component_state = serializers.ChoiceField(choices=ComponentState.choices, required=False, allow_blank=True)


class DraftInput(EditInput):
    """A draft. Without `audiences` it is for all that are owed updates; without `subject` the last one's is kept.

    With `from_template` an empty subject or body begins as the template of its kind and readers does.
    """

    kind = serializers.ChoiceField(choices=UpdateKind.choices)
    from_template = serializers.BooleanField(default=False)


class AdaptInput(serializers.Serializer[Any]):
    """For whom, and what their words begin as; words that they have already stay."""

    audience = serializers.CharField(max_length=50)
    begin_as = serializers.ChoiceField(choices=TextSource.choices, default=TextSource.SHARED)


class OverrideInput(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=24)
    reason = serializers.CharField(max_length=300)


class PublishInput(serializers.Serializer[Any]):
    """`send_now` covers, in initial and holding updates, what may be put right after sending."""

    send_now = serializers.BooleanField(default=False)
    overrides = OverrideInput(many=True, default=list)


class ReturnInput(serializers.Serializer[Any]):
    """What should be different, for the author."""

    comment = serializers.CharField(max_length=1000)


class ScheduleInput(serializers.Serializer[Any]):
    """When the text leaves by itself; `after_deadline` where that may be later than what its readers were promised."""

    publish_at = serializers.DateTimeField()
    after_deadline = serializers.BooleanField(default=False)
    overrides = OverrideInput(many=True, default=list)


class CorrectInput(serializers.Serializer[Any]):
    """The right text, for exactly the readers of the wrong one."""

    subject = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    body = serializers.CharField(max_length=20_000)
    next_update_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class WithdrawInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class CheckedShape(serializers.Serializer[Any]):
    """What a check answers: every finding of the text as it stands, and whether the language could be checked."""

    findings = FindingShape(many=True)
    blocking = serializers.IntegerField(help_text="how many of them stop the message")
    language_checked = serializers.BooleanField()
    revision = serializers.IntegerField()
