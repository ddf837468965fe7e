"""Tasks, decisions, hypotheses and workstreams as the API takes and shows them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from incidents.api.fields import PersonField, TeamField
from incidents.choices import AskedOf, Certainty, DecisionState, HypothesisState, TaskState
from incidents.models import Decision, Hypothesis, Task, Workstream
from mim_portal.api import bodies


class TaskIn(serializers.Serializer[Any]):
    """What is to be done, by a person or a team, until when."""

    title = serializers.CharField(max_length=200)
    owner = PersonField(required=False, allow_null=True)
    team = TeamField(required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    workstream = serializers.PrimaryKeyRelatedField(queryset=Workstream.objects.all(), required=False, allow_null=True)


class TaskOut(serializers.Serializer[Task]):
    """A task with what became of it; `version` is what If-Match names."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    title = serializers.CharField()
    owner = PersonField(read_only=True)
    team = serializers.CharField(source="team.slug", default=None)
    due_at = serializers.DateTimeField()
    workstream = serializers.IntegerField(source="workstream_id")
    state = serializers.ChoiceField(choices=TaskState.choices)
    outcome = serializers.CharField()
    opened_at = serializers.DateTimeField()
    ended_by = PersonField(read_only=True)
    ended_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class OutcomeIn(serializers.Serializer[Any]):
    """How it ended."""

    outcome = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class DecisionIn(serializers.Serializer[Any]):
    """A question for somebody; with `chosen` it is recorded as decided already."""

    question = serializers.CharField(max_length=300)
    options = serializers.ListField(child=serializers.CharField(max_length=120), required=False, max_length=6)
    asked_of = serializers.ChoiceField(choices=AskedOf.choices, required=False, help_text=_("By default the manager."))
    needed_by = serializers.DateTimeField(required=False, allow_null=True)
    chosen = serializers.CharField(required=False, allow_blank=True, max_length=300)
    objections = serializers.CharField(required=False, allow_blank=True, max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is still asked has no objections to its answer yet; what is decided is asked of nobody any more: the
        answer names what counts for nothing.
        """
        given = {name: value for name, value in attrs.items() if value not in ("", None)}
        nothing = ("asked_of", "needed_by") if "chosen" in given else ("objections",)
        bodies.pass_over(name for name in nothing if given.pop(name, None) is not None)
        return given


class DecisionAnswerIn(serializers.Serializer[Any]):
    """What was decided; one of the options where executives were asked."""

    chosen = serializers.CharField(max_length=300)
    objections = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class DecisionOut(serializers.Serializer[Decision]):
    """A decision: needed, decided or not needed any more."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    question = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    asked_of = serializers.ChoiceField(choices=AskedOf.choices)
    needed_by = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=DecisionState.choices)
    chosen = serializers.CharField()
    objections = serializers.CharField()
    asked_by = PersonField(read_only=True)
    asked_at = serializers.DateTimeField()
    decided_by = PersonField(read_only=True)
    decided_at = serializers.DateTimeField()


class WithdrawalIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class HypothesisIn(serializers.Serializer[Any]):
    """What may be the cause."""

    statement = serializers.CharField(max_length=300)
    confidence = serializers.ChoiceField(choices=Certainty.choices, required=False, source="certainty")
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ConfirmIn(serializers.Serializer[Any]):
    """On what evidence; `is_cause` confirms the cause of the incident, which only whoever commands may do."""

    evidence = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    is_cause = serializers.BooleanField(required=False, default=False)


class RuleOutIn(serializers.Serializer[Any]):
    """On what evidence."""

    evidence = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class HypothesisOut(serializers.Serializer[Hypothesis]):
    """A hypothesis with its confidence and what became of it."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    statement = serializers.CharField()
    confidence = serializers.ChoiceField(choices=Certainty.choices, source="certainty")
    evidence = serializers.CharField()
    state = serializers.ChoiceField(choices=HypothesisState.choices)
    stated_by = PersonField(read_only=True)
    stated_at = serializers.DateTimeField()
    settled_by = PersonField(read_only=True)
    settled_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class WorkstreamIn(serializers.Serializer[Any]):
    """A group with its lead, its task and its time box."""

    name = serializers.CharField(max_length=80)
    task = serializers.CharField(max_length=300)
    lead = PersonField(required=False, allow_null=True)
    team = TeamField(required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class ReportIn(serializers.Serializer[Any]):
    """The line that came back."""

    text = serializers.CharField(max_length=300)


class WorkstreamOut(serializers.Serializer[Workstream]):
    """A workstream with the last line that came back."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    name = serializers.CharField()
    task = serializers.CharField()
    lead = PersonField(read_only=True)
    team = serializers.CharField(source="team.slug", default=None)
    due_at = serializers.DateTimeField()
    report = serializers.CharField()
    reported_at = serializers.DateTimeField()
    opened_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    outcome = serializers.CharField()
    version = serializers.IntegerField()
