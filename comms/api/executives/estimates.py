"""incidents/{ref}/estimates/: given, approved by a second person, taken back."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comms.models import Estimate
from comms.queries import estimates as queries
from comms.services import estimates
from incidents.choices import Certainty
from incidents.models import Incident
from incidents.queries import incidents
from mim_portal.api import bodies
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["updates"]


class EstimateInput(serializers.Serializer[Any]):
    """A range with confidence, or only when the next decision is made."""

    earliest_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    latest_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    confidence = serializers.ChoiceField(choices=Certainty.choices, required=False, allow_blank=True, default="")
    next_decision_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class EstimateShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    earliest_at = serializers.DateTimeField(allow_null=True)
    latest_at = serializers.DateTimeField(allow_null=True)
    confidence = serializers.CharField()
    next_decision_at = serializers.DateTimeField(allow_null=True)
    said_by = serializers.CharField(source="said_by.username")
    said_at = serializers.DateTimeField()
    approved_by = serializers.CharField(source="approved_by.username", default=None, allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class EstimateView(IdempotentView):
    def incident(self, request: Request, reference: str) -> Incident:
        found = incidents.get(reference, signed_in(request))
        if found is None:
            raise NotFound
        return found


class EstimateList(EstimateView):
    access = {"GET": Access("read", roles.ROOM_READERS), "POST": Access("comms", roles.WRITERS)}

    @extend_schema(tags=TAGS, responses=EstimateShape(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """The newest first."""
        return Response(EstimateShape(queries.of_incident(self.incident(request, reference)), many=True).data)

    @extend_schema(tags=TAGS, request=EstimateInput, responses={201: EstimateShape})
    def post(self, request: Request, reference: str) -> Response:
        """A range waits for a second person where updates to executives do."""
        self.incident(request, reference)
        taken = bodies.validated(EstimateInput(data=request.data))
        made = estimates.say(reference=reference, person=signed_in(request), now=timezone.now(), **taken)
        return Response(EstimateShape(made).data, status=201)


class EstimateStep(EstimateView):
    access = {"POST": Access("comms", roles.ROOM_WRITERS | roles.SECOND_READERS)}
    deed = "approve"

    @extend_schema(tags=TAGS, request=None, responses=EstimateShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        if not Estimate.objects.filter(pk=pk, incident=self.incident(request, reference)).exists():
            raise NotFound
        verb = estimates.approve if self.deed == "approve" else estimates.withdraw
        return Response(EstimateShape(verb(estimate_id=pk, person=signed_in(request), now=timezone.now())).data)
