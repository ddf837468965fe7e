"""reviews/: read, write, submit and sign off over REST."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api import bodies
from mim_portal.api.etags import etag, expected_version
from mim_portal.api.permissions import Access
from reviews.api import review_shapes as shapes
from reviews.api.base import ReviewsView, answer
from reviews.choices import FactorKind, FactorLayer, ReviewState
from reviews.models import Review
from reviews.queries import library, naming
from reviews.queries import reviews as review_queries
from reviews.rendering import blame, lines
from reviews.services import factors, reviews, signoff
from teams.rules import roles

READ = Access("read", roles.REVIEW_READERS)
WRITE = Access("reviews", roles.REVIEWERS)
SIGN = Access("reviews", roles.REVIEW_SIGNERS)
TAGS = ["reviews"]
LONGEST = 200  # characters of a question


class ReviewView(ReviewsView):
    """Answers with the whole review and its ETag."""

    def whole(self, reference: str, *, status: int = 200) -> Response:
        review = review_queries.get(reference, self.person())
        if review is None:
            raise reviews.UnknownReview(f"There is no review of {reference}.")
        shape = shapes.WholeReviewShape(review, context=_context(review))
        return answer(shape.data, status=status, etag=etag(review.version))


def _context(review: Review) -> dict[str, Any]:
    all_factors, all_actions = review_queries.factors(review), review_queries.actions(review)
    is_published = review.state == ReviewState.PUBLISHED
    phrases = naming.phrases(review.incident)
    if is_published:
        remarks = blame.remarks(blame.texts(review, all_factors, all_actions), review.lint_overrides)
    else:  # whoever is known becomes a role, and stands in nobody's way
        found = blame.of_draft(review, all_factors, all_actions, phrases=phrases)
        remarks = [remark for remark in found if remark.finding.text not in phrases]
    for action in all_actions:
        action.review = review
    return {
        "factors": all_factors,
        "actions": all_actions,
        "timeline": lines.lines(review_queries.chosen_entries(review), phrases=phrases if is_published else None),
        "findings": [
            signoff.described(remark.part, remark.finding)
            | {"blocking": remark.blocks, "override_reason": remark.override_reason}
            for remark in remarks
        ],
    }


class ReviewList(ReviewsView):
    """Reviews, newest first."""

    access = {"read": READ}

    @extend_schema(
        tags=TAGS,
        operation_id="reviews_list",
        parameters=[
            OpenApiParameter("state", str, enum=ReviewState.values),
            OpenApiParameter("incident", str, description="Reference of the incident"),
            OpenApiParameter("q", str, description="A reference, or words of the review, its factors and actions."),
            OpenApiParameter("service", str, description="Slug of the service."),
            OpenApiParameter("factor_kind", str, enum=FactorKind.values),
            OpenApiParameter("factor_layer", str, enum=FactorLayer.values, description="Of the same factor."),
        ],
        responses=shapes.ReviewShape(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = library.found(review_queries.visible_reviews(self.person()), _asked(request))
        if reference := request.query_params.get("incident"):
            rows = rows.filter(incident__reference=reference)
        paginator, page = self.page(rows, request)
        return paginator.get_paginated_response(shapes.ReviewShape(page, many=True).data)


def _asked(request: Request) -> library.Asked:
    """What the address asks for; 400 names what there is none of."""
    query = request.query_params
    for name, known in (
        ("state", ReviewState.values),
        ("factor_kind", FactorKind.values),
        ("factor_layer", FactorLayer.values),
    ):
        if query.get(name, "") not in {"", *known}:
            raise ValidationError({name: f"There is no {name} {query[name][:60]}. Use {', '.join(known)}."})
    text = query.get("q", "")
    if len(text) > LONGEST:
        raise ValidationError({"q": f"Use at most {LONGEST} characters."})
    return library.Asked(
        q=text,
        state=query.get("state", ""),
        service=query.get("service", ""),
        kind=query.get("factor_kind", ""),
        layer=query.get("factor_layer", ""),
    )


class ReviewDetail(ReviewView):
    """One review. PATCH its sections with If-Match, so that two writers cannot overwrite each other (412)."""

    access = {"read": READ, "PATCH": WRITE}

    @extend_schema(tags=TAGS, responses=shapes.WholeReviewShape)
    def get(self, request: Request, reference: str) -> Response:
        return self.whole(reference)

    @extend_schema(
        tags=TAGS,
        request=shapes.ReviewEdit,
        responses=shapes.WholeReviewShape,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
    )
    def patch(self, request: Request, reference: str) -> Response:
        reviews.edit(
            reference=reference,
            person=self.person(),
            version=expected_version(request),
            sections=self.taken(shapes.ReviewEdit)["sections"],
            now=timezone.now(),
        )
        return self.whole(reference)


class SubmitReview(ReviewView):
    """The draft is ready to be read by others."""

    access = {"POST": WRITE}

    @extend_schema(tags=TAGS, request=None, responses=shapes.WholeReviewShape)
    def post(self, request: Request, reference: str) -> Response:
        bodies.nothing(request)
        signoff.submit(reference=reference, person=self.person(), now=timezone.now())
        return self.whole(reference)


class SendBackReview(ReviewView):
    """There is more to write."""

    access = {"POST": WRITE}

    @extend_schema(tags=TAGS, request=None, responses=shapes.WholeReviewShape)
    def post(self, request: Request, reference: str) -> Response:
        bodies.nothing(request)
        signoff.send_back(reference=reference, person=self.person(), now=timezone.now())
        return self.whole(reference)


class SignOffReview(ReviewView):
    """Sign off, which publishes; 409 with the findings where blame was neither reworded nor answered for."""

    access = {"POST": SIGN}

    @extend_schema(tags=TAGS, request=shapes.SignOffInput, responses=shapes.WholeReviewShape)
    def post(self, request: Request, reference: str) -> Response:
        signoff.sign_off(
            reference=reference,
            person=self.person(),
            overrides=self.taken(shapes.SignOffInput).get("overrides", []),
            now=timezone.now(),
        )
        return self.whole(reference)


class OverrideFinding(ReviewView):
    """Let one finding of the blame lint stand, with the reason."""

    access = {"POST": WRITE}

    @extend_schema(tags=TAGS, request=shapes.OverrideFindingInput, responses=shapes.WholeReviewShape)
    def post(self, request: Request, reference: str) -> Response:
        signoff.override(
            reference=reference, person=self.person(), **self.taken(shapes.OverrideFindingInput), now=timezone.now()
        )
        return self.whole(reference)


class FactorList(ReviewsView):
    """Contributing factors of one review."""

    access = {"POST": WRITE}

    @extend_schema(tags=TAGS, request=shapes.FactorShape, responses={201: shapes.FactorShape})
    def post(self, request: Request, reference: str) -> Response:
        factor = factors.add(
            reference=reference, person=self.person(), **self.taken(shapes.FactorShape), now=timezone.now()
        )
        return answer(shapes.FactorShape(factor).data, status=201)


class FactorDetail(ReviewsView):
    """One contributing factor."""

    access = {"PUT": WRITE, "DELETE": WRITE}

    @extend_schema(tags=TAGS, request=shapes.FactorShape, responses=shapes.FactorShape)
    def put(self, request: Request, reference: str, pk: int) -> Response:
        factor = factors.change(
            reference=reference,
            factor_id=pk,
            person=self.person(),
            **self.taken(shapes.FactorShape),
            now=timezone.now(),
        )
        return answer(shapes.FactorShape(factor).data)

    @extend_schema(tags=TAGS, responses={204: None})
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        factors.remove(reference=reference, factor_id=pk, person=self.person(), now=timezone.now())
        return Response(status=204)
