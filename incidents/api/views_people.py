"""Roles in an incident, and commitments made to its teams."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import PersonField, TeamField, visible
from incidents.choices import IncidentRole
from incidents.models import Commitment, RoleAssignment
from incidents.queries import people as queries
from incidents.rules import duties
from incidents.services.accountability import commitments, people
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles


class RoleIn(serializers.Serializer[Any]):
    """Who gets which role. A role that somebody holds is handed on by naming the holder in `instead_of`."""

    role = serializers.ChoiceField(choices=IncidentRole.choices)
    person = PersonField()
    team = TeamField(required=False, allow_null=True)
    instead_of = PersonField(required=False, allow_null=True)


class RoleOut(serializers.Serializer[RoleAssignment]):
    """One assignment with its duties; `ended_at` is null while it holds."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    role = serializers.ChoiceField(choices=IncidentRole.choices)
    person = PersonField(read_only=True)
    team = serializers.CharField(source="team.slug", default=None)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    assigned_by = PersonField(read_only=True)
    duties = serializers.SerializerMethodField()

    def get_duties(self, row: RoleAssignment) -> str:
        return duties.DUTIES[row.role]


class CommitmentIn(serializers.Serializer[Any]):
    """What is promised to a team, and by when if there is a time."""

    team = TeamField()
    text = serializers.CharField(max_length=commitments.LONGEST)
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class CommitmentOut(serializers.Serializer[Commitment]):
    """A commitment; `kept_at` is null while it is open."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="incident.reference")
    team = serializers.CharField(source="team.slug")
    text = serializers.CharField()
    made_by = PersonField(read_only=True)
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    kept_at = serializers.DateTimeField()


class RoleList(IdempotentView):
    """Who does what, the newest assignment first; ended ones stay."""

    access = {"read": Access("read", roles.ROOM_READERS), "POST": Access("command", roles.ROOM_WRITERS)}
    cursor_ordering = ("-started_at", "-id")

    @extend_schema(responses=RoleOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = queries.assignments(visible(request, reference))
        return paged(self, request, found, lambda page: many(RoleOut, page))

    @extend_schema(request=RoleIn, responses={201: RoleOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(RoleIn(data=request.data))
        assigned = people.assign(
            reference=reference, to=fields.pop("person"), person=signed_in(request), now=timezone.now(), **fields
        )
        return Response(RoleOut(assigned).data, status=201)


class RoleEnd(IdempotentView):
    """The role is not needed any more."""

    access = {"POST": Access("command", roles.ROOM_WRITERS)}

    @extend_schema(request=None, responses=RoleOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        if not RoleAssignment.objects.filter(incident=visible(request, reference), pk=pk).exists():
            raise exceptions.NotFound("There is no such role in this incident.")
        return Response(RoleOut(people.end(assignment_id=pk, person=signed_in(request), now=timezone.now())).data)


class CommitmentList(IdempotentView):
    """What was promised to teams, the newest first."""

    access = {"read": Access("read", roles.ROOM_READERS), "POST": Access("command", roles.COMMANDERS)}
    cursor_ordering = ("-made_at", "-id")

    @extend_schema(responses=CommitmentOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = queries.commitments(visible(request, reference))
        return paged(self, request, found, lambda page: many(CommitmentOut, page))

    @extend_schema(request=CommitmentIn, responses={201: CommitmentOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        given = validated(CommitmentIn(data=request.data))
        made = commitments.make(reference=reference, person=signed_in(request), now=timezone.now(), **given)
        return Response(CommitmentOut(made).data, status=201)


class CommitmentKeep(IdempotentView):
    """It is kept: said by whoever commands, or by the team itself."""

    access = {"POST": Access("command", roles.ROOM_WRITERS)}

    @extend_schema(request=None, responses=CommitmentOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        if not Commitment.objects.filter(incident=visible(request, reference), pk=pk).exists():
            raise exceptions.NotFound("There is no such commitment.")
        kept = commitments.keep(commitment_id=pk, person=signed_in(request), now=timezone.now())
        return Response(CommitmentOut(kept).data)
