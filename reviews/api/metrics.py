"""metrics/: every measure with its definition, over what the caller may see."""

from dataclasses import replace
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.choices import Priority
from mim_portal.api.permissions import Access
from reviews.api.base import ReviewsView, answer
from reviews.queries import downtime, feedback
from reviews.queries.metrics import figures
from reviews.queries.metrics.counting import Filters
from reviews.rules import metrics as rules
from teams.rules import roles


class MeasureShape(serializers.Serializer[Any]):
    """Lengths in seconds, shares from 0 to 1. Below eight values (`too_few`) there are dots instead of figures."""

    n = serializers.IntegerField()
    evidence = serializers.ChoiceField(choices=["too_few", "exploratory", "sound"])
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)
    rate = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="95 %: of the median, or of the share."
    )
    dots = serializers.ListField(child=serializers.FloatField())
    invalid = serializers.IntegerField(help_text="Records whose times contradict each other; never counted as zero.")


class AudienceMeasureShape(MeasureShape):
    audience = serializers.CharField()


class FigureShape(MeasureShape):
    """One measure: its figures for everything, and for each audience where it has one."""

    code = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.ChoiceField(choices=["duration", "share", "score"])
    by_audience = AudienceMeasureShape(many=True)


class FeedbackAnswersShape(serializers.Serializer[Any]):
    """One question: its middle answer of 1 (no) to 5 (yes), and how often each was given."""

    question = serializers.ChoiceField(choices=list(dict.fromkeys((*feedback.QUESTIONS, *feedback.DESK_QUESTIONS))))
    middle = serializers.FloatField()
    counts = serializers.ListField(child=serializers.IntegerField(), help_text="Of 1, 2, 3, 4 and 5.")


class PooledFeedbackShape(serializers.Serializer[Any]):
    """One side over all teams; under five answers there is only their number."""

    side = serializers.ChoiceField(choices=feedback.SIDES)
    n = serializers.IntegerField()
    answers = FeedbackAnswersShape(many=True)


class DowntimeShape(serializers.Serializer[Any]):
    """Users times minutes, from `low` to `high`, over the `n` of `of` restored incidents where a number and its basis
    are recorded.
    """

    n = serializers.IntegerField()
    of = serializers.IntegerField()
    low = serializers.FloatField(source="sum.low")
    high = serializers.FloatField(source="sum.high")


class MetricsShape(serializers.Serializer[Any]):
    """All measures; the list is never paged."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = FigureShape(many=True)
    downtime = DowntimeShape(
        allow_null=True, help_text="In minutes of users; null where there are too many incidents to read one by one."
    )
    feedback = PooledFeedbackShape(many=True)


class MetricsQuery(serializers.Serializer[Any]):
    """Which incidents count: declared from (inclusive) to (exclusive), of a priority, of a service."""

    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    service = serializers.SlugField(required=False)
    team = serializers.SlugField(required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is no name that Python takes."""
        return super().get_fields() | {
            "from": serializers.DateTimeField(required=False),
            "to": serializers.DateTimeField(required=False),
        }


class MonthShape(MeasureShape):
    """The measure of the incidents declared in one month (UTC). From classes 2 % wide, so within 1 % of the value."""

    month = serializers.DateField(help_text="Its first day.")


class MonthsShape(serializers.Serializer[Any]):
    """One measure month by month, the oldest first; the list is never paged."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.ChoiceField(choices=["duration", "share", "score"])
    results = MonthShape(many=True)


_FILTERS = [
    OpenApiParameter("from", str, description="Declared at or after this time"),
    OpenApiParameter("to", str, description="Declared before this time"),
    OpenApiParameter("priority", str, enum=Priority.values),
    OpenApiParameter("service", str, description="Slug"),
    OpenApiParameter("team", str, description="Slug of the team that owns the service"),
]


def _filters(request: Request) -> Filters:
    query = MetricsQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    asked = query.validated_data
    return Filters(
        since=asked.get("from"),
        until=asked.get("to"),
        priority=asked.get("priority", ""),
        service=asked.get("service", ""),
        team=asked.get("team", ""),
    )


class Metrics(ReviewsView):
    """Every measure of the practice. Nothing is ranked by person or team."""

    access = {"read": Access("read", roles.REVIEW_READERS)}

    @extend_schema(tags=["metrics"], parameters=_FILTERS, responses=MetricsShape)
    def get(self, request: Request) -> Response:
        filters = _filters(request)
        many = figures.is_many(self.person(), filters)
        found = figures.figures(self.person(), filters=filters, now=timezone.now(), many=many)
        lost = downtime.total(self.person(), filters, many=many)
        pooled = feedback.pooled(self.person(), replace(filters, team=""))
        return answer(
            {
                "next": None,
                "previous": None,
                "results": [_shape(figure) for figure in found],
                "downtime": DowntimeShape(lost).data if lost else None,
                "feedback": [
                    PooledFeedbackShape({"side": side, "n": one.n, "answers": one.answers}).data
                    for side, one in pooled.items()
                ],
            }
        )


class Months(ReviewsView):
    """One measure month by month."""

    access = {"read": Access("read", roles.REVIEW_READERS)}

    @extend_schema(operation_id="metrics_months", tags=["metrics"], parameters=_FILTERS, responses=MonthsShape)
    def get(self, request: Request, code: str) -> Response:
        definition = rules.BY_CODE.get(code)
        if definition is None:
            raise Http404
        found = figures.by_month(self.person(), filters=_filters(request), definition=definition, now=timezone.now())
        return answer(
            {
                "next": None,
                "previous": None,
                "code": definition.code,
                "definition": definition.text,
                "unit": definition.unit,
                "results": [{"month": month.isoformat(), **MeasureShape(measure).data} for month, measure in found],
            }
        )


def _shape(figure: figures.Figures) -> dict[str, Any]:
    return {
        "code": figure.definition.code,
        "name": figure.definition.name,
        "definition": figure.definition.text,
        "unit": figure.definition.unit,
        **MeasureShape(figure.total).data,
        "by_audience": [{"audience": code, **MeasureShape(measure).data} for code, _, measure in figure.by_audience],
    }
