"""Profiles of teams, and oneself."""

import re

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api import serializers
from teams.api.base import signed_in
from teams.models import EngagementProfile, Team
from teams.queries import calling
from teams.rules import roles
from teams.services import profiles


class TeamProfile(IdempotentView):
    """The version that holds; members of the team write the next one (If-Match keeps two from overwriting)."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "PATCH": Access("teams", roles.EVERY_ROLE),
        "PUT": Access("teams", roles.EVERY_ROLE),
    }

    @extend_schema(responses=serializers.ProfileOut)
    def get(self, request: Request, slug: str) -> Response:
        profile = calling.current_profile(_team(slug))
        if profile is None:
            raise exceptions.NotFound("This team has no profile yet.")
        return _answer(profile)

    @extend_schema(
        request=serializers.ProfileIn,
        responses=serializers.ProfileOut,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
    )
    def patch(self, request: Request, slug: str) -> Response:
        fields = validated(serializers.ProfileIn(data=request.data))
        team = _team(slug)
        profile = profiles.write(
            team=team,
            person=signed_in(request),
            fields=fields,
            version=_version(request, team),
            now=timezone.now(),
        )
        return _answer(profile)

    @extend_schema(request=serializers.ProfileIn, responses=serializers.ProfileOut)
    def put(self, request: Request, slug: str) -> Response:
        return self.patch(request, slug)


class Me(IdempotentView):
    """Who the token belongs to, and what it may do."""

    access = {"read": Access("read")}

    @extend_schema(responses=serializers.MeOut)
    def get(self, request: Request) -> Response:
        context = {"scopes": getattr(request.auth, "scopes", None)}
        return Response(serializers.MeOut(signed_in(request), context=context).data)


def _team(slug: str) -> Team:
    team = Team.objects.filter(slug=slug, is_active=True).prefetch_related("contacts", "services").first()
    if team is None:
        raise exceptions.NotFound(f"There is no team {slug}.")
    return team


def _answer(profile: EngagementProfile) -> Response:
    tag = f'"{profile.team.slug}.{profile.version}"'
    return Response(serializers.ProfileOut(profile).data, headers={"ETag": tag})


def _version(request: Request, team: Team) -> int | None:
    tag = request.headers.get("If-Match", "").strip()
    if not tag or tag == "*":
        return None
    match = re.fullmatch(rf'(?:W/)?"?{re.escape(team.slug)}\.(\d+)"?', tag)
    if match is None:
        raise profiles.Outdated("If-Match names another version. Read the profile again.")
    return int(match[1])
