"""reading-links/: links by which executives without an account read the four lines; made and taken back."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.models import ReadingLink
from comms.queries import reading_links as queries
from comms.services import reading_links
from mim_portal.api import bodies
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["status pages"]
_ACCESS = {"GET": Access("read", roles.READING_LINK_MAKERS), "POST": Access("command", roles.READING_LINK_MAKERS)}


class ReadingLinkInput(serializers.Serializer[Any]):
    """The reader, for how many days, and of which incident alone, where not of all."""

    name = serializers.CharField(max_length=100)
    email = serializers.EmailField(max_length=254)
    days = serializers.IntegerField(min_value=1, max_value=reading_links.LONGEST_DAYS, default=reading_links.USUAL_DAYS)
    incident = serializers.CharField(source="reference", max_length=20, required=False, allow_blank=True, default="")


class ReadingLinkShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    reader = serializers.CharField(source="reader.name")
    email = serializers.CharField(source="reader.email")
    incident = serializers.CharField(source="incident.reference", default=None, allow_null=True)
    made_by = serializers.CharField(source="made_by.username")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class ReadingLinksShape(serializers.Serializer[Any]):
    """Links that hold, and how often all of them together were opened."""

    opened_today = serializers.IntegerField()
    opened_in_seven_days = serializers.IntegerField()
    links = ReadingLinkShape(many=True)


class MadeShape(ReadingLinkShape):
    """With its address, which is answered this once: whoever holds it answers in the reader's name."""

    url = serializers.SerializerMethodField()

    def get_url(self, made: ReadingLink) -> str:
        return reading_links.address(made)


class ReadingLinkList(IdempotentView):
    access = _ACCESS
    told_once = ("url",)

    @extend_schema(tags=TAGS, responses=ReadingLinksShape)
    def get(self, request: Request) -> Response:
        """Those that hold, the newest first; receipts are counts, never by reader."""
        now = timezone.now()
        opened = queries.opened(now=now)
        answer = {
            "opened_today": opened["today"],
            "opened_in_seven_days": opened["week"],
            "links": queries.holding(now=now)[:200],
        }
        return Response(ReadingLinksShape(answer).data)

    @extend_schema(tags=TAGS, request=ReadingLinkInput, responses={201: MadeShape})
    def post(self, request: Request) -> Response:
        """Make one for a named reader."""
        taken = bodies.validated(ReadingLinkInput(data=request.data))
        made = reading_links.make(person=signed_in(request), now=timezone.now(), **taken)
        return Response(MadeShape(made).data, status=201)


class ReadingLinkRevoke(IdempotentView):
    access = {"POST": Access("command", roles.READING_LINK_MAKERS)}

    @extend_schema(tags=TAGS, request=None, responses=ReadingLinkShape)
    def post(self, request: Request, pk: int) -> Response:
        """It opens nothing from now on."""
        bodies.nothing(request)
        return Response(
            ReadingLinkShape(reading_links.revoke(link_id=pk, person=signed_in(request), now=timezone.now())).data
        )
