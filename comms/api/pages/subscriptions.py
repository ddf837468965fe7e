"""status-pages/{slug}/subscriptions/: who subscribed to a page, taken in one by one, ended."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import ChannelKind, SubscriptionState
from comms.models import StatusPage, Subscription
from comms.queries.subscriptions import listing as queries
from comms.queries.subscriptions import scopes
from comms.rules import subscriptions as rules
from comms.services.subscriptions import files, keeping
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["status pages"]
_KEEPING = Access("comms", roles.SUBSCRIBER_KEEPERS)


class SubscriptionShape(serializers.Serializer[Subscription]):
    """One address; without groups, services and incidents it hears of everything on the page."""

    id = serializers.IntegerField(source="pk")
    channel = serializers.ChoiceField(choices=ChannelKind.choices)
    address = serializers.CharField(source="shown", help_text="of a chat or webhook its host: the rest is a secret")
    state = serializers.ChoiceField(choices=SubscriptionState.choices)
    is_whole = serializers.BooleanField()
    groups = serializers.ListField(child=serializers.CharField())
    services = serializers.SerializerMethodField()
    incidents = serializers.SerializerMethodField()
    consent = serializers.CharField(help_text="of those that were taken in: how the reader agreed")
    asked_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_services(self, row: Subscription) -> list[str]:
        names: queries.Names = self.context["names"]
        return names.services_of(row)

    def get_incidents(self, row: Subscription) -> list[str]:
        names: queries.Names = self.context["names"]
        return names.incidents_of(row)


class SubscriberInput(serializers.Serializer[Any]):
    """A reader who agreed elsewhere; groups as the page calls them, services by slug."""

    address = serializers.CharField(max_length=320)
    groups = serializers.ListField(child=serializers.CharField(max_length=120), required=False, max_length=200)
    services = serializers.ListField(child=serializers.CharField(max_length=50), required=False, max_length=200)
    consent = serializers.CharField(max_length=rules.LONGEST_CONSENT, help_text="how the reader agreed")


class Subscriptions(IdempotentView):
    """Subscribers of a public page, the last ones first, without ended ones unless `state` asks for them; `q` searches.

    POST takes one in who agreed elsewhere. What a reader has ended stays ended (400).
    """

    access = {"read": _KEEPING, "POST": _KEEPING}
    cursor_ordering = "-pk"

    @extend_schema(
        tags=TAGS,
        parameters=[OpenApiParameter("q", str), OpenApiParameter("state", str, enum=SubscriptionState.values)],
        responses=SubscriptionShape(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        page, state = _page(slug), request.query_params.get("state", "")
        if state and state not in SubscriptionState.values:
            raise serializers.ValidationError({"state": f"Choose one of {', '.join(SubscriptionState.values)}."})
        found = queries.of(page, q=request.query_params.get("q", ""), state=state)
        return paged(self, request, found, lambda rows: _shown(page, rows))

    @extend_schema(tags=TAGS, request=SubscriberInput, responses={201: SubscriptionShape})
    def post(self, request: Request, slug: str) -> Response:
        given = validated(SubscriberInput(data=request.data))
        row = files.add(
            slug=slug,
            address=given["address"],
            groups=given.get("groups", []),
            services=given.get("services", []),
            consent=given["consent"],
            by=signed_in(request),
            now=timezone.now(),
        )
        return Response(_shown(row.page, [row])[0], status=201)


class EndSubscription(IdempotentView):
    """Nothing more goes to the address; said twice it is said once."""

    access = {"POST": _KEEPING}

    @extend_schema(tags=TAGS, request=None, responses=SubscriptionShape)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        bodies.nothing(request)
        page = _page(slug)
        row = queries.one(page, pk)
        if row is None:
            raise keeping.Gone("There is no such subscription.")
        keeping.end_rows([pk], by=signed_in(request), now=timezone.now())
        return Response(_shown(page, [queries.one(page, pk) or row])[0])


def _shown(page: StatusPage, rows: Any) -> list[dict[str, Any]]:
    rows = list(rows)
    return list(SubscriptionShape(rows, many=True, context={"names": scopes.names(page, rows)}).data)


def _page(slug: str) -> StatusPage:
    found = queries.page(slug)
    if found is None:
        raise keeping.Gone(f"There is no public status page {slug}.")
    return found
