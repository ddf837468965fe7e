"""templates/: what messages begin with, by kind and audience, read and written over REST."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import UpdateKind
from comms.models import Audience
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import languages
from comms.queries.writing import templates as queries
from comms.rendering import drafts
from comms.rules import templates as rules
from comms.services.writing import templates
from mim_portal.api.bodies import validated
from mim_portal.api.etags import etag, expected_version
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

POLICY = Access("admin", roles.POLICY_EDITORS)
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)


class TemplateShape(serializers.Serializer[Any]):
    """What is in use: the organisation's own (`version` and up from 1), or the built-in one."""

    kind = serializers.ChoiceField(choices=UpdateKind.choices)
    audience = serializers.CharField()
    language = serializers.CharField()
    is_own = serializers.BooleanField()
    version = serializers.IntegerField()
    fault = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.CharField()
    sms = serializers.CharField()
    status_text = serializers.CharField()


class TemplateInput(serializers.Serializer[Any]):
    """The sources; an empty one is the built-in template's."""

    subject = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    body = serializers.CharField(required=False, allow_blank=True, max_length=8000)
    sms = serializers.CharField(required=False, allow_blank=True, max_length=8000)
    status_text = serializers.CharField(required=False, allow_blank=True, max_length=8000)


class TemplateList(IdempotentView):
    """Every kind for every audience."""

    access = {"read": POLICY}

    @extend_schema(tags=["templates"], responses=TemplateShape(many=True))
    def get(self, request: Request) -> Response:
        language = languages.current()
        shapes = [
            shape(kind, audience, language=language) for kind in rules.KINDS for audience in audience_queries.active()
        ]
        return Response({"next": None, "previous": None, "results": TemplateShape(shapes, many=True).data})


class TemplateDetail(IdempotentView):
    """One template. PUT saves a version (400 `faulty` with `faults[]`: part, line, message); DELETE gives it up."""

    access = {"read": POLICY, "PUT": POLICY, "DELETE": POLICY}

    @extend_schema(tags=["templates"], responses=TemplateShape)
    def get(self, request: Request, kind: str, audience: str) -> Response:
        return _answer(kind, audience)

    @extend_schema(tags=["templates"], request=TemplateInput, responses=TemplateShape, parameters=[IF_MATCH])
    def put(self, request: Request, kind: str, audience: str) -> Response:
        parts = validated(TemplateInput(data=request.data))
        templates.save(
            kind=kind,
            audience=audience,
            parts=parts,
            by=signed_in(request),
            now=timezone.now(),
            version=expected_version(request),
        )
        return _answer(kind, audience)

    @extend_schema(tags=["templates"], responses={204: None})
    def delete(self, request: Request, kind: str, audience: str) -> Response:
        templates.use_built_in(kind=kind, audience=audience, by=signed_in(request))
        return Response(status=204)


def shape(kind: str, audience: Audience, *, language: str) -> dict[str, Any]:
    """The template that is in use, as the API shows it."""
    own = queries.own(kind=kind, audience=audience)
    newest = queries.newest(own) if own else None
    used = newest if own is not None and own.is_in_use else None
    usual = drafts.built_in(kind, audience=audience, language=language)
    return {
        "kind": kind,
        "audience": audience.code,
        "language": settings.LANGUAGE_CODE,
        "is_own": used is not None,
        "version": newest.number if newest else 0,
        "fault": own.fault if own else "",
        **queries.parts(used).over(usual).as_dict(),
    }


def _answer(kind: str, code: str) -> Response:
    audience = Audience.objects.filter(code=code).first()
    if audience is None or kind not in rules.KINDS:
        raise Http404
    found = shape(kind, audience, language=languages.current())
    return Response(TemplateShape(found).data, headers={"ETag": etag(found["version"])})
