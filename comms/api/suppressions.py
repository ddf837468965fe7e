"""mail-reports/ and suppressions/: what came back, and which addresses get no updates."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import SUPPRESSING, MailTrouble
from comms.queries.recipients import suppressions as queries
from comms.services.sending import mail_reports
from incidents.api.fields import signed_in, validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.rules import roles

TAGS = ["audiences"]
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


class LiftInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class LiftedShape(SuppressionShape):
    lifted_at = serializers.DateTimeField()
    lift_reason = serializers.CharField()


class MailReports(IdempotentView):
    """Take in what a mail provider reports. The same report again changes nothing, with or without Idempotency-Key."""

    access = {"POST": Access("mail", roles.ADMINISTRATORS)}

    @extend_schema(tags=TAGS, request=MailReportInput, responses=MailReportShape)
    def post(self, request: Request) -> Response:
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


def _given(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
