"""status-pages/{slug}/links/: links by which a customer without an account reads their page; made and taken back."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.models import PageLink
from comms.queries.pages import pages as queries
from comms.services.pages import links, pages
from mim_portal.api import bodies
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["status pages"]
_KEEPERS = Access("comms", roles.SUBSCRIBER_KEEPERS)


class PageLinkInput(serializers.Serializer[Any]):
    """Who gets it, and for how many days it holds."""

    reader = serializers.CharField(max_length=100)
    days = serializers.IntegerField(min_value=1, max_value=links.LONGEST_DAYS, default=links.USUAL_DAYS)


class PageLinkShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    reader = serializers.CharField()
    made_by = serializers.CharField(source="made_by.username")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class MadePageLinkShape(PageLinkShape):
    """With its address, which is answered this once."""

    url = serializers.SerializerMethodField()

    def get_url(self, made: PageLink) -> str:
        return links.address(made)


class PageLinkList(IdempotentView):
    access = {"read": _KEEPERS, "POST": _KEEPERS}
    told_once = ("url",)

    @extend_schema(tags=TAGS, responses=PageLinkShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Those that hold, the newest first."""
        found = queries.one(slug)
        if found is None:
            raise pages.Unknown(f"There is no status page {slug}.")
        rows = queries.links_that_hold(found, now=timezone.now())[:200]
        return Response({"next": None, "previous": None, "results": many(PageLinkShape, rows)})

    @extend_schema(tags=TAGS, request=PageLinkInput, responses={201: MadePageLinkShape})
    def post(self, request: Request, slug: str) -> Response:
        """Make one; of a page that is no customer's there is none (409)."""
        taken = bodies.validated(PageLinkInput(data=request.data))
        made = links.make(slug=slug, person=signed_in(request), now=timezone.now(), **taken)
        return Response(MadePageLinkShape(made).data, status=201)


class PageLinkRevoke(IdempotentView):
    access = {"POST": _KEEPERS}

    @extend_schema(tags=TAGS, request=None, responses=PageLinkShape)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """It opens nothing from now on."""
        bodies.nothing(request)
        made = links.revoke(slug=slug, link_id=pk, person=signed_in(request), now=timezone.now())
        return Response(PageLinkShape(made).data)
