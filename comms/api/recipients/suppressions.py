"""mail-reports/, suppressions/ and opt-outs/: what came back, and which addresses get no updates."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import SUPPRESSING, MailTrouble
from comms.queries.recipients import opt_outs as opt_out_queries
from comms.queries.recipients import suppressions as queries
from comms.services.recipients import opt_outs
from comms.services.sending import mail_reports
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["audiences"]
MOST_OF_A_MAIL = 1_000_000  # bytes
_ADMINISTRATION = Access("admin", roles.ADMINISTRATORS)


class MailReportInput(serializers.Serializer[Any]):
    """One report, by the Message-ID of our copy or, where that is not known, by its address."""

    kind = serializers.ChoiceField(choices=MailTrouble.choices)
    message_id = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    address = serializers.EmailField(max_length=320, required=False, allow_blank=True, default="")
    detail = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default="", help_text="what the server said"
    )


class MailReportShape(serializers.Serializer[Any]):
    changed = serializers.BooleanField(help_text="false where the report says nothing new")


class SuppressionShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    address = serializers.CharField()
    reason = serializers.ChoiceField(choices=SUPPRESSING)
    detail = serializers.CharField()
    suppressed_at = serializers.DateTimeField()


class OptOutShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    address = serializers.CharField()
    audience = serializers.CharField(source="audience.code")
    opted_out_at = serializers.DateTimeField()


class LiftInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class LiftedShape(SuppressionShape):
    lifted_at = serializers.DateTimeField()
    lift_reason = serializers.CharField()


class RawMailParser(BaseParser):
    """A mail as it came; of a long one the beginning, which has all that is asked."""

    media_type = "message/rfc822"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> dict[str, str]:
        return {"message": stream.read(MOST_OF_A_MAIL).decode("latin-1")}


class MailReports(IdempotentView):
    """Take in what a mail provider reports, or the mail itself in which a server reports it (message/rfc822).

    The same report again changes nothing, with or without Idempotency-Key.
    """

    access = {"POST": Access("mail", roles.ADMINISTRATORS)}
    parser_classes = (JSONParser, RawMailParser)

    @extend_schema(
        tags=TAGS,
        request={"application/json": MailReportInput, "message/rfc822": OpenApiTypes.BINARY},
        responses=MailReportShape,
    )
    def post(self, request: Request) -> Response:
        if request.content_type.partition(";")[0].strip().lower() == RawMailParser.media_type:
            assert isinstance(request.data, dict)
            raw = request.data["message"].encode("latin-1")
            return Response({"changed": mail_reports.report_message(raw=raw, by=signed_in(request))})
        taken = validated(MailReportInput(data=request.data))
        changed = mail_reports.report(
            kind=MailTrouble(taken["kind"]),
            by=signed_in(request),
            message_id=taken["message_id"],
            address=taken["address"],
            detail=taken["detail"],
        )
        return Response({"changed": changed})


class Suppressions(IdempotentView):
    """Addresses that get no updates, the last ones first; `q` searches."""

    access = {"read": _ADMINISTRATION}

    @extend_schema(tags=TAGS, parameters=[OpenApiParameter("q", str)], responses=SuppressionShape(many=True))
    def get(self, request: Request) -> Response:
        found = queries.current(q=request.query_params.get("q", ""))
        return paged(self, request, found, lambda page: many(SuppressionShape, page))


class LiftSuppression(IdempotentView):
    """Updates go to the address again; `reason` says why it will work now."""

    access = {"POST": _ADMINISTRATION}

    @extend_schema(tags=TAGS, request=LiftInput, responses=LiftedShape)
    def post(self, request: Request, pk: int) -> Response:
        reason = validated(LiftInput(data=request.data))["reason"]
        row = mail_reports.lift(suppression_id=pk, person=signed_in(request), reason=reason, now=timezone.now())
        return Response(LiftedShape(row).data)


class OptOuts(IdempotentView):
    """Addresses whose readers opted out of an audience's updates, the last ones first; `q` searches."""

    access = {"read": _ADMINISTRATION}

    @extend_schema(tags=TAGS, parameters=[OpenApiParameter("q", str)], responses=OptOutShape(many=True))
    def get(self, request: Request) -> Response:
        found = opt_out_queries.current(q=request.query_params.get("q", ""))
        return paged(self, request, found, lambda page: many(OptOutShape, page))


class LiftOptOut(IdempotentView):
    """The audience's updates go to the address again; `reason` says who asked for it."""

    access = {"POST": _ADMINISTRATION}

    @extend_schema(tags=TAGS, request=LiftInput, responses=OptOutShape)
    def post(self, request: Request, pk: int) -> Response:
        reason = validated(LiftInput(data=request.data))["reason"]
        row = opt_outs.lift(opt_out_id=pk, person=signed_in(request), reason=reason)
        return Response(OptOutShape(row).data)
