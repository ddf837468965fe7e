"""People, for administrators: the list, inviting, and what may be changed."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.etags import etag, expected_tag
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api import catalogue_serializers as serializers
from teams.api.base import signed_in
from teams.models import Person
from teams.queries import people as queries
from teams.rules import roles
from teams.services import invitations, people

ADMINISTRATION = Access("admin", roles.ADMINISTRATORS)
_IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
_ACTIVE = {"true": True, "false": False}


class PeopleList(IdempotentView):
    """Everybody by user name; POST invites somebody, who gets one mail."""

    access = {"GET": ADMINISTRATION, "POST": ADMINISTRATION}
    cursor_ordering = "username"

    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in ("q", "role", "team", "active", "readers")],
        responses=serializers.PersonOut(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        chosen = queries.Filters(
            q=asked.get("q", ""),
            role=asked.get("role", ""),
            team=asked.get("team", ""),
            active=_ACTIVE.get(asked.get("active", "")),
            readers=asked.get("readers", "") == "true",
        )
        return paged(self, request, queries.listing(chosen), lambda page: many(serializers.PersonOut, page))

    @extend_schema(request=serializers.InvitationIn, responses={201: serializers.PersonOut})
    def post(self, request: Request) -> Response:
        given = serializers.InvitationIn(data=request.data)
        validated(given)
        made = people.invite(by=signed_in(request), now=timezone.now(), **given.changes())
        return _answer(_found(made.person.username), status=status.HTTP_201_CREATED)


class PersonDetail(IdempotentView):
    """One person; PATCH changes roles, teams, account and the rest. If-Match keeps two from overwriting."""

    access = {"GET": ADMINISTRATION, "PATCH": ADMINISTRATION}

    @extend_schema(responses=serializers.PersonOut)
    def get(self, request: Request, username: str) -> Response:
        return _answer(_found(username))

    @extend_schema(request=serializers.PersonChange, responses=serializers.PersonOut, parameters=[_IF_MATCH])
    def patch(self, request: Request, username: str) -> Response:
        given = serializers.PersonChange(data=request.data)
        validated(given)
        changed = people.change(
            person_id=_found(username).pk,
            by=signed_in(request),
            changes=given.changes(),
            now=timezone.now(),
            version=expected_tag(request),
        )
        return _answer(changed)


class PersonInvitation(IdempotentView):
    """POST sends the invitation, again too; DELETE withdraws it."""

    access = {"POST": ADMINISTRATION, "DELETE": ADMINISTRATION}

    @extend_schema(request=None, responses=serializers.PersonOut)
    def post(self, request: Request, username: str) -> Response:
        bodies.nothing(request)
        person = _found(username)
        invitations.send(person_id=person.pk, by=signed_in(request), now=timezone.now())
        return _answer(_found(username))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        invitations.withdraw(person_id=_found(username).pk, by=signed_in(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _found(username: str) -> Person:
    found = queries.by_username(username)
    if found is None:
        raise Http404
    return found


def _answer(person: Person, **options: Any) -> Response:
    return Response(serializers.PersonOut(person).data, headers={"ETag": etag(queries.version(person))}, **options)
