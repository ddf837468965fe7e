"""dead-letters/: what was given up lately across updates, and chosen ones sent again."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import ChannelKind
from comms.queries.recipients import dead_letters as queries
from comms.services.sending import redelivery
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from mim_portal.lib.refusals import Invalid
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["updates"]
MOST = 500


class DeadLetterShape(serializers.Serializer[Any]):
    """One copy that was given up; `problem` is why in words, `last_error` as the server said it."""

    id = serializers.IntegerField(source="row.pk")
    incident = serializers.CharField(source="row.message.update.incident.reference")
    update_id = serializers.IntegerField(source="row.message.update_id")
    sequence = serializers.IntegerField(source="row.message.update.sequence", help_text="the update's number")
    audience = serializers.CharField()
    channel = serializers.ChoiceField(source="row.channel", choices=ChannelKind.choices)
    address = serializers.CharField(source="row.address")
    attempts = serializers.IntegerField(source="row.attempts")
    given_up_at = serializers.DateTimeField(source="row.due_at")
    problem = serializers.CharField()
    last_error = serializers.CharField(source="row.last_error")
    may_go_again = serializers.BooleanField(help_text="false where the update was corrected or withdrawn")


class ChosenInput(serializers.Serializer[Any]):
    """Deliveries by their `id`, of whichever updates."""

    deliveries = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=MOST
    )


class RefusedShape(serializers.Serializer[Any]):
    update_id = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ChosenShape(serializers.Serializer[Any]):
    redelivered = serializers.IntegerField()
    left_out = serializers.IntegerField(help_text="opted out, or bounced since")
    refused = RefusedShape(many=True)


class DeadLetters(IdempotentView):
    """Copies given up in the last thirty days, newest first; of one `channel` where that is asked."""

    access = {"read": Access("comms", roles.DELIVERY_KEEPERS)}
    cursor_ordering = ("-pk",)

    @extend_schema(
        tags=TAGS,
        parameters=[OpenApiParameter("channel", str, enum=ChannelKind.values)],
        responses=DeadLetterShape(many=True),
    )
    def get(self, request: Request) -> Response:
        channel = request.query_params.get("channel", "")
        if channel and channel not in ChannelKind.values:
            raise Invalid(f"channel is one of {', '.join(ChannelKind.values)}.", field="channel")
        found = queries.recent(signed_in(request), now=timezone.now(), channel=channel)
        return paged(self, request, found, lambda page: many(DeadLetterShape, queries.letters(page)))


class RedeliverDeadLetters(IdempotentView):
    """Send chosen copies again. What is not given up, or not yours to see, is passed over."""

    access = {"POST": Access("comms", roles.DELIVERY_KEEPERS)}

    @extend_schema(tags=TAGS, request=ChosenInput, responses=ChosenShape)
    def post(self, request: Request) -> Response:
        ids = validated(ChosenInput(data=request.data))["deliveries"]
        person = signed_in(request)
        done = redelivery.redeliver_chosen(by_update=queries.chosen(person, ids, now=timezone.now()), person=person)
        refused = [
            {"update_id": update, "code": refusal.code, "detail": refusal.message}
            for update, refusal in done.refused.items()
        ]
        return Response({"redelivered": done.sent, "left_out": done.left_out, "refused": refused})
