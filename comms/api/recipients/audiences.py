"""audiences/ and their recipients/: who is told, in which words, at which addresses."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import ChannelKind, UsedFor
from comms.models import Audience, Recipient
from comms.queries.recipients import recipients as queries
from comms.services.recipients import audiences
from mim_portal.api.bodies import validated
from mim_portal.api.etags import etag, expected_tag
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.choices import Role
from teams.rules import roles

READING = Access("read", roles.ROOM_READERS)
ADMINISTRATION = Access("admin", roles.ADMINISTRATORS)
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
TAGS = ["audiences"]


class AudienceShape(serializers.Serializer[Audience]):
    """An audience; `addresses` counts those of its own that are in use."""

    code = serializers.CharField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    is_technical = serializers.BooleanField()
    is_plain = serializers.BooleanField()
    is_public = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    includes_engaged_teams = serializers.BooleanField()
    is_active = serializers.BooleanField()
    addresses = serializers.IntegerField()


class AudienceInput(serializers.Serializer[Any]):
    """What is changed; whatever is not sent stays."""

    name = serializers.CharField(max_length=120, required=False)
    position = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    is_technical = serializers.BooleanField(required=False)
    is_plain = serializers.BooleanField(required=False)
    is_public = serializers.BooleanField(required=False)
    roles = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=20)
    includes_engaged_teams = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class AudienceNew(AudienceInput):
    code = serializers.CharField(max_length=50)
    name = serializers.CharField(max_length=120)


class RecipientShape(serializers.Serializer[Recipient]):
    """One address; `service` and `site` are slugs, empty where it is for all."""

    id = serializers.IntegerField(source="pk")
    channel = serializers.ChoiceField(choices=ChannelKind.choices)
    address = serializers.CharField()
    service = serializers.SerializerMethodField()
    site = serializers.SerializerMethodField()
    used_for = serializers.ChoiceField(choices=UsedFor.choices)
    is_active = serializers.BooleanField()

    def get_service(self, row: Recipient) -> str:
        return row.service.slug if row.service else ""

    def get_site(self, row: Recipient) -> str:
        return row.site.slug if row.site else ""


class RecipientInput(serializers.Serializer[Any]):
    """What is changed; whatever is not sent stays."""

    channel = serializers.ChoiceField(choices=ChannelKind.choices, required=False)
    address = serializers.CharField(max_length=320, required=False)
    service = serializers.CharField(max_length=50, required=False, allow_blank=True)
    site = serializers.CharField(max_length=50, required=False, allow_blank=True)
    used_for = serializers.ChoiceField(choices=UsedFor.choices, required=False)
    is_active = serializers.BooleanField(required=False)


class RecipientNew(RecipientInput):
    address = serializers.CharField(max_length=320)


class AudienceList(IdempotentView):
    """Those that can be chosen, in the order in which copies leave; with `active=all` the others too."""

    access = {"read": READING, "POST": ADMINISTRATION}

    @extend_schema(tags=TAGS, parameters=[OpenApiParameter("active", str)], responses=AudienceShape(many=True))
    def get(self, request: Request) -> Response:
        found = queries.audiences(every=request.query_params.get("active") == "all")
        return Response({"next": None, "previous": None, "results": many(AudienceShape, found)})

    @extend_schema(tags=TAGS, request=AudienceNew, responses={201: AudienceShape})
    def post(self, request: Request) -> Response:
        made = audiences.add(values=validated(AudienceNew(data=request.data)), by=signed_in(request))
        return _answer(made.code, status=201)


class AudienceDetail(IdempotentView):
    """One audience. An audience that a running incident owes updates cannot be switched off (409 `owed`)."""

    access = {"read": READING, "PATCH": ADMINISTRATION}

    @extend_schema(tags=TAGS, responses=AudienceShape)
    def get(self, request: Request, code: str) -> Response:
        return _answer(code)

    @extend_schema(tags=TAGS, request=AudienceInput, responses=AudienceShape, parameters=[IF_MATCH])
    def patch(self, request: Request, code: str) -> Response:
        changes = validated(AudienceInput(data=request.data))
        audiences.change(code=code, changes=changes, by=signed_in(request), version=expected_tag(request))
        return _answer(code)


class RecipientList(IdempotentView):
    """The addresses of an audience: in use, or with `active=all` every one; `q` searches."""

    access = {"read": ADMINISTRATION, "POST": ADMINISTRATION}
    cursor_ordering = "pk"

    @extend_schema(
        tags=TAGS,
        parameters=[OpenApiParameter("q", str), OpenApiParameter("active", str)],
        responses=RecipientShape(many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        every = request.query_params.get("active") == "all"
        found = queries.of(_audience(code), q=request.query_params.get("q", ""), every=every)
        return paged(self, request, found, lambda page: many(RecipientShape, page))

    @extend_schema(tags=TAGS, request=RecipientNew, responses={201: RecipientShape})
    def post(self, request: Request, code: str) -> Response:
        made = audiences.add_recipient(
            audience=code, values=validated(RecipientNew(data=request.data)), by=signed_in(request)
        )
        return Response(RecipientShape(made).data, status=201)


class RecipientDetail(IdempotentView):
    """One address. It is switched off with `is_active`, and stays on record."""

    access = {"read": ADMINISTRATION, "PATCH": ADMINISTRATION}

    @extend_schema(tags=TAGS, responses=RecipientShape)
    def get(self, request: Request, code: str, pk: int) -> Response:
        row = queries.one(_audience(code), pk)
        if row is None:
            raise audiences.Unknown("There is no such address.")
        return Response(RecipientShape(row).data)

    @extend_schema(tags=TAGS, request=RecipientInput, responses=RecipientShape)
    def patch(self, request: Request, code: str, pk: int) -> Response:
        changes = validated(RecipientInput(data=request.data))
        row = audiences.change_recipient(audience=code, pk=pk, changes=changes, by=signed_in(request))
        return Response(RecipientShape(row).data)


def _audience(code: str) -> Audience:
    found = queries.audience(code)
    if found is None:
        raise audiences.Unknown(f"There is no audience {code}.")
    return found


def _answer(code: str, *, status: int = 200) -> Response:
    found = _audience(code)
    return Response(AudienceShape(found).data, status=status, headers={"ETag": etag(queries.version(found))})
