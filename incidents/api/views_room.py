"""Handovers, impact versions and the timeline of one incident."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import serializers_room as serializers
from incidents.api.fields import visible
from incidents.api.serializers_incident import ImpactOut, ImpactVersionIn
from incidents.models import Handover
from incidents.queries import command as commands
from incidents.queries import impact as statements
from incidents.queries import timeline
from incidents.services.accountability import command
from incidents.services.record import impact, notes
from mim_portal.api import etags
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles


class HandoverList(IdempotentView):
    """Offers of accountability; offering does not move it."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "POST": Access("command", roles.COMMANDERS),
    }
    cursor_ordering = ("-offered_at", "-id")

    @extend_schema(responses=serializers.HandoverOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = commands.handovers(visible(request, reference))
        return paged(self, request, found, lambda page: many(serializers.HandoverOut, page))

    @extend_schema(request=serializers.OfferIn, responses={201: serializers.HandoverOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(serializers.OfferIn(data=request.data))
        to = fields.pop("to")
        offered = command.offer(
            reference=reference, person=signed_in(request), to=to, fields=fields, now=timezone.now()
        )
        return Response(serializers.HandoverOut(offered).data, status=201)


class HandoverAccept(IdempotentView):
    """The receiver says what is due next, and is accountable from then on."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=serializers.RestatementIn, responses=serializers.HandoverOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _handover(request, reference, pk)
        restatement = validated(serializers.RestatementIn(data=request.data))["restatement"]
        accepted = command.accept(
            handover_id=pk, person=signed_in(request), restatement=restatement, now=timezone.now()
        )
        return Response(serializers.HandoverOut(accepted).data)


class HandoverDecline(IdempotentView):
    """The receiver cannot; the giver stays accountable."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=serializers.ReasonIn, responses=serializers.HandoverOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _handover(request, reference, pk)
        reason = validated(serializers.ReasonIn(data=request.data)).get("reason", "")
        declined = command.decline(handover_id=pk, person=signed_in(request), reason=reason, now=timezone.now())
        return Response(serializers.HandoverOut(declined).data)


class HandoverWithdraw(IdempotentView):
    """The giver takes the offer back."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=serializers.ReasonIn, responses=serializers.HandoverOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _handover(request, reference, pk)
        reason = validated(serializers.ReasonIn(data=request.data)).get("reason", "")
        withdrawn = command.withdraw(handover_id=pk, person=signed_in(request), reason=reason, now=timezone.now())
        return Response(serializers.HandoverOut(withdrawn).data)


class Takeover(IdempotentView):
    """Steps in for a manager who cannot be reached; an administrator appoints a manager."""

    access = {"POST": Access("command", roles.COMMANDERS | roles.ADMINISTRATORS)}

    @extend_schema(request=serializers.TakeoverIn, responses={204: None})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        given = validated(serializers.TakeoverIn(data=request.data))
        command.take_over(
            reference=reference,
            person=signed_in(request),
            reason=given.get("reason", ""),
            manager=given.get("manager"),
            now=timezone.now(),
        )
        return Response(status=204)


class ImpactList(IdempotentView):
    """Every version of the impact, the newest first. The ETag names the version that stands; a new one may say with
    If-Match which version it was written from, and is refused with 412 where somebody else was faster.
    """

    access = {
        "read": Access("read", roles.EVERY_ROLE),
        "POST": Access("command", roles.WRITERS),
    }
    cursor_ordering = "-version"

    @extend_schema(responses=ImpactOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        incident = visible(request, reference)
        answer = paged(self, request, statements.versions(incident), lambda page: many(ImpactOut, page))
        answer["ETag"] = etags.etag(statements.current_version(incident))
        return answer

    @extend_schema(
        request=ImpactVersionIn,
        responses={201: ImpactOut},
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
    )
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(ImpactVersionIn(data=request.data))
        reason, evidence_at = fields.pop("revision_reason"), fields.pop("evidence_at", None)
        version = impact.state(
            reference=reference,
            person=signed_in(request),
            fields=fields,
            revision_reason=reason,
            evidence_at=evidence_at,
            version=etags.expected_version(request),
            now=timezone.now(),
        )
        return Response(ImpactOut(version).data, status=201, headers={"ETag": etags.etag(version.version)})


class Timeline(IdempotentView):
    """The event log, the newest first; people add notes, nobody edits."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "POST": Access("command", roles.ROOM_WRITERS),
    }
    cursor_ordering = "-seq"

    @extend_schema(responses=serializers.EntryOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = timeline.entries(visible(request, reference))
        return paged(self, request, found, lambda page: many(serializers.EntryOut, timeline.worded(page)))

    @extend_schema(request=serializers.NoteIn, responses={201: serializers.EntryOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(serializers.NoteIn(data=request.data))
        entry = notes.note(reference=reference, person=signed_in(request), now=timezone.now(), **fields)
        entry.refresh_from_db()
        return Response(serializers.EntryOut(timeline.worded([entry])[0]).data, status=201)


def _handover(request: Request, reference: str, pk: int) -> Handover:
    found = Handover.objects.filter(incident=visible(request, reference), pk=pk).first()
    if found is None:
        raise exceptions.NotFound("There is no such handover.")
    return found
