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
    service = serializers.SlugField(source="slug", allow_null=True)


class RequiredFacts(PersonView):
    """All of them."""

    access = {"read": Access("read", roles.ROOM_READERS)}

    @extend_schema(tags=["incidents"], operation_id="required_facts_list", responses=RequiredFactShape(many=True))
    def get(self, request: Request) -> Response:
        return _answer()


class _OneFact(PersonView):
    """What both addresses of a fact do. Either twice is the same as once."""

    access = {name: Access("admin", roles.POLICY_EDITORS) for name in ("PUT", "DELETE")}

    def required(self, fact: str, service: Service | None) -> Response:
        bodies.nothing(self.request)
        required_facts.require(person=self.person(), fact=fact, service=service)
        return _answer()

    def released(self, fact: str, service: Service | None) -> Response:
        required_facts.release(person=self.person(), fact=fact, service=service)
        return Response(status=204)


class RequiredFact(_OneFact):
    """PUT requires the fact in incidents of every service, DELETE no longer."""

    @extend_schema(
        tags=["incidents"], operation_id="required_fact_put", request=None, responses=RequiredFactShape(many=True)
    )
    def put(self, request: Request, fact: str) -> Response:
        return self.required(fact, None)

    @extend_schema(tags=["incidents"], operation_id="required_fact_end", responses={204: None})
    def delete(self, request: Request, fact: str) -> Response:
        return self.released(fact, None)


class RequiredFactOfService(_OneFact):
    """PUT requires the fact in incidents of one service, DELETE no longer."""

    @extend_schema(
        tags=["incidents"],
        operation_id="required_fact_of_service_put",
        request=None,
        responses=RequiredFactShape(many=True),
    )
    def put(self, request: Request, fact: str, service: str) -> Response:
        return self.required(fact, _service(service))

    @extend_schema(tags=["incidents"], operation_id="required_fact_of_service_end", responses={204: None})
    def delete(self, request: Request, fact: str, service: str) -> Response:
        return self.released(fact, _service(service))


def _service(slug: str) -> Service:
    found = Service.objects.filter(slug=slug).first()
    if found is None:
        raise Missing(_("There is no such service."))
    return found


def _answer() -> Response:
    return Response({"results": RequiredFactShape(queries.every(), many=True).data})
