"""reply-settings/: whom readers reach when they answer an update."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import RepliesGo
from comms.queries.replies import destinations
from comms.services.replies import deciding
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles


class ReplySettingsShape(serializers.Serializer[Any]):
    """`address` is the mailbox; needed where `to` is `mailbox`."""

    to = serializers.ChoiceField(choices=RepliesGo.choices)
    address = serializers.EmailField(max_length=320, required=False, allow_blank=True, default="")


class ReplySettings(IdempotentView):
    """GET shows where replies to updates go; PUT decides it for mails that leave from now on."""

    access = {"GET": Access("read", roles.ROOM_READERS), "PUT": Access("admin", roles.POLICY_EDITORS)}

    @extend_schema(tags=["updates"], responses=ReplySettingsShape)
    def get(self, request: Request) -> Response:
        return Response(ReplySettingsShape(destinations.current()).data)

    @extend_schema(tags=["updates"], request=ReplySettingsShape, responses=ReplySettingsShape)
    def put(self, request: Request) -> Response:
        taken = validated(ReplySettingsShape(data=request.data))
        deciding.decide(person=signed_in(request), to=taken["to"], address=taken["address"])
        return Response(ReplySettingsShape(destinations.current()).data)
