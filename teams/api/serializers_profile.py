"""Profiles, their versions and proposals as integrations read and write them."""

from typing import Any

from rest_framework import serializers

from teams.choices import ProfileField, ProposalState
from teams.models import EngagementProfile, ProfileProposal
from teams.queries.profiles import Version


class ProfileOut(serializers.Serializer[EngagementProfile]):
    """How a team wants to be called, told and asked, in its own words."""

    version = serializers.IntegerField()
    reach = serializers.CharField()
    voice = serializers.CharField()
    opening = serializers.CharField()
    facts_wanted = serializers.ListField(child=serializers.CharField())
    working = serializers.CharField()
    avoid = serializers.CharField()
    know = serializers.CharField()
    care = serializers.CharField()
    ask_again_minutes = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField()
    confirmed_by = serializers.CharField(source="confirmed_by.username", default=None)
    review_date = serializers.DateField()


class ProfileIn(serializers.Serializer[Any]):
    """What the team changes; whatever is not sent stays."""

    reach = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    voice = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    opening = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    facts_wanted = serializers.ListField(child=serializers.CharField(max_length=120), required=False)
    working = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    avoid = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    know = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    care = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    ask_again_minutes = serializers.IntegerField(required=False, min_value=1, max_value=240)


class VersionOut(serializers.Serializer[Any]):
    """One version, what it changed, in how many incidents it was used, and how often it was said to be right."""

    version = serializers.IntegerField(source="profile.version")
    created_at = serializers.DateTimeField(source="profile.created_at")
    confirmed_at = serializers.DateTimeField(source="profile.confirmed_at")
    author = serializers.CharField(source="profile.author.username", default=None)
    changed = serializers.SerializerMethodField()
    used_in_incidents = serializers.IntegerField(source="used")
    said_right = serializers.IntegerField(source="accuracy.right")
    said_wrong = serializers.IntegerField(source="accuracy.wrong")

    def get_changed(self, version: Version) -> list[str]:
        """The fields that say something else than in the version before."""
        return [change.name for change in version.changes]


class ProposalOut(serializers.Serializer[ProfileProposal]):
    """Other words for one field, and what became of them."""

    id = serializers.IntegerField(source="pk")
    field = serializers.ChoiceField(choices=ProfileField.choices)
    text = serializers.CharField()
    reason = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.username")
    proposed_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=ProposalState.choices)
    answer = serializers.CharField()
    answered_by = serializers.CharField(source="answered_by.username", default=None)
    answered_at = serializers.DateTimeField()
    version = serializers.IntegerField(source="made.version", default=None)


class ProposalIn(serializers.Serializer[Any]):
    """The whole new text of one field; facts one a line."""

    field = serializers.ChoiceField(choices=ProfileField.choices)
    text = serializers.CharField(allow_blank=True, max_length=2000)
    reason = serializers.CharField(max_length=2000)


class ProposalAnswerIn(serializers.Serializer[Any]):
    """The team's words; needed where it does not take the proposal up."""

    answer = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class VoteIn(serializers.Serializer[Any]):
    """Whether the profile proved right; `version` is the one that was read."""

    is_accurate = serializers.BooleanField()
    version = serializers.IntegerField(required=False, min_value=1)
