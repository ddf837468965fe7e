"""glossary/: the organisation's own words, which the language check accepts."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.bodies import validated
from mim_portal.api.etags import etag, expected_tag
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.models import GlossaryTerm
from teams.queries import lists as queries
from teams.rules import roles
from teams.services import catalogue

READING = Access("read", roles.ROOM_READERS)
ADMINISTRATION = Access("admin", roles.ADMINISTRATORS)
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
TAGS = ["glossary"]


class WordOut(serializers.Serializer[GlossaryTerm]):
    """A word or phrase; `is_plain` where end users know it too."""

    id = serializers.IntegerField(source="pk")
    term = serializers.CharField()
    meaning = serializers.CharField()
    is_plain = serializers.BooleanField()


class WordIn(serializers.Serializer[Any]):
    """What is changed; whatever is not sent stays."""

    term = serializers.CharField(max_length=120, required=False)
    meaning = serializers.CharField(max_length=300, required=False, allow_blank=True)
    is_plain = serializers.BooleanField(required=False)


class WordNew(WordIn):
    term = serializers.CharField(max_length=120)


class Glossary(IdempotentView):
    """Every word, by term whatever its case; `q` searches terms and meanings."""

    access = {"read": READING, "POST": ADMINISTRATION}
    cursor_ordering = queries.ORDERS["words"]

    @extend_schema(tags=TAGS, parameters=[OpenApiParameter("q", str)], responses=WordOut(many=True))
    def get(self, request: Request) -> Response:
        found = queries.rows("words", q=request.query_params.get("q", ""))
        return paged(self, request, found, lambda page: many(WordOut, page))

    @extend_schema(tags=TAGS, request=WordNew, responses={201: WordOut})
    def post(self, request: Request) -> Response:
        row = catalogue.add(of="words", by=signed_in(request), values=validated(WordNew(data=request.data)))
        return _answer(row.pk, status=201)


class GlossaryWord(IdempotentView):
    """One word. DELETE takes it out: the language check questions it again."""

    access = {"read": READING, "PATCH": ADMINISTRATION, "DELETE": ADMINISTRATION}

    @extend_schema(tags=TAGS, responses=WordOut)
    def get(self, request: Request, pk: int) -> Response:
        return _answer(pk)

    @extend_schema(tags=TAGS, request=WordIn, responses=WordOut, parameters=[IF_MATCH])
    def patch(self, request: Request, pk: int) -> Response:
        changes = validated(WordIn(data=request.data))
        catalogue.change(of="words", key=str(pk), by=signed_in(request), changes=changes, version=expected_tag(request))
        return _answer(pk)

    @extend_schema(tags=TAGS, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        catalogue.remove_word(key=str(pk), by=signed_in(request))
        return Response(status=204)


def _answer(pk: int, *, status: int = 200) -> Response:
    row = queries.one("words", pk)
    if row is None:
        raise Http404
    return Response(WordOut(row).data, status=status, headers={"ETag": etag(queries.version("words", row))})
