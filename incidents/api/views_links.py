"""Links between incidents, the recurrence of one that has ended, and who may see a private one."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import representation
from incidents.api.fields import PersonField, visible
from incidents.api.serializers_incident import ImpactIn, IncidentOut
from incidents.choices import Level, LinkKind
from incidents.models import Incident, IncidentLink, IncidentMember
from incidents.queries import links as queries
from incidents.services.record import details, links
from incidents.services.states import recurrence
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles


class LinkOut(serializers.Serializer[queries.Shown]):
    """One link as this incident tells it: with `here` the other one is the duplicate, the part, the consequence."""

    id = serializers.IntegerField(source="link.pk")
    kind = serializers.ChoiceField(source="link.kind", choices=LinkKind.choices)
    here = serializers.SerializerMethodField()
    words = serializers.CharField()
    to = serializers.CharField(source="other.reference")
    title = serializers.CharField(source="other.title")
    state = serializers.CharField(source="other.state")
    linked_by = PersonField(source="link.linked_by", read_only=True)
    linked_at = serializers.DateTimeField(source="link.linked_at")

    def get_here(self, shown: queries.Shown) -> bool:
        return not shown.is_from_here


class LinkIn(serializers.Serializer[Any]):
    """This incident is `kind` of `to`; with `here` the other way round; `cancel` ends the duplicate of the two."""

    kind = serializers.ChoiceField(choices=LinkKind.choices)
    to = serializers.CharField(max_length=20)
    here = serializers.BooleanField(required=False)
    cancel = serializers.BooleanField(required=False)


class RecurrenceIn(serializers.Serializer[Any]):
    """What is different this time; everything else comes from the incident that ended."""

    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    impact = serializers.ChoiceField(choices=Level.choices, required=False)
    urgency = serializers.ChoiceField(choices=Level.choices, required=False)
    impact_statement = ImpactIn(required=False)
    manager = PersonField(required=False, allow_null=True)
    audiences = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)


class MemberOut(serializers.Serializer[IncidentMember]):
    """Who may see a private incident besides those who were accountable for it."""

    person = PersonField(read_only=True)
    added_at = serializers.DateTimeField()


class MemberIn(serializers.Serializer[Any]):
    """One more person."""

    person = PersonField()


class LinkList(IdempotentView):
    """Standing links, both ways; those to incidents that the caller may not see do not exist."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "POST": Access("command", roles.COMMANDERS),
    }

    @extend_schema(responses=LinkOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        return _links(request, visible(request, reference))

    @extend_schema(request=LinkIn, responses={201: LinkOut})
    def post(self, request: Request, reference: str) -> Response:
        incident = visible(request, reference)
        given = validated(LinkIn(data=request.data))
        made = links.link(reference=reference, person=signed_in(request), now=timezone.now(), **given)
        return Response(LinkOut(queries.tell(_read_again(made), incident)).data, status=201)


class LinkEnd(IdempotentView):
    """Takes a link back."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=None, responses=LinkOut(many=True))
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        incident = visible(request, reference)
        links.end(link_id=pk, reference=reference, person=signed_in(request), now=timezone.now())
        return _links(request, incident)


class Recurrence(IdempotentView):
    """Declares the recurrence of an incident that has ended, linked to it."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=RecurrenceIn, responses={201: IncidentOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        given = validated(RecurrenceIn(data=request.data))
        made = recurrence.declare(reference=reference, person=signed_in(request), now=timezone.now(), **given)
        return representation.answer(made, status=201)


class MemberList(IdempotentView):
    """Who may see a private incident; POST lets one more person in."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "POST": Access("command", roles.COMMANDERS),
    }

    @extend_schema(responses=MemberOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        return _members(visible(request, reference))

    @extend_schema(request=MemberIn, responses=MemberOut(many=True))
    def post(self, request: Request, reference: str) -> Response:
        incident = visible(request, reference)
        member = validated(MemberIn(data=request.data))["person"]
        details.admit(reference=reference, person=signed_in(request), member=member, now=timezone.now())
        return _members(incident)


def _links(request: Request, incident: Incident) -> Response:
    return Response({"results": many(LinkOut, queries.shown(incident, signed_in(request)))})


def _members(incident: Incident) -> Response:
    found = IncidentMember.objects.filter(incident=incident).select_related("person").order_by("added_at", "id")
    return Response({"results": many(MemberOut, found)})


def _read_again(made: IncidentLink) -> IncidentLink:
    """With both incidents as they are after the step."""
    return IncidentLink.objects.select_related("incident", "other", "linked_by").get(pk=made.pk)
