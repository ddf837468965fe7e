"""Teams, services and sites as administrators write them by REST."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.bodies import validated
from mim_portal.api.etags import etag, expected_tag
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api import catalogue_serializers as written
from teams.api import serializers
from teams.api.base import signed_in
from teams.queries import lists as queries
from teams.rules import roles
from teams.services import catalogue

ADMINISTRATION = Access("admin", roles.ADMINISTRATORS)
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
_FILTERS = [OpenApiParameter("q", str), OpenApiParameter("active", str)]
_ACTIVE: Mapping[str, bool | None] = {"false": False, "all": None}


class _List(IdempotentView):
    """Those that are switched on, by slug; `active` is `false` for the others and `all` for both."""

    of: ClassVar[str]
    out: ClassVar[Any]
    cursor_ordering = "slug"

    def _read(self, request: Request) -> Response:
        active = _ACTIVE.get(request.query_params.get("active", ""), True)
        found = queries.rows(self.of, q=request.query_params.get("q", ""), active=active)
        return paged(self, request, found, lambda page: many(self.out, page))

    def _add(self, request: Request, given: Any) -> Response:
        values = validated(given)
        contacts = values.pop("contacts", None)
        by = signed_in(request)
        row = catalogue.add(of=self.of, by=by, values=values)
        if contacts:
            catalogue.set_contacts(team=row.slug, by=by, contacts=contacts)
        return answer(self.of, self.out, row.slug, status=status.HTTP_201_CREATED)


class _Detail(IdempotentView):
    """One row; PATCH changes what is sent. If-Match keeps two from overwriting each other."""

    of: ClassVar[str]
    out: ClassVar[Any]

    def _one(self, request: Request, slug: str) -> Response:
        """What is switched off exists for administrators alone."""
        row = queries.one(self.of, slug)
        if row is not None and not row.is_active and not signed_in(request).has_role(*roles.ADMINISTRATORS):
            raise Http404
        return answer(self.of, self.out, slug)

    def _change(self, request: Request, slug: str, given: Any) -> Response:
        values = validated(given)
        contacts = values.pop("contacts", None)
        by = signed_in(request)
        catalogue.change(of=self.of, key=slug, by=by, changes=values, version=expected_tag(request))
        if contacts is not None:
            catalogue.set_contacts(team=slug, by=by, contacts=contacts)
        return answer(self.of, self.out, slug)


class TeamList(_List):
    """Teams with their contacts."""

    of, out = "teams", serializers.TeamOut
    access = {"read": Access("read", roles.ROOM_READERS), "POST": ADMINISTRATION}

    @extend_schema(parameters=_FILTERS, responses=serializers.TeamOut(many=True))
    def get(self, request: Request) -> Response:
        return self._read(request)

    @extend_schema(request=written.TeamNew, responses={201: serializers.TeamOut})
    def post(self, request: Request) -> Response:
        return self._add(request, written.TeamNew(data=request.data))


class TeamDetail(_Detail):
    """One team."""

    of, out = "teams", serializers.TeamOut
    access = {"read": Access("read", roles.ROOM_READERS), "PATCH": ADMINISTRATION}

    @extend_schema(responses=serializers.TeamOut)
    def get(self, request: Request, slug: str) -> Response:
        return self._one(request, slug)

    @extend_schema(request=written.TeamIn, responses=serializers.TeamOut, parameters=[IF_MATCH])
    def patch(self, request: Request, slug: str) -> Response:
        return self._change(request, slug, written.TeamIn(data=request.data))


class ServiceList(_List):
    """The catalogue."""

    of, out = "services", serializers.ServiceOut
    access = {"read": Access("read", roles.EVERY_ROLE), "POST": ADMINISTRATION}

    @extend_schema(parameters=_FILTERS, responses=serializers.ServiceOut(many=True))
    def get(self, request: Request) -> Response:
        return self._read(request)

    @extend_schema(request=written.ServiceNew, responses={201: serializers.ServiceOut})
    def post(self, request: Request) -> Response:
        return self._add(request, written.ServiceNew(data=request.data))


class ServiceDetail(_Detail):
    """One service."""

    of, out = "services", serializers.ServiceOut
    access = {"read": Access("read", roles.EVERY_ROLE), "PATCH": ADMINISTRATION}

    @extend_schema(responses=serializers.ServiceOut)
    def get(self, request: Request, slug: str) -> Response:
        return self._one(request, slug)

    @extend_schema(request=written.ServiceIn, responses=serializers.ServiceOut, parameters=[IF_MATCH])
    def patch(self, request: Request, slug: str) -> Response:
        return self._change(request, slug, written.ServiceIn(data=request.data))


class SiteList(_List):
    """Places where people work."""

    of, out = "sites", written.SiteOut
    access = {"read": Access("read", roles.EVERY_ROLE), "POST": ADMINISTRATION}

    @extend_schema(parameters=_FILTERS, responses=written.SiteOut(many=True))
    def get(self, request: Request) -> Response:
        return self._read(request)

    @extend_schema(request=written.SiteNew, responses={201: written.SiteOut})
    def post(self, request: Request) -> Response:
        return self._add(request, written.SiteNew(data=request.data))


class SiteDetail(_Detail):
    """One site."""

    of, out = "sites", written.SiteOut
    access = {"read": Access("read", roles.EVERY_ROLE), "PATCH": ADMINISTRATION}

    @extend_schema(responses=written.SiteOut)
    def get(self, request: Request, slug: str) -> Response:
        return self._one(request, slug)

    @extend_schema(request=written.SiteIn, responses=written.SiteOut, parameters=[IF_MATCH])
    def patch(self, request: Request, slug: str) -> Response:
        return self._change(request, slug, written.SiteIn(data=request.data))


def answer(of: str, out: Any, slug: str, **options: Any) -> Response:
    """The row as it stands, with its version as ETag."""
    row = queries.one(of, slug)
    if row is None:
        raise Http404
    return Response(out(row).data, headers={"ETag": etag(queries.version(of, row))}, **options)
