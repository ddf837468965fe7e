"""Feedback, disputes and months as the API takes and shows them."""

from typing import Any

from rest_framework import serializers

from incidents.api.fields import PersonField
from incidents.choices import DisputeOutcome
from incidents.models import DeskFeedback, IntakeDispute, IntakeFix
from incidents.rules.intake_corrections import GRADES
from incidents.rules.intake_trends import DEFICITS
from incidents.services.desk.intake_fixes import OWNER_ROLES


class DisputeIn(serializers.Serializer[Any]):
    """What was read wrongly: a fact of the rubric, or without `item` the whole record."""

    item = serializers.CharField(required=False, allow_blank=True, max_length=40)
    reason = serializers.CharField(max_length=500)


class DisputeAnswerIn(serializers.Serializer[Any]):
    """Without corrections the score is kept; with them, facts are graded anew: `{"where": "full"}`."""

    answer = serializers.CharField(max_length=500)
    corrections = serializers.DictField(child=serializers.ChoiceField(choices=GRADES), required=False)


class DisputeOut(serializers.Serializer[IntakeDispute]):
    """A disputed score; the corrected one stands beside it."""

    id = serializers.IntegerField()
    item = serializers.CharField()
    reason = serializers.CharField()
    disputed_by = PersonField(read_only=True)
    disputed_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=DisputeOutcome.choices)
    answer = serializers.CharField()
    answered_by = PersonField(read_only=True)
    answered_at = serializers.DateTimeField()
    corrections = serializers.DictField()
    score_before = serializers.IntegerField()
    score_after = serializers.IntegerField()
    band_after = serializers.CharField()
    rubric_version = serializers.CharField()


class DeskFeedbackIn(serializers.Serializer[Any]):
    """Two things that helped and one request; a named person is refused."""

    helped_first = serializers.CharField(max_length=300)
    helped_second = serializers.CharField(max_length=300)
    request = serializers.CharField(max_length=300)


class RatingIn(serializers.Serializer[Any]):
    """Did we tell you enough to answer callers? 1 to 5, and a line."""

    score = serializers.IntegerField(min_value=1, max_value=5)
    line = serializers.CharField(required=False, allow_blank=True, max_length=300)


class FeedbackToDeskOut(serializers.Serializer[DeskFeedback]):
    helped_first = serializers.CharField()
    helped_second = serializers.CharField()
    request = serializers.CharField()
    written_at = serializers.DateTimeField()


class CountOut(serializers.Serializer[Any]):
    score = serializers.IntegerField()
    n = serializers.IntegerField()


class PooledOut(serializers.Serializer[Any]):
    """The desk's answers together; below five people only how many there are."""

    n = serializers.IntegerField()
    is_shown = serializers.BooleanField()
    middle = serializers.FloatField(allow_null=True)
    counts = CountOut(many=True)
    lines = serializers.ListField(child=serializers.CharField())


class DeskFeedbackOut(serializers.Serializer[Any]):
    """Both directions of one incident."""

    feedback = FeedbackToDeskOut(allow_null=True)
    ratings = PooledOut()


class FindingOut(serializers.Serializer[Any]):
    """Where words pass blame on; a suggestion."""

    code = serializers.CharField()
    field = serializers.CharField()
    message = serializers.CharField()
    text = serializers.CharField()


class WrittenOut(DeskFeedbackOut):
    findings = FindingOut(many=True)


class ShareOut(serializers.Serializer[Any]):
    hits = serializers.IntegerField()
    n = serializers.IntegerField()


class DeficitOut(ShareOut):
    code = serializers.CharField()
    words = serializers.CharField()


class MonthOut(serializers.Serializer[Any]):
    """One month. `too_few` is people (under five: nothing is shown), records (under eight: counts only), or empty."""

    month = serializers.CharField()
    too_few = serializers.CharField()
    records = serializers.IntegerField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    first_time_right = ShareOut(allow_null=True)
    asked_in_time = ShareOut(allow_null=True)
    deficits = DeficitOut(many=True)


class MonthsOut(serializers.Serializer[Any]):
    """Six months, the latest at the end; the list is never paged."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MonthOut(many=True)


class FixIn(serializers.Serializer[Any]):
    """The one fix of this month."""

    deficit = serializers.ChoiceField(choices=sorted(DEFICITS))
    text = serializers.CharField(max_length=300)
    owner_role = serializers.ChoiceField(choices=[role.value for role in OWNER_ROLES])


class FixOut(serializers.Serializer[IntakeFix]):
    """An agreed fix; `result` is waiting (for `left` handovers), too_few, or measured with before and after."""

    month = serializers.DateField(format="%Y-%m")
    deficit = serializers.CharField()
    text = serializers.CharField()
    owner_role = serializers.CharField()
    agreed_by = PersonField(read_only=True)
    agreed_at = serializers.DateTimeField()


class RemeasuredOut(serializers.Serializer[Any]):
    state = serializers.CharField()
    left = serializers.IntegerField()
    before = ShareOut(allow_null=True)
    after = ShareOut(allow_null=True)


class FixWithResult(serializers.Serializer[Any]):
    fix = FixOut()
    result = RemeasuredOut()
