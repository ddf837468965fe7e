"""teams/{slug}/paging/: how a team is paged; kept by the team and by administrators."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.api.sending.webhooks import TestShape
from comms.choices import PagedFor, PagingKind
from comms.models import Endpoint
from comms.queries import paging as queries
from comms.services.paging import targets, trying
from comms.services.paging.targets import Made
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.paging import many
from mim_portal.api.permissions import Access
from teams.api.base import PersonView
from teams.choices import CallHours
from teams.models import Team
from teams.rules import roles

READ = Access("read", roles.ROOM_READERS)
KEEP = Access("teams", roles.EVERY_ROLE)


class PagingTargetShape(serializers.Serializer[Endpoint]):
    """One target; neither its address nor key nor secret is ever answered, and of a number its end."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=PagingKind.choices)
    name = serializers.CharField()
    host = serializers.CharField()
    number = serializers.SerializerMethodField()
    other_way = serializers.SerializerMethodField()
    hours = serializers.ChoiceField(choices=CallHours.choices)
    lowest = serializers.ChoiceField(choices=PagedFor.choices, allow_blank=True)
    hears_exercises = serializers.BooleanField()
    is_active = serializers.BooleanField()
    last_success_at = serializers.DateTimeField(allow_null=True)
    last_failure_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()

    def get_number(self, row: Endpoint) -> str:
        return queries.hidden(row.number) if row.number else ""

    def get_other_way(self, row: Endpoint) -> str:
        return row.fallback.code if row.fallback else ""


class PagingTargetMade(PagingTargetShape):
    """With what is told this once: where its answers are posted, and the secret that signs (webhooks alone)."""

    answers = serializers.CharField(read_only=True)
    secret = serializers.CharField(read_only=True)


class PagingTargetInput(serializers.Serializer[Any]):
    """What is changed; whatever is not sent stays. `secret` is the one that PagerDuty gives for its webhook."""

    name = serializers.CharField(max_length=120, required=False)
    address = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    key = serializers.CharField(max_length=100, required=False, allow_blank=True)
    secret = serializers.CharField(max_length=200, required=False, allow_blank=True)
    number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    other_way = serializers.CharField(max_length=50, required=False, allow_blank=True)
    hours = serializers.ChoiceField(choices=CallHours.choices, required=False)
    lowest = serializers.ChoiceField(choices=PagedFor.choices, required=False, allow_blank=True)
    hears_exercises = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class PagingTargetNew(PagingTargetInput):
    """`kind` says what else is needed: `key`, `address`, `number`."""

    kind = serializers.ChoiceField(choices=PagingKind.choices)


class TeamPaging(PersonView):
    """Every target of a team."""

    told_once = ("answers", "secret")
    access = {"read": READ, "POST": KEEP}

    @extend_schema(responses=PagingTargetShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return Response({"results": many(PagingTargetShape, list(queries.of_team(_team(slug))))})

    @extend_schema(request=PagingTargetNew, responses={201: PagingTargetMade})
    def post(self, request: Request, slug: str) -> Response:
        team, by = _team(slug), self.person()
        queries.allowed(team=team, person=by)
        values = validated(PagingTargetNew(data=request.data))
        return _told(targets.add(team=team, values=values, by=by), status=201)


class TeamPagingTarget(PersonView):
    """One of them. It is switched off with `is_active`, and stays on record."""

    access = {"read": READ, "PATCH": KEEP}

    @extend_schema(responses=PagingTargetShape)
    def get(self, request: Request, slug: str, code: str) -> Response:
        found = queries.one(_team(slug), code)
        if found is None:
            raise exceptions.NotFound("The team is not paged by this.")
        return Response(PagingTargetShape(found).data)

    @extend_schema(request=PagingTargetInput, responses=PagingTargetShape)
    def patch(self, request: Request, slug: str, code: str) -> Response:
        changes = validated(PagingTargetInput(data=request.data))
        targets.change(team=_team(slug), code=code, changes=changes, by=self.person())
        return self.get(request, slug, code)


class TeamPagingTest(PersonView):
    """One test page now; the answer within seconds."""

    access = {"POST": KEEP}

    @extend_schema(request=None, responses=TestShape)
    def post(self, request: Request, slug: str, code: str) -> Response:
        bodies.nothing(request)
        tried = trying.send(team=_team(slug), code=code, by=self.person(), now=timezone.now())
        return Response(TestShape(tried).data)


class TeamPagingAddress(PersonView):
    """Another address for answers; the former takes nothing any more."""

    told_once = ("answers", "secret")
    access = {"POST": KEEP}

    @extend_schema(request=None, responses=PagingTargetMade)
    def post(self, request: Request, slug: str, code: str) -> Response:
        bodies.nothing(request)
        return _told(targets.new_address(team=_team(slug), code=code, by=self.person()))


def _told(made: Made, *, status: int = 200) -> Response:
    told = {"answers": made.answers, "secret": made.secret}
    return Response(dict(PagingTargetShape(made.target).data) | told, status=status)


def _team(slug: str) -> Team:
    found = Team.objects.filter(slug=slug).first()
    if found is None:
        raise exceptions.NotFound("There is no such team.")
    return found
