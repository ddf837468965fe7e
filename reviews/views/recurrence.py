"""Factors that came back: the list of them, and the links of one factor."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mim_portal.lib import access
from mim_portal.lib.refusals import Refusal
from reviews.models import ContributingFactor, Review
from reviews.queries import recurrence as queries
from reviews.services import recurrence
from reviews.views.base import review_or_404
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def recurring(request: PersonRequest) -> HttpResponse:
    """What contributed more than once in twelve months, what to look at first at the top."""
    return render(
        request,
        "reviews/recurring.html",
        {"rows": queries.everything(request.user, now=timezone.now()), "most": queries.LISTED},
    )


@access.allow(read=roles.REVIEWERS, act=roles.REVIEWERS)
@require_http_methods(["GET", "POST"])
def links(request: PersonRequest, reference: str, factor_id: int) -> HttpResponse:
    """What the factor is linked to, and what looks like it; the person decides which is the same."""
    review, factor = _factor(request, reference, factor_id)
    if request.method == "POST":
        try:
            recurrence.link(reference=reference, factor_id=factor_id, other_id=_other(request), person=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Linked."))
        return redirect("factor-links", reference=reference, factor_id=factor_id)
    now = timezone.now()
    context = {
        "review": review,
        "incident": review.incident,
        "factor": factor,
        "recurring": queries.linked([factor], person=request.user, now=now).get(factor.pk),
        "similar": queries.similar(factor, person=request.user, now=now),
    }
    return render(request, "reviews/factor_links.html", context)


@access.allow(read=(), act=roles.REVIEWERS)
@require_POST
def unlink(request: PersonRequest, reference: str, factor_id: int) -> HttpResponse:
    """Not the same condition after all."""
    _factor(request, reference, factor_id)
    recurrence.unlink(reference=reference, factor_id=factor_id, person=request.user)
    messages.success(request, _("It stands alone again."))
    return redirect("factor-links", reference=reference, factor_id=factor_id)


def _factor(request: PersonRequest, reference: str, factor_id: int) -> tuple[Review, ContributingFactor]:
    review = review_or_404(request, reference)
    factor = ContributingFactor.objects.filter(pk=factor_id, review=review).first()
    if factor is None:
        raise Http404
    return review, factor


def _other(request: PersonRequest) -> int:
    value = request.POST.get("factor", "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0
