"""Oneself."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api import serializers
from teams.api.base import signed_in


class Me(IdempotentView):
    """Who the token belongs to, and what it may do."""

    access = {"read": Access("read")}

    @extend_schema(responses=serializers.MeOut)
    def get(self, request: Request) -> Response:
        context = {"scopes": getattr(request.auth, "scopes", None)}
        return Response(serializers.MeOut(signed_in(request), context=context).data)
