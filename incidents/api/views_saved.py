"""Saved views of the list by API: a person's own, and what others share."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.models import SavedView
from incidents.queries import saved_views as queries
from incidents.services.finding import saved_views
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

READ, WRITE = Access("read", roles.ROOM_READERS), Access("command", roles.ROOM_READERS)


class SavedViewOut(serializers.ModelSerializer[SavedView]):
    """`query` is what stands behind the question mark of /incidents/."""

    owner = serializers.CharField(source="owner.username")

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "is_shared", "is_default", "owner"]


class SavedViewIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=2000, allow_blank=True, default="")
    is_shared = serializers.BooleanField(default=False)
    is_default = serializers.BooleanField(default=False)


class SavedViewList(IdempotentView):
    """GET lists; POST saves one, in place of an own one of the same name."""

    access = {"read": READ, "POST": WRITE}
    cursor_ordering = ("name", "id")

    @extend_schema(responses=SavedViewOut(many=True))
    def get(self, request: Request) -> Response:
        found = queries.visible(signed_in(request))
        return paged(self, request, found, lambda rows: many(SavedViewOut, rows))

    @extend_schema(request=SavedViewIn, responses={201: SavedViewOut})
    def post(self, request: Request) -> Response:
        given = validated(SavedViewIn(data=request.data))
        view = saved_views.save(person=signed_in(request), **given)
        return Response(SavedViewOut(view).data, status=201)


class SavedViewDetail(IdempotentView):
    """One view; only its owner changes or deletes it."""

    access = {"read": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(responses=SavedViewOut)
    def get(self, request: Request, pk: int) -> Response:
        view = queries.visible(signed_in(request)).filter(pk=pk).first()
        if view is None:
            raise saved_views.UnknownView(f"There is no saved view {pk}.")
        return Response(SavedViewOut(view).data)

    @extend_schema(request=SavedViewIn, responses=SavedViewOut)
    def patch(self, request: Request, pk: int) -> Response:
        fields = validated(SavedViewIn(data=request.data, partial=True))
        return Response(SavedViewOut(saved_views.change(view_id=pk, person=signed_in(request), fields=fields)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        saved_views.delete(view_id=pk, person=signed_in(request))
        return Response(status=204)
