"""teams/{slug}/profile/: what a team says about how it works, its versions, proposals and whether it proved right."""

import re

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api import serializers_profile as serializers
from teams.api.base import PersonView, signed_in
from teams.models import EngagementProfile, Team
from teams.queries import calling
from teams.queries import profiles as queries
from teams.rules import roles
from teams.services import profiles, proposals


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


class ProfileConfirm(PersonView):
    """A member says that the profile still holds."""

    access = {"POST": Access("teams", roles.EVERY_ROLE)}

    @extend_schema(request=None, responses=serializers.ProfileOut)
    def post(self, request: Request, slug: str) -> Response:
        bodies.nothing(request)
        return _answer(profiles.confirm(team=_team(slug), person=self.person(), now=timezone.now()))


class ProfileVersions(PersonView):
    """Every version, newest first; uses are incidents that the caller may see, never viewers."""

    access = {"read": Access("read", roles.ROOM_READERS)}

    @extend_schema(responses=serializers.VersionOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        rows = queries.versions(_team(slug), viewer=self.person())
        return Response({"results": serializers.VersionOut(rows, many=True).data})


class ProfileVotes(PersonView):
    """One vote a person and version; the newest counts."""

    access = {"POST": Access("teams", roles.ROOM_WRITERS)}

    @extend_schema(request=serializers.VoteIn, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        proposals.vote(team=_team(slug), person=self.person(), now=timezone.now(), **self.taken(serializers.VoteIn))
        return Response(status=204)


class ProposalList(PersonView):
    """What was proposed to the team, newest first; anybody of the practice proposes."""

    access = {"read": Access("read", roles.ROOM_READERS), "POST": Access("teams", roles.ROOM_WRITERS)}
    cursor_ordering = ("-proposed_at", "-id")

    @extend_schema(responses=serializers.ProposalOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        found = queries.of_team(_team(slug))
        return paged(self, request, found, lambda page: many(serializers.ProposalOut, page))

    @extend_schema(request=serializers.ProposalIn, responses={201: serializers.ProposalOut})
    def post(self, request: Request, slug: str) -> Response:
        fields = self.taken(serializers.ProposalIn)
        made = proposals.propose(team=_team(slug), person=self.person(), now=timezone.now(), **fields)
        return Response(serializers.ProposalOut(made).data, status=201)


class ProposalAccept(PersonView):
    """A member takes it up: a new version. If-Match keeps it from overwriting what changed meanwhile."""

    access = {"POST": Access("teams", roles.EVERY_ROLE)}

    @extend_schema(
        request=serializers.ProposalAnswerIn,
        responses=serializers.ProposalOut,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
    )
    def post(self, request: Request, slug: str, pk: int) -> Response:
        team = _team(slug)
        answered = proposals.accept(
            team=team,
            proposal_id=pk,
            person=self.person(),
            version=_version(request, team),
            now=timezone.now(),
            **self.taken(serializers.ProposalAnswerIn),
        )
        return Response(serializers.ProposalOut(answered).data)


class ProposalReject(PersonView):
    """A member says why not."""

    access = {"POST": Access("teams", roles.EVERY_ROLE)}

    @extend_schema(request=serializers.ProposalAnswerIn, responses=serializers.ProposalOut)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        words = self.taken(serializers.ProposalAnswerIn).get("answer", "")
        answered = proposals.reject(
            team=_team(slug), proposal_id=pk, person=self.person(), answer=words, now=timezone.now()
        )
        return Response(serializers.ProposalOut(answered).data)


def _team(slug: str) -> Team:
    team = Team.objects.filter(slug=slug, is_active=True).first()
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
