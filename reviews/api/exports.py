"""exports/reviews/: a review as PDF or DOCX."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from mim_portal.api.negotiation import Whatever
from mim_portal.api.permissions import Access
from mim_portal.lib import times
from mim_portal.lib.refusals import Missing
from reviews.adapters import typesetting
from reviews.queries import reviews as review_queries
from reviews.rendering import files
from reviews.services import exports, reviews
from teams.api.base import signed_in
from teams.rules import roles


class ReviewFile(APIView):
    """The review with everything that its page shows, roles instead of names; times in the zone of the caller."""

    content_negotiation_class = Whatever
    access = {"read": Access("read", roles.REVIEW_READERS)}

    @extend_schema(
        tags=["reviews"],
        operation_id="review_file",
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(typesetting.CONTENT_TYPES))],
        responses={(200, kind): OpenApiTypes.BINARY for kind in typesetting.CONTENT_TYPES.values()},
    )
    def get(self, request: Request, reference: str, kind: str) -> HttpResponse:
        person = signed_in(request)
        review = review_queries.get(reference, person)
        if review is None:
            raise reviews.UnknownReview(f"There is no review of {reference}.")
        if kind not in files.KINDS:
            raise Missing(f"There is no {kind} of a review, only {' and '.join(sorted(files.KINDS))}.")
        tz = times.zone(person.time_zone)
        made = files.of_review(review, kind=kind, tz=tz, zone=str(tz))
        exports.note(review, person=person, kind=kind)
        return made
