"""Contributing factors and improvement actions on their pages."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from reviews.forms import ActionForm, FactorForm
from reviews.models import ContributingFactor, ImprovementAction
from reviews.queries import recurrence
from reviews.queries import reviews as queries
from reviews.services import actions, factors
from reviews.views.base import owners, review_or_404
from reviews.views.editing import form_page
from teams.requests import PersonRequest
from teams.rules import roles

FACTOR_FIELDS = ("statement", "kind", "layer", "evidence", "evidence_note", "effect", "changeability")
ACTION_FIELDS = ("title", "due_date", "done_means", "strength", "measure", "ticket_url")


@access.allow(read=roles.REVIEWERS, act=roles.REVIEWERS)
@require_http_methods(["GET", "POST"])
def add_factor(request: PersonRequest, reference: str) -> HttpResponse:
    """Add what contributed; where other reviews say much the same, they are offered to be linked."""
    review = review_or_404(request, reference)
    form = FactorForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    added: list[ContributingFactor] = []
    if request.method == "POST" and attempt(
        form,
        lambda: added.append(factors.add(reference=reference, person=request.user, **form.cleaned_data, now=now)),
    ):
        if recurrence.similar(added[0], person=request.user, now=now):
            messages.success(request, _("Added. Other reviews say much the same: is it the same condition?"))
            return redirect("factor-links", reference=reference, factor_id=added[0].pk)
        return redirect(f"{addresses.review(reference)}#factors")
    return form_page(request, review, form, title=_("Add a contributing factor"), button=_("Add it"))


@access.allow(read=roles.REVIEWERS, act=roles.REVIEWERS)
@require_http_methods(["GET", "POST"])
def factor(request: PersonRequest, reference: str, factor_id: int) -> HttpResponse:
    """Write a factor again."""
    review = review_or_404(request, reference)
    shown = queries.factor(review, factor_id)
    if shown is None:
        raise Http404
    initial = {name: getattr(shown, name) for name in FACTOR_FIELDS}
    initial["control_owner"] = shown.control_owner.slug if shown.control_owner else ""
    form = FactorForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and attempt(
        form,
        lambda: factors.change(
            reference=reference,
            factor_id=factor_id,
            person=request.user,
            **form.cleaned_data,
            now=timezone.now(),
        ),
    ):
        return redirect(f"{addresses.review(reference)}#factors")
    return form_page(request, review, form, title=_("Contributing factor"), button=_("Save"), factor=shown)


@access.allow(read=(), act=roles.REVIEWERS)
@require_POST
def remove_factor(request: PersonRequest, reference: str, factor_id: int) -> HttpResponse:
    """Take a factor out of a draft."""
    review_or_404(request, reference)
    try:
        factors.remove(reference=reference, factor_id=factor_id, person=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Removed."))
    return redirect(f"{addresses.review(reference)}#factors")


@access.allow(read=roles.REVIEWERS, act=roles.REVIEWERS)
@require_http_methods(["GET", "POST"])
def add_action(request: PersonRequest, reference: str) -> HttpResponse:
    """Agree on what will be different."""
    review = review_or_404(request, reference)
    form = ActionForm(
        request.POST if request.method == "POST" else None, people=owners(), factors=queries.factors(review)
    )
    if request.method == "POST" and attempt(
        form, lambda: actions.add(reference=reference, person=request.user, **form.given(), now=timezone.now())
    ):
        return redirect(f"{addresses.review(reference)}#actions")
    return form_page(request, review, form, title=_("Agree on an action"), button=_("Agree"))


@access.allow(read=roles.REVIEWERS, act=roles.REVIEWERS)
@require_http_methods(["GET", "POST"])
def action(request: PersonRequest, reference: str, action_id: int) -> HttpResponse:
    """Write an action again."""
    review = review_or_404(request, reference)
    shown = ImprovementAction.objects.filter(pk=action_id, review=review).first()
    if shown is None:
        raise Http404
    initial = {name: getattr(shown, name) for name in ACTION_FIELDS}
    initial |= {"owner": str(shown.owner_id), "factor": str(shown.factor_id or "")}
    form = ActionForm(
        request.POST if request.method == "POST" else None,
        people=owners(),
        factors=queries.factors(review),
        initial=initial,
    )
    if request.method == "POST" and attempt(
        form,
        lambda: actions.change(action_id=action_id, person=request.user, fields=form.given(), now=timezone.now()),
    ):
        return redirect(f"{addresses.review(reference)}#actions")
    return form_page(request, review, form, title=_("Action"), button=_("Save"))


@access.allow(read=(), act=roles.REVIEWERS)
@require_POST
def move_action(request: PersonRequest, reference: str, action_id: int, to: str) -> HttpResponse:
    """Done, verified, cancelled, or open again."""
    review = review_or_404(request, reference)
    if not ImprovementAction.objects.filter(pk=action_id, review=review).exists():
        raise Http404
    try:
        actions.move(action_id=action_id, person=request.user, to=to, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{addresses.review(reference)}#actions")
