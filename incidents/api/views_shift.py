"""Shift handovers: all live incidents of a manager in one go."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import PersonField
from incidents.api.serializers_room import HandoverOut, ReasonIn
from incidents.models import ShiftHandover
from incidents.queries import command as queries
from incidents.rules.handover import BRIEF_FIELDS
from incidents.services.accountability import shifts
from incidents.services.accountability.shifts import Left, Outcome
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles


class HandoverBriefIn(serializers.Serializer[Any]):
    """What only the giver knows about one incident; what is not sent is stored as none."""

    def get_fields(self) -> dict[str, Any]:
        return {
            code: serializers.CharField(required=False, allow_blank=True, help_text=words)
            for code, words in BRIEF_FIELDS
        }


class ShiftHandoverIn(serializers.Serializer[Any]):
    """`to`, by default who comes next on the rota; `incidents`, by default all; `fields` by reference."""

    to = PersonField(required=False, allow_null=True, default=None)
    incidents = serializers.ListField(child=serializers.CharField(max_length=20), required=False, allow_null=True)
    fields = serializers.DictField(child=HandoverBriefIn(), required=False)  # type: ignore[assignment]


class ShiftHandoverAcceptIn(serializers.Serializer[Any]):
    """By reference, what is due next in own words; those that are named are taken."""

    restatements = serializers.DictField(child=serializers.CharField(allow_blank=True), allow_empty=False)


class LeftIncidentOut(serializers.Serializer[Left]):
    """An incident that did not move, and why."""

    incident = serializers.CharField(source="reference")
    code = serializers.CharField()
    message = serializers.CharField()


class ShiftHandoverOut(serializers.Serializer[ShiftHandover]):
    """A shift handover with the handover of each of its incidents."""

    id = serializers.IntegerField()
    offered_by = PersonField(read_only=True)
    to = PersonField(source="offered_to", read_only=True)
    offered_at = serializers.DateTimeField()
    handovers = HandoverOut(many=True)


class ShiftHandoverOutcomeOut(serializers.Serializer[Any]):
    """The same after a deed: `refused` has what did not move."""

    id = serializers.IntegerField()
    offered_by = PersonField(read_only=True)
    to = PersonField(source="offered_to", read_only=True)
    offered_at = serializers.DateTimeField()
    handovers = HandoverOut(many=True)
    refused = LeftIncidentOut(many=True)


class ShiftList(IdempotentView):
    """Shift handovers that one gave or was offered, the newest first."""

    access = {"read": Access("read", roles.COMMANDERS), "POST": Access("command", roles.COMMANDERS)}
    cursor_ordering = ("-offered_at", "-id")

    @extend_schema(responses=ShiftHandoverOut(many=True))
    def get(self, request: Request) -> Response:
        found = queries.shifts_of(signed_in(request))
        return paged(self, request, found, lambda page: many(ShiftHandoverOut, page))

    @extend_schema(request=ShiftHandoverIn, responses={201: ShiftHandoverOutcomeOut})
    def post(self, request: Request) -> Response:
        asked = validated(ShiftHandoverIn(data=request.data))
        outcome = shifts.offer(
            person=signed_in(request),
            to=asked["to"],
            references=asked.get("incidents"),
            fields=asked.get("fields"),
            now=timezone.now(),
        )
        return Response(_plain(outcome), status=201)


class ShiftAccept(IdempotentView):
    """Take the incidents that are named, each said back; all move at one instant."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=ShiftHandoverAcceptIn, responses=ShiftHandoverOutcomeOut)
    def post(self, request: Request, pk: int) -> Response:
        _own(request, pk)
        given = validated(ShiftHandoverAcceptIn(data=request.data))
        outcome = shifts.accept(
            shift_id=pk,
            person=signed_in(request),
            restatements=given["restatements"],
            now=timezone.now(),
        )
        return Response(_plain(outcome))


class ShiftEnd(IdempotentView):
    """Decline what is still open of it, or withdraw it."""

    access = {"POST": Access("command", roles.COMMANDERS)}
    verb: Any = None

    @extend_schema(request=ReasonIn, responses=ShiftHandoverOutcomeOut)
    def post(self, request: Request, pk: int) -> Response:
        _own(request, pk)
        reason = validated(ReasonIn(data=request.data)).get("reason", "")
        return Response(_plain(self.verb(shift_id=pk, person=signed_in(request), reason=reason, now=timezone.now())))


def _own(request: Request, pk: int) -> None:
    if not queries.shifts_of(signed_in(request)).filter(pk=pk).exists():
        raise exceptions.NotFound("There is no such handover.")


def _plain(outcome: Outcome) -> dict[str, Any]:
    shown = {
        "id": outcome.shift.pk,
        "offered_by": outcome.shift.offered_by,
        "offered_to": outcome.shift.offered_to,
        "offered_at": outcome.shift.offered_at,
        "handovers": outcome.handovers,
        "refused": outcome.left,
    }
    data: dict[str, Any] = dict(ShiftHandoverOutcomeOut(shown).data)
    return data
