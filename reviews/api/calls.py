"""teams/{slug}/calls/: the calls that a team got, for its own members, and what one of them went against (L14, L15)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.choices import CallAgainst, EngagementState
from incidents.models import Engagement
from mim_portal.api.permissions import Access
from mim_portal.lib.refusals import Forbidden, Missing
from reviews.api.base import ReviewsView
from reviews.queries import calls as queries
from reviews.services.suggesting import calls
from teams.models import Team
from teams.rules import roles

TAGS = ["teams"]


class TeamCallShape(serializers.Serializer[Any]):
    """One call for help. What a member said of it is kept nowhere near it."""

    id = serializers.IntegerField(source="pk")
    incident = serializers.CharField(source="incident.reference")
    state = serializers.ChoiceField(choices=EngagementState.choices)
    asked_at = serializers.DateTimeField()
    profile_confirmed = serializers.SerializerMethodField(
        help_text="Whether there was a confirmed profile that it could have followed."
    )

    def get_profile_confirmed(self, call: Engagement) -> bool:
        return call.profile is not None and call.profile.confirmed_at is not None


class CallAgainstInput(serializers.Serializer[Any]):
    against = serializers.ChoiceField(
        choices=CallAgainst.choices, help_text="In the team's confirmed profile, or while it worked."
    )


class TeamCallsView(ReviewsView):
    """Of one team, for its members alone, whatever their roles."""

    def of_own_team(self, slug: str) -> Any:
        """The calls of thirty days that the caller may see; 403 for everybody else."""
        team = Team.objects.filter(slug=slug).first()
        if team is None:
            raise Missing(_("There is no such team."))
        if not self.person().is_member(team.pk):
            raise Forbidden(queries.MEMBERS_ONLY % team.name)
        return queries.of_team(team, viewer=self.person(), now=timezone.now())


class TeamCalls(TeamCallsView):
    """The calls of the last thirty days, newest first."""

    access = {"read": Access("read", roles.ROOM_READERS)}

    @extend_schema(tags=TAGS, operation_id="team_calls_list", responses=TeamCallShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        paginator, page = self.page(self.of_own_team(slug), request)
        return paginator.get_paginated_response(TeamCallShape(page, many=True).data)


class TeamCallAgainst(TeamCallsView):
    """A call went against the team's confirmed profile, or executives joined where it worked (`bridge`, which needs no
    profile): the manager of that moment is asked in private.

    Nobody who says so is kept, and nothing stands in the room. Said twice, it is one entry; the answer is empty.
    """

    access = {"POST": Access("teams", roles.ROOM_READERS)}

    @extend_schema(tags=TAGS, request=CallAgainstInput, responses={204: None})
    def post(self, request: Request, slug: str, engagement_id: int) -> Response:
        against = self.taken(CallAgainstInput)["against"]
        if not self.of_own_team(slug).filter(pk=engagement_id).exists():
            raise Missing(_("There is no such call."))
        calls.against_profile(engagement_id=engagement_id, against=against, now=timezone.now())
        return Response(status=204)
