"""webhooks/: where other systems, chat channels and the SMS provider are, and what became of what they were sent."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import ChannelKind, DeliveryState, EndpointEvent
from comms.models import Delivery, Endpoint
from comms.queries.recipients import endpoints as queries
from comms.services.sending import endpoints, trying
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.etags import etag, expected_tag
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

ADMINISTRATION = Access("admin", roles.ADMINISTRATORS)
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
TAGS = ["webhooks"]


class EndpointShape(serializers.Serializer[Endpoint]):
    """A way out; neither its address nor its secret is ever answered. `paused_until` is set while it is in trouble."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=ChannelKind.choices)
    host = serializers.CharField()
    fallback = serializers.SerializerMethodField()
    fallback_mail = serializers.CharField()
    depends_on_services = serializers.SerializerMethodField()
    events = serializers.ListField(child=serializers.ChoiceField(choices=EndpointEvent.choices))
    per_minute = serializers.IntegerField()
    is_active = serializers.BooleanField()
    is_technical = serializers.BooleanField()
    hears_private = serializers.BooleanField()
    hears_exercises = serializers.BooleanField()
    old_secret_until = serializers.DateTimeField(allow_null=True)
    last_success_at = serializers.DateTimeField(allow_null=True)
    last_failure_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()
    paused_until = serializers.DateTimeField(allow_null=True)

    def get_fallback(self, row: Endpoint) -> str:
        return row.fallback.code if row.fallback else ""

    def get_depends_on_services(self, row: Endpoint) -> list[str]:
        return sorted(service.slug for service in row.depends_on_services.all())


class EndpointWithSecret(EndpointShape):
    """With the secret that signs, told this once; empty where nothing is signed."""

    secret = serializers.CharField(read_only=True)


class EndpointInput(serializers.Serializer[Any]):
    """What is changed; whatever is not sent stays."""

    name = serializers.CharField(max_length=120, required=False)
    address = serializers.CharField(max_length=2000, required=False)
    fallback = serializers.CharField(max_length=50, required=False, allow_blank=True)
    fallback_mail = serializers.CharField(max_length=254, required=False, allow_blank=True)
    depends_on_services = serializers.ListField(child=serializers.CharField(), required=False, max_length=200)
    events = serializers.ListField(child=serializers.CharField(), required=False, max_length=50)
    per_minute = serializers.IntegerField(required=False)
    is_active = serializers.BooleanField(required=False)
    is_technical = serializers.BooleanField(required=False)
    hears_private = serializers.BooleanField(required=False)
    hears_exercises = serializers.BooleanField(required=False)


class EndpointNew(EndpointInput):
    """`kind` is webhook where it is not said; mail is none of these."""

    code = serializers.CharField(max_length=50)
    kind = serializers.ChoiceField(choices=ChannelKind.choices, required=False)
    name = serializers.CharField(max_length=120)
    address = serializers.CharField(max_length=2000)


class EndpointDeliveryShape(serializers.Serializer[Delivery]):
    """One delivery; `event` is empty for the text of an update."""

    id = serializers.IntegerField(source="pk")
    event = serializers.CharField(source="message.event")
    subject = serializers.CharField(source="message.subject")
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    attempts = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()


class TestInput(serializers.Serializer[Any]):
    """A number for an SMS provider; nothing for the others."""

    number = serializers.CharField(required=False, allow_blank=True, max_length=40)


class TestShape(serializers.Serializer[trying.Tried]):
    """Whether the test was taken, and the answer in words."""

    is_taken = serializers.BooleanField()
    words = serializers.CharField()


class SecretView(IdempotentView):
    """Answers with a secret, which is kept nowhere in the clear."""

    told_once = ("secret",)


class WebhookList(SecretView):
    """Every way out but mail."""

    access = {"read": ADMINISTRATION, "POST": ADMINISTRATION}
    cursor_ordering = "pk"

    @extend_schema(tags=TAGS, parameters=[OpenApiParameter("kind", str)], responses=EndpointShape(many=True))
    def get(self, request: Request) -> Response:
        found = queries.endpoints()
        kind = request.query_params.get("kind", "")
        found = found.filter(kind=kind) if kind else found
        return paged(self, request, found, lambda page: many(EndpointShape, page))

    @extend_schema(tags=TAGS, request=EndpointNew, responses={201: EndpointWithSecret})
    def post(self, request: Request) -> Response:
        made, secret = endpoints.add(values=validated(EndpointNew(data=request.data)), by=signed_in(request))
        return _answer(made.code, secret=secret, status=201)


class WebhookDetail(IdempotentView):
    """One of them. It is switched off with `is_active`, and stays on record."""

    access = {"read": ADMINISTRATION, "PATCH": ADMINISTRATION}

    @extend_schema(tags=TAGS, responses=EndpointShape)
    def get(self, request: Request, code: str) -> Response:
        return _answer(code)

    @extend_schema(tags=TAGS, request=EndpointInput, responses=EndpointShape, parameters=[IF_MATCH])
    def patch(self, request: Request, code: str) -> Response:
        changes = validated(EndpointInput(data=request.data))
        endpoints.change(code=code, changes=changes, by=signed_in(request), version=expected_tag(request))
        return _answer(code)


class WebhookSecret(SecretView):
    """A new secret; the old one signs beside it for a day."""

    access = {"POST": ADMINISTRATION}

    @extend_schema(tags=TAGS, request=None, responses=EndpointWithSecret)
    def post(self, request: Request, code: str) -> Response:
        bodies.nothing(request)
        _found, secret = endpoints.change_secret(code=code, by=signed_in(request))
        return _answer(code, secret=secret)


class WebhookTest(IdempotentView):
    """One test message now; the answer within seconds."""

    access = {"POST": ADMINISTRATION}

    @extend_schema(tags=TAGS, request=TestInput, responses=TestShape)
    def post(self, request: Request, code: str) -> Response:
        number = validated(TestInput(data=request.data)).get("number", "")
        tried = trying.send(endpoint=_endpoint(code), number=number, by=signed_in(request), now=timezone.now())
        return Response(TestShape(tried).data)


class WebhookDeliveries(IdempotentView):
    """What it was sent, newest first; `state` filters."""

    access = {"read": ADMINISTRATION}
    cursor_ordering = "-pk"

    @extend_schema(tags=TAGS, parameters=[OpenApiParameter("state", str)], responses=EndpointDeliveryShape(many=True))
    def get(self, request: Request, code: str) -> Response:
        found = queries.deliveries(_endpoint(code))
        state = request.query_params.get("state", "")
        found = found.filter(state=state) if state else found
        return paged(self, request, found, lambda page: many(EndpointDeliveryShape, page))


class WebhookRedeliver(IdempotentView):
    """Send a delivery that ended once more, under the same `webhook-id`."""

    access = {"POST": ADMINISTRATION}

    @extend_schema(tags=TAGS, request=None, responses=EndpointDeliveryShape)
    def post(self, request: Request, code: str, pk: int) -> Response:
        bodies.nothing(request)
        row = endpoints.redeliver(code=code, pk=pk, by=signed_in(request))
        return Response(EndpointDeliveryShape(row).data)


def _endpoint(code: str) -> Endpoint:
    found = queries.one(code)
    if found is None:
        raise endpoints.Unknown(f"There is no channel {code}.")
    return found


def _answer(code: str, *, secret: str | None = None, status: int = 200) -> Response:
    found = _endpoint(code)
    data = dict(EndpointShape(found).data) | ({} if secret is None else {"secret": secret})
    return Response(data, status=status, headers={"ETag": etag(queries.version(found))})
