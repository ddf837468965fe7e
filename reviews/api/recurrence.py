"""Factors that came back over REST: what is linked, what looks alike, the list over twelve months."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.permissions import Access
from reviews.api.base import ReviewsView, answer
from reviews.models import ContributingFactor
from reviews.queries import recurrence as queries
from reviews.queries import reviews as review_queries
from reviews.services import recurrence
from reviews.services.factors import UnknownFactor
from teams.rules import roles

READ = Access("read", roles.REVIEW_READERS)
WRITE = Access("reviews", roles.REVIEWERS)
TAGS = ["reviews"]


class LinkedFactorShape(serializers.Serializer[Any]):
    """A factor of some review, as links and lists name it."""

    id = serializers.IntegerField()
    incident = serializers.CharField(source="review.incident.reference")
    service = serializers.CharField(source="review.incident.service.slug")
    declared_at = serializers.DateTimeField(source="review.incident.declared_at")
    statement = serializers.CharField()
    kind = serializers.CharField()
    layer = serializers.CharField()


class SimilarFactorShape(serializers.Serializer[Any]):
    """One that looks alike, with why."""

    factor = LinkedFactorShape()
    why = serializers.CharField()


class FactorLinksShape(serializers.Serializer[Any]):
    """How often the factor stood in reviews of twelve months, with what, and what looks like it. `priority` is
    recurrence × effect × changeability, null until both were judged."""

    recurrence = serializers.IntegerField()
    priority = serializers.IntegerField(allow_null=True)
    linked = LinkedFactorShape(many=True)
    similar = SimilarFactorShape(many=True)


class RecurringFactorShape(serializers.Serializer[Any]):
    """One condition that came back, with its factors newest first."""

    id = serializers.IntegerField(source="key")
    recurrence = serializers.IntegerField()
    priority = serializers.IntegerField(allow_null=True)
    factors = LinkedFactorShape(many=True)


class RecurringFactorList(serializers.Serializer[Any]):
    """The first fifty, what to look at first at the top."""

    results = RecurringFactorShape(many=True)


class FactorLinkInput(serializers.Serializer[Any]):
    """The factor of another review that is the same condition."""

    factor = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class FactorLinks(ReviewsView):
    """What one factor is linked to. POST links, DELETE takes this factor out of its links."""

    access = {"read": READ, "POST": WRITE, "DELETE": WRITE}

    @extend_schema(tags=TAGS, responses=FactorLinksShape)
    def get(self, request: Request, reference: str, pk: int) -> Response:
        return self._links(reference, pk)

    @extend_schema(tags=TAGS, request=FactorLinkInput, responses={201: FactorLinksShape})
    def post(self, request: Request, reference: str, pk: int) -> Response:
        other = self.taken(FactorLinkInput)["factor"]
        recurrence.link(reference=reference, factor_id=pk, other_id=other, person=self.person())
        return self._links(reference, pk, status=201)

    @extend_schema(tags=TAGS, responses={204: None})
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        recurrence.unlink(reference=reference, factor_id=pk, person=self.person())
        return Response(status=204)

    def _links(self, reference: str, pk: int, *, status: int = 200) -> Response:
        seen = review_queries.visible_factors(self.person()).filter(pk=pk, review__incident__reference=reference)
        factor: ContributingFactor | None = seen.first()
        if factor is None:
            raise UnknownFactor(f"This review has no factor {pk}.")
        now = timezone.now()
        found = queries.linked([factor], person=self.person(), now=now).get(factor.pk)
        shown = {
            "recurrence": found.recurrence if found else 1,
            "priority": found.priority if found else queries.priority_alone(factor),
            "linked": [one for one in found.factors if one.pk != factor.pk] if found else [],
            "similar": queries.similar(factor, person=self.person(), now=now),
        }
        return answer(FactorLinksShape(shown).data, status=status)


class RecurringFactors(ReviewsView):
    """What contributed more than once in twelve months."""

    access = {"read": READ}

    @extend_schema(tags=TAGS, operation_id="recurring_factors", responses=RecurringFactorList)
    def get(self, request: Request) -> Response:
        found = queries.everything(self.person(), now=timezone.now())
        return answer({"results": RecurringFactorShape(found, many=True).data})
