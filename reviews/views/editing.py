"""Writing a review: sections, timeline, facilitator; submitting and signing off."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.queries import timeline
from mim_portal.lib import access, addresses, blame_lint
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from reviews.choices import ReviewSection
from reviews.forms import FacilitatorForm, OverrideForm, SectionForm
from reviews.models import Review
from reviews.queries import naming
from reviews.queries import reviews as queries
from reviews.services import reviews, signoff
from reviews.views.base import owners, review_or_404
from reviews.views.reviews import review_context
from teams.requests import PersonRequest
from teams.rules import roles

ENTRIES_PAGE = 200


@access.allow(read=roles.REVIEWERS, act=roles.REVIEWERS)
@require_http_methods(["GET", "POST"])
def section(request: PersonRequest, reference: str, code: str) -> HttpResponse:
    """Write one section. Where somebody else was faster, both texts are shown and nothing is lost."""
    review = review_or_404(request, reference)
    if code not in ReviewSection.values:
        raise Http404
    current = str(review.sections.get(code, ""))
    if request.method == "GET":
        form = SectionForm(initial={"text": current, "base": current})
        return _section_page(request, review, code, form, text=current)
    form = SectionForm(request.POST)
    if not form.is_valid():
        return _section_page(request, review, code, form, text=str(form["text"].value()), status=422)
    typed = form.cleaned_data["text"]
    try:
        reviews.write_section(
            reference=reference,
            person=request.user,
            code=code,
            text=typed,
            base=form.cleaned_data["base"],
            now=timezone.now(),
        )
    except reviews.Changed as refusal:
        theirs = refusal.extra["current"]
        again = SectionForm(initial={"text": typed, "base": theirs})
        return _section_page(request, review, code, again, text=typed, theirs=theirs, status=409)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _section_page(request, review, code, form, text=typed, status=refusal.status)
    messages.success(request, _("Saved."))
    return redirect(f"{addresses.review(reference)}#{code}")


def _section_page(
    request: PersonRequest,
    review: Review,
    code: str,
    form: SectionForm,
    *,
    text: str,
    theirs: str | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "review": review,
        "incident": review.incident,
        "code": code,
        "label": ReviewSection(code).label,
        "form": form,
        "theirs": theirs,
        "findings": blame_lint.lint(text, names=naming.phrases(review.incident), not_people=naming.not_people()),
    }
    return render(request, "reviews/section.html", context, status=status)


@access.allow(read=roles.REVIEWERS, act=roles.REVIEWERS)
@require_http_methods(["GET", "POST"])
def choose_entries(request: PersonRequest, reference: str) -> HttpResponse:
    """Choose which entries of the whole timeline the review shows, a page at a time."""
    review = review_or_404(request, reference)
    if request.method == "POST":
        try:
            reviews.choose_entries(
                reference=reference,
                person=request.user,
                offered=_numbers(request, "offered"),
                chosen=_numbers(request, "chosen"),
                now=timezone.now(),
            )
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Saved."))
        if later := _seq(request.POST.get("later", "")):
            return redirect(f"{request.path}?after={later}")
        return redirect(f"{addresses.review(reference)}#timeline")
    seq = _seq(request.GET.get("after", ""))
    entries = queries.entries_after(review, seq=seq, limit=ENTRIES_PAGE + 1)
    shown = entries[:ENTRIES_PAGE]
    context = {
        "review": review,
        "incident": review.incident,
        "entries": timeline.worded(shown),
        "chosen": {entry.pk for entry in queries.chosen_entries(review)},
        "first_url": "?" if seq else None,
        "later": shown[-1].seq if len(entries) > ENTRIES_PAGE else None,
    }
    return render(request, "reviews/timeline.html", context)


def _seq(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _numbers(request: PersonRequest, name: str) -> set[int]:
    return {int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 19}


@access.allow(read=roles.REVIEWERS, act=roles.REVIEWERS)
@require_http_methods(["GET", "POST"])
def facilitator(request: PersonRequest, reference: str) -> HttpResponse:
    """Say who leads the conversation."""
    review = review_or_404(request, reference)
    form = FacilitatorForm(
        request.POST if request.method == "POST" else None,
        people=owners(),
        initial={"facilitator": str(review.facilitator_id or "")},
    )
    if request.method == "POST" and attempt(
        form,
        lambda: reviews.set_facilitator(
            reference=reference, person=request.user, facilitator=form.person(), now=timezone.now()
        ),
    ):
        return redirect(addresses.review(reference))
    return form_page(request, review, form, title=_("Who leads the conversation?"), button=_("Save"))


def form_page(
    request: PersonRequest, review: Review, form: Any, *, title: str, button: str, **context: Any
) -> HttpResponse:
    """A page with one form about one review; 422 with what was typed where it was refused."""
    words = {"review": review, "incident": review.incident, "form": form, "title": title, "button": button, **context}
    return render(request, "reviews/form.html", words, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.REVIEWERS)
@require_POST
def submit(request: PersonRequest, reference: str) -> HttpResponse:
    """The draft is ready to be read by others."""
    return _step(request, reference, signoff.submit, _("Submitted. It can be read and signed off now."))


@access.allow(read=(), act=roles.REVIEWERS)
@require_POST
def send_back(request: PersonRequest, reference: str) -> HttpResponse:
    """There is more to write."""
    return _step(request, reference, signoff.send_back, _("Back in draft."))


@access.allow(read=(), act=roles.REVIEW_SIGNERS)
@require_POST
def sign_off(request: PersonRequest, reference: str) -> HttpResponse:
    """Sign off, which publishes."""
    return _step(request, reference, signoff.sign_off, _("Signed off and published, with roles instead of names."))


def _step(request: PersonRequest, reference: str, verb: Callable[..., Review], done: str) -> HttpResponse:
    review = review_or_404(request, reference)
    try:
        verb(reference=reference, person=request.user, now=timezone.now())
    except Refusal as refusal:
        context = review_context(request, review) | {"refusal": refusal.message}
        return render(request, "reviews/review.html", context, status=409)
    messages.success(request, done)
    return redirect(addresses.review(reference))


@access.allow(read=(), act=roles.REVIEWERS)
@require_POST
def override(request: PersonRequest, reference: str) -> HttpResponse:
    """Let one finding stand, with the reason."""
    review = review_or_404(request, reference)
    form = OverrideForm(request.POST)
    if attempt(
        form,
        lambda: signoff.override(reference=reference, person=request.user, **form.cleaned_data, now=timezone.now()),
    ):
        return redirect(f"{addresses.review(reference)}#findings")
    return form_page(
        request, review, form, title=_("Let these words stand"), button=_("Let them stand"), quoted=form["text"].value()
    )
