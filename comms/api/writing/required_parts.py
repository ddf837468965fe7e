"""required-parts/: what messages of a kind have to say here, beyond what is asked of every one of its kind."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import UpdateKind
from comms.queries.writing import required_parts as queries
from comms.rules.checking.wording.check_content import ASKED_FOR
from comms.services.writing import required_parts
from mim_portal.api import bodies
from mim_portal.api.permissions import Access
from teams.api.base import PersonView
from teams.rules import roles

TAGS = ["updates"]


class RequiredPartShape(serializers.Serializer[Any]):
    """A kind of message, and what it has to say."""

    kind = serializers.ChoiceField(choices=UpdateKind.choices)
    part = serializers.ChoiceField(choices=[(element.value, words) for element, words in ASKED_FOR.items()])


class RequiredParts(PersonView):
    """All of them."""

    access = {"read": Access("read", roles.ROOM_READERS)}

    @extend_schema(tags=TAGS, operation_id="required_parts_list", responses=RequiredPartShape(many=True))
    def get(self, request: Request) -> Response:
        return _answer()


class RequiredPart(PersonView):
    """PUT asks for the part in messages of the kind, DELETE no longer. Either twice is the same as once."""

    access = {name: Access("admin", roles.POLICY_EDITORS) for name in ("PUT", "DELETE")}

    @extend_schema(tags=TAGS, operation_id="required_part_put", request=None, responses=RequiredPartShape(many=True))
    def put(self, request: Request, kind: str, part: str) -> Response:
        bodies.nothing(request)
        required_parts.require(person=self.person(), kind=kind, part=part)
        return _answer()

    @extend_schema(tags=TAGS, operation_id="required_part_end", responses={204: None})
    def delete(self, request: Request, kind: str, part: str) -> Response:
        required_parts.release(person=self.person(), kind=kind, part=part)
        return Response(status=204)


def _answer() -> Response:
    return Response({"results": RequiredPartShape(queries.every(), many=True).data})
