"""approval-policies/: who reads what before it leaves."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comms.choices import Reading, UpdateKind
from comms.queries.writing import policies
from mim_portal.api.permissions import Access
from teams.rules import roles


class PolicyShape(serializers.Serializer[Any]):
    """What holds for one kind and one audience. Initial and holding updates are not listed: they never wait."""

    kind = serializers.ChoiceField(choices=UpdateKind.choices)
    audience = serializers.CharField(source="audience.code")
    reading = serializers.ChoiceField(choices=Reading.choices)
    is_set = serializers.BooleanField()


class PoliciesShape(serializers.Serializer[Any]):
    """The table, and the holding words about marked incidents that legal and security agreed to."""

    policies = PolicyShape(many=True)
    neutral_words = serializers.CharField()


class ApprovalPolicies(APIView):
    """The policy by kind and audience."""

    access = {"read": Access("read", roles.ROOM_READERS)}

    @extend_schema(tags=["updates"], responses=PoliciesShape)
    def get(self, request: Request) -> Response:
        shown = {"policies": policies.table(), "neutral_words": policies.neutral_words()}
        return Response(PoliciesShape(shown).data)
