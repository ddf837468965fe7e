"""A review as a file to be read elsewhere: PDF, or a document for word processors."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mim_portal.lib import access
from mim_portal.lib.refusals import Refusal
from reviews.rendering import files
from reviews.services import exports
from reviews.views.base import review_or_404
from reviews.views.reviews import review_context
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def file(request: PersonRequest, reference: str, kind: str) -> HttpResponse:
    """The file, with roles instead of names; where it cannot be made, the page says why and what to do."""
    if kind not in files.KINDS:
        raise Http404
    review = review_or_404(request, reference)
    tz = timezone.get_current_timezone()
    try:
        made = files.of_review(review, kind=kind, tz=tz, zone=timezone.get_current_timezone_name())
    except Refusal as refusal:
        context = review_context(request, review) | {"refusal": refusal.message}
        return render(request, "reviews/review.html", context, status=refusal.status)
    exports.note(review, person=request.user, kind=kind)
    return made
