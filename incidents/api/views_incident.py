"""Incidents: list, declare, read, edit, move."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import filters, representation
from incidents.api.fields import visible
from incidents.api.serializers_incident import AmendIn, DeclareIn, IncidentOut, TransitionIn
from incidents.queries import incidents, progress
from incidents.rules import lifecycle as rules
from incidents.rules.priority import Answered
from incidents.services.record import amending
from incidents.services.states import declaration, lifecycle, steps
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

_LIST = [*filters.FILTERS, OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]


class IncidentList(IdempotentView):
    """Every incident that the person may see, the latest first."""

    access = {
        "read": Access("read", roles.EVERY_ROLE),
        "POST": Access("command", roles.COMMANDERS),
    }
    cursor_ordering = incidents.ORDERING

    @extend_schema(parameters=_LIST, responses=IncidentOut(many=True))
    def get(self, request: Request) -> Response:
        found = incidents.listing(signed_in(request), filters.filters(request))
        return paged(self, request, found, representation.incidents)

    @extend_schema(request=DeclareIn, responses={201: IncidentOut})
    def post(self, request: Request) -> Response:
        fields = validated(DeclareIn(data=request.data))
        incident = declaration.declare(
            person=signed_in(request),
            impact_statement=fields.pop("impact_statement", {}),
            manager=fields.pop("manager", None),
            now=timezone.now(),
            **fields,
        )
        return representation.answer(incident, status=201)


class IncidentDetail(IdempotentView):
    """One incident; edits take If-Match, so that nobody overwrites what they have not read."""

    access = {
        "read": Access("read", roles.EVERY_ROLE),
        "PATCH": Access("command", roles.COMMANDERS),
    }

    @extend_schema(responses=IncidentOut)
    def get(self, request: Request, reference: str) -> Response:
        return representation.answer(visible(request, reference))

    @extend_schema(
        request=AmendIn,
        responses=IncidentOut,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
    )
    def patch(self, request: Request, reference: str) -> Response:
        incident = visible(request, reference)
        changes = validated(AmendIn(data=request.data))
        amended = amending.amend(
            reference=reference,
            person=signed_in(request),
            times=changes.pop("times", None),
            reason=changes.pop("reason", ""),
            downgrade={code: Answered(**one) for code, one in changes.pop("downgrade", {}).items()},
            changes=changes,
            version=representation.version_of(request, incident),
            now=timezone.now(),
        )
        return representation.answer(amended)


class TransitionList(IdempotentView):
    """Moves the incident; 409 names the states that it can enter."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=TransitionIn, responses=IncidentOut)
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        given = validated(TransitionIn(data=request.data))
        facts = {name: given.pop(name) for name in steps.NAMES if name in given}
        bodies.pass_over(rules.misplaced(to=given["to"], facts=facts, confirmed_by=given.get("confirmed_by", "")))
        moved = lifecycle.transition(
            reference=reference, person=signed_in(request), facts=facts, now=timezone.now(), **given
        )
        return representation.answer(moved, warnings=progress.warnings(moved))
