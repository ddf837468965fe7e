"""Between desk and practice: disputes of a score, feedback both ways, months, and the fix of the month."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import serializers_desk as serializers
from incidents.api.fields import visible
from incidents.models import Candidate, Incident
from incidents.queries import desk, desk_feedback, desk_months
from incidents.queries import disputes as dispute_queries
from incidents.rules import intake_trends
from incidents.services.desk import desk_feedback as feedback_verbs
from incidents.services.desk import disputes, intake_fixes
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles


class DisputeList(IdempotentView):
    """How a record was read, disputed by the desk."""

    access = {"read": Access("read", roles.DESK_READERS), "POST": Access("raise", roles.DESK)}

    @extend_schema(responses=serializers.DisputeOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = dispute_queries.of_candidate(_candidate(request, reference))
        return Response(many(serializers.DisputeOut, found))

    @extend_schema(request=serializers.DisputeIn, responses={201: serializers.DisputeOut})
    def post(self, request: Request, reference: str) -> Response:
        _candidate(request, reference)
        fields = validated(serializers.DisputeIn(data=request.data))
        made = disputes.dispute(
            reference=reference, item=fields.get("item", ""), reason=fields["reason"], person=signed_in(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(serializers.DisputeOut(made).data, status=201)


class DisputeAnswer(IdempotentView):
    """Kept with a reason, or corrected item by item."""

    access = {"POST": Access("reviews", roles.DISPUTE_ANSWERERS)}

    @extend_schema(request=serializers.DisputeAnswerIn, responses=serializers.DisputeOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        if dispute_queries.get(_candidate(request, reference), pk) is None:
            raise exceptions.NotFound
        fields = validated(serializers.DisputeAnswerIn(data=request.data))
        answered = disputes.answer(
            dispute_id=pk, answer=fields["answer"], corrections=fields.get("corrections") or {},
            person=signed_in(request), now=timezone.now(),
        )  # fmt: skip
        return Response(serializers.DisputeOut(answered).data)


class Feedback(IdempotentView):
    """The manager's two things that helped and one request, and the desk's answers together."""

    access = {"read": Access("read", roles.DESK_READERS), "POST": Access("reviews", roles.COMMANDERS)}

    @extend_schema(responses=serializers.DeskFeedbackOut)
    def get(self, request: Request, reference: str) -> Response:
        return Response(_both(visible(request, reference)))

    @extend_schema(request=serializers.DeskFeedbackIn, responses={201: serializers.WrittenOut})
    def post(self, request: Request, reference: str) -> Response:
        incident = visible(request, reference)
        fields = validated(serializers.DeskFeedbackIn(data=request.data))
        written = feedback_verbs.give(reference=reference, person=signed_in(request), now=timezone.now(), **fields)
        findings = serializers.FindingOut(written.findings, many=True).data
        return Response({**_both(incident), "findings": findings}, status=201)


class Rating(IdempotentView):
    """Did we tell you enough to answer callers? The person's one answer about the incident."""

    access = {"POST": Access("raise", roles.DESK)}

    @extend_schema(request=serializers.RatingIn, responses=serializers.DeskFeedbackOut)
    def post(self, request: Request, reference: str) -> Response:
        incident = visible(request, reference)
        fields = validated(serializers.RatingIn(data=request.data))
        feedback_verbs.rate(
            reference=reference, score=fields["score"], line=fields.get("line", ""), person=signed_in(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(_both(incident))


class Months(IdempotentView):
    """What the records of six months show together; nothing of a month in which fewer than five people raised."""

    access = {"read": Access("read", roles.DESK_READERS)}

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="The last month, such as 2026-11; without it this one")],
        responses=serializers.MonthsOut,
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params.get("month", "")
        try:
            last = datetime.strptime(asked, "%Y-%m").replace(tzinfo=UTC) if asked else timezone.now()
        except ValueError as error:
            raise exceptions.ValidationError({"month": "Give the month as 2026-11."}) from error
        found = desk_months.months(signed_in(request), last=intake_trends.first_of(last.astimezone(UTC).date()))
        return Response({"next": None, "previous": None, "results": [_month(one) for one in found]})


class Fixes(IdempotentView):
    """The one fix of each month, measured again after ten handovers."""

    access = {"read": Access("read", roles.DESK_READERS), "POST": Access("reviews", roles.FIX_AGREERS)}

    @extend_schema(responses=serializers.FixWithResult(many=True))
    def get(self, request: Request) -> Response:
        return Response(many(serializers.FixWithResult, desk_months.fixes(signed_in(request))))

    @extend_schema(request=serializers.FixIn, responses={201: serializers.FixOut})
    def post(self, request: Request) -> Response:
        fields = validated(serializers.FixIn(data=request.data))
        now = timezone.now()
        fix = intake_fixes.agree(month=now.astimezone(UTC).date(), person=signed_in(request), now=now, **fields)
        return Response(serializers.FixOut(fix).data, status=201)


def _both(incident: Incident) -> dict[str, Any]:
    given = desk_feedback.of(incident)
    together = desk_months.pooled(desk_feedback.ratings(incident))
    return {
        "feedback": serializers.FeedbackToDeskOut(given).data if given else None,
        "ratings": {
            "n": together.n,
            "is_shown": together.is_shown,
            "middle": together.middle,
            "counts": [{"score": score, "n": n} for score, n in together.counts],
            "lines": list(together.lines),
        },
    }


def _month(one: intake_trends.Month) -> dict[str, Any]:
    deficits = sorted(one.deficits.items(), key=lambda pair: (-pair[1].hits, pair[0]))
    return {
        "month": f"{one.first:%Y-%m}",
        "too_few": one.too_few,
        "records": one.records,
        "median": one.median,
        "first_time_right": asdict(one.first_time_right) if one.first_time_right else None,
        "asked_in_time": asdict(one.asked_in_time) if one.asked_in_time else None,
        "deficits": [
            {"code": code, "words": intake_trends.DEFICITS.get(code, code), **asdict(share)} for code, share in deficits
        ],
    }


def _candidate(request: Request, reference: str) -> Candidate:
    found = desk.get(person=signed_in(request), reference=reference)
    if found is None:
        raise exceptions.NotFound(f"There is no candidate {reference}.")
    return found
