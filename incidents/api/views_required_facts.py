"""required-facts/: which facts of the impact have to be on record from the second message on."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.queries import required_facts as queries
from incidents.rules import impact
from incidents.services.record import required_facts
from mim_portal.api import bodies
from mim_portal.api.permissions import Access
from mim_portal.lib.refusals import Missing
from teams.api.base import PersonView
from teams.models import Service
from teams.rules import roles


class RequiredFactShape(serializers.Serializer[Any]):
    """One fact, and of which service; `service` null: of every one."""

    fact = serializers.ChoiceField(choices=impact.GATES)
    service = serializers.SlugRelatedField[Service](slug_field="slug", read_only=True, allow_null=True)


class RequiredFacts(PersonView):
    """All of them."""

    access = {"read": Access("read", roles.ROOM_READERS)}

    @extend_schema(tags=["incidents"], operation_id="required_facts_list", responses=RequiredFactShape(many=True))
    def get(self, request: Request) -> Response:
        return _answer()


class RequiredFact(PersonView):
    """PUT requires the fact of the service, or of every one; DELETE no longer. Either twice is the same as once."""

    access = {name: Access("admin", roles.POLICY_EDITORS) for name in ("PUT", "DELETE")}

    @extend_schema(tags=["incidents"], request=None, responses=RequiredFactShape(many=True))
    def put(self, request: Request, fact: str, service: str = "") -> Response:
        bodies.nothing(request)
        required_facts.require(person=self.person(), fact=fact, service=_service(service))
        return _answer()

    @extend_schema(tags=["incidents"], responses={204: None})
    def delete(self, request: Request, fact: str, service: str = "") -> Response:
        required_facts.release(person=self.person(), fact=fact, service=_service(service))
        return Response(status=204)


def _service(slug: str) -> Service | None:
    found = Service.objects.filter(slug=slug).first()
    if slug and found is None:
        raise Missing(_("There is no such service."))
    return found


def _answer() -> Response:
    return Response({"results": RequiredFactShape(queries.every(), many=True).data})
