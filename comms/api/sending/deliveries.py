"""updates/{id}/deliveries/ and redeliver/: what became of every copy, and what was given up sent again."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import SENT_UPDATES, ChannelKind, DeliveryState
from comms.models import Update
from comms.queries.recipients import deliveries as queries
from comms.queries.writing import updates as update_queries
from comms.services.sending import redelivery
from comms.services.writing import updates
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from mim_portal.lib.refusals import Invalid
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["updates"]


class DeliveryShape(serializers.Serializer[Any]):
    """One copy; `problem` is the last error in words, `last_error` as the server said it."""

    id = serializers.IntegerField(source="row.pk")
    audience = serializers.CharField()
    is_notice = serializers.BooleanField(help_text="it says that the update was withdrawn")
    channel = serializers.ChoiceField(source="row.channel", choices=ChannelKind.choices)
    address = serializers.CharField(source="row.address")
    person = serializers.CharField(source="person.username", default="", help_text="empty for an address on a list")
    state = serializers.ChoiceField(source="row.state", choices=DeliveryState.choices)
    attempts = serializers.IntegerField(source="row.attempts")
    sent_at = serializers.DateTimeField(source="row.sent_at", allow_null=True)
    due_at = serializers.DateTimeField(source="row.due_at", help_text="when it is tried next, while it is")
    problem = serializers.CharField()
    last_error = serializers.CharField(source="row.last_error")
    other_way = serializers.IntegerField(
        source="other.pk", default=None, allow_null=True, help_text="the copy that arrived, or goes, instead of this"
    )


class RedeliverInput(serializers.Serializer[Any]):
    """One delivery by its `id`; without it everything of the update that was given up."""

    delivery = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


class RedeliveredShape(serializers.Serializer[Any]):
    redelivered = serializers.IntegerField()


class DeliveryList(IdempotentView):
    """Every copy of a sent update, by message, channel and address; those in one `state`."""

    access = {"read": Access("comms", roles.DELIVERY_KEEPERS)}
    cursor_ordering = queries.ORDER

    @extend_schema(
        tags=TAGS,
        parameters=[OpenApiParameter("state", str, enum=queries.STATES)],
        responses=DeliveryShape(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        update = _sent(request, pk)
        state = request.query_params.get("state", "")
        if state and state not in queries.STATES:
            raise Invalid(f"state is one of {', '.join(queries.STATES)}.", field="state")
        found = queries.of(update, state=state)
        return paged(self, request, found, lambda page: many(DeliveryShape, queries.lines(update, page)))


class Redeliver(IdempotentView):
    """Send again what was given up. 409 `not_current` after a correction, `nothing_dead` otherwise."""

    access = {"POST": Access("comms", roles.DELIVERY_KEEPERS)}

    @extend_schema(tags=TAGS, request=RedeliverInput, responses=RedeliveredShape)
    def post(self, request: Request, pk: int) -> Response:
        _sent(request, pk)
        wanted = validated(RedeliverInput(data=request.data))["delivery"]
        count = redelivery.redeliver(update_id=pk, person=signed_in(request), delivery_ids=[wanted] if wanted else None)
        return Response({"redelivered": count})


def _sent(request: Request, pk: int) -> Update:
    found = update_queries.get(pk, signed_in(request))
    if found is None or found.state not in SENT_UPDATES:
        raise updates.UnknownUpdate(f"There is no sent update {pk}.")
    return found
