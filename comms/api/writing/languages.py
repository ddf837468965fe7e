"""language/: which language updates are written in."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.adapters import languagetool
from comms.queries.writing import languages as queries
from comms.rules.checking import catalogue
from comms.services.writing import languages
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from mim_portal.lib.refusals import Invalid
from teams.api.base import signed_in
from teams.rules import roles


class LanguageInput(serializers.Serializer[Any]):
    language = serializers.CharField(max_length=10)


class LanguageShape(serializers.Serializer[Any]):
    """What holds, what can be chosen, and the codes of the checks that read only English."""

    language = serializers.CharField()
    offered = serializers.ListField(child=serializers.CharField())
    reads_only_english = serializers.ListField(child=serializers.CharField())


class OrganisationLanguage(IdempotentView):
    """GET shows it; PUT chooses it for updates begun from now on."""

    access = {"GET": Access("read", roles.ROOM_READERS), "PUT": Access("admin", roles.POLICY_EDITORS)}

    @extend_schema(tags=["updates"], responses=LanguageShape)
    def get(self, request: Request) -> Response:
        return _answer(_offered())

    @extend_schema(tags=["updates"], request=LanguageInput, responses=LanguageShape)
    def put(self, request: Request) -> Response:
        chosen, offered = validated(LanguageInput(data=request.data))["language"], _offered()
        if chosen not in offered:
            raise Invalid(f"The language checker cannot read {chosen}: take one of `offered`.", field="language")
        languages.change(person=signed_in(request), language=chosen)
        return _answer(offered)


def _offered() -> list[str]:
    try:
        reported: frozenset[str] | None = languagetool.languages()
    except languagetool.LanguageUnavailable:
        reported = None
    return [tag for tag, _name in queries.offered(reported, held=queries.current())]


def _answer(offered: list[str]) -> Response:
    shown = {
        "language": queries.current(),
        "offered": offered,
        "reads_only_english": list(catalogue.READS_ONLY_ENGLISH),
    }
    return Response(LanguageShape(shown).data)
