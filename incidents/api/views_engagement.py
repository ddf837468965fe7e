"""Teams at work on one incident: ask, answer, release, feedback."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import serializers_room as serializers
from incidents.api.fields import visible
from incidents.models import Engagement
from incidents.queries import engagements as queries
from incidents.services.work import engagements, feedback
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.choices import Role
from teams.rules import roles

_ASKERS = roles.COMMANDERS | {Role.COMMUNICATIONS}


class EngagementList(IdempotentView):
    """Every team that was asked; asking goes out at once."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "POST": Access("teams", _ASKERS),
    }
    cursor_ordering = ("-asked_at", "-id")

    @extend_schema(responses=serializers.EngagementOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = queries.of_incident(visible(request, reference))
        return paged(self, request, found, lambda page: many(serializers.EngagementOut, page))

    @extend_schema(request=serializers.EngageIn, responses={201: serializers.EngagementOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(serializers.EngageIn(data=request.data))
        asked = engagements.engage(reference=reference, person=signed_in(request), now=timezone.now(), **fields)
        return Response(serializers.EngagementOut(asked).data, status=201)


class EngagementStep(IdempotentView):
    """One step of one team; which one is given by the address."""

    access = {"POST": Access("teams", roles.TEAM_ANSWERERS)}
    verb: Callable[..., Engagement] | None = None

    @extend_schema(request=None, responses=serializers.EngagementOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        _engagement(request, reference, pk)
        verb: Any = self.verb
        changed = verb(engagement_id=pk, person=signed_in(request), now=timezone.now())
        return Response(serializers.EngagementOut(changed).data)


class AskAgain(IdempotentView):
    """Repeats an unanswered call, when the team's profile allows it."""

    access = {"POST": Access("teams", _ASKERS)}

    @extend_schema(request=None, responses=serializers.EngagementOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        _engagement(request, reference, pk)
        asked = engagements.ask_again(engagement_id=pk, person=signed_in(request), now=timezone.now())
        return Response(serializers.EngagementOut(asked).data)


class Feedback(IdempotentView):
    """How it went, from the team and from the manager."""

    access = {"POST": Access("teams", roles.TEAM_ANSWERERS)}

    @extend_schema(request=serializers.FeedbackIn, responses={201: serializers.FeedbackOut})
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _engagement(request, reference, pk)
        fields = validated(serializers.FeedbackIn(data=request.data))
        given = feedback.give(
            engagement_id=pk,
            person=signed_in(request),
            answers={name: fields.pop(name) for name in feedback.QUESTIONS},
            now=timezone.now(),
            **fields,
        )
        return Response(serializers.FeedbackOut(given).data, status=201)


def _engagement(request: Request, reference: str, pk: int) -> None:
    if not queries.of_incident(visible(request, reference)).filter(pk=pk).exists():
        raise exceptions.NotFound("There is no such engagement.")
