"""The list of reviews, and one review to read."""

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from incidents.choices import Priority
from mim_portal.lib import access
from reviews.choices import ActionState, ReviewSection, ReviewState
from reviews.forms import LibraryForm
from reviews.models import ContributingFactor, ImprovementAction, Review
from reviews.queries import feedback, library, naming, recurrence
from reviews.queries import reviews as queries
from reviews.rendering import blame, lines
from reviews.rules import actions as rules
from reviews.rules import clocks
from reviews.views.base import before, review_or_404
from teams.models import Service
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 30
MY_ACTIONS = 10


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def reviews(request: PersonRequest) -> HttpResponse:
    """Reviews that wait to be published, the most urgent first; published ones on their own page, newest first."""
    person = request.user
    form = LibraryForm(request.GET, services=list(Service.objects.order_by("name")))
    asked = form.asked()
    visible = queries.visible_reviews(person)
    rows = list(_page(visible, asked, key=before(request))[: PAGE + 1])
    today = timezone.localdate()
    address = urlencode({name: value for name, value in vars(asked).items() if value})
    context = {
        "form": form,
        "state": asked.shown_state,
        "is_narrowed": asked.is_narrowed or bool(form.errors),
        "rows": [
            {"review": review, "due": _next_due(review), "late": _is_late(review, today)} for review in rows[:PAGE]
        ],
        "my_actions": queries.visible_actions(person)
        .filter(owner=person, state=ActionState.OPEN)
        .order_by("due_date", "pk")[:MY_ACTIONS],
        "today": today,
        "first_url": f"?{address}" if before(request) else None,
        "next_url": f"?{'&'.join(filter(None, [address, f'before={rows[PAGE - 1].pk}']))}"
        if len(rows) > PAGE
        else None,
    }
    return render(request, "reviews/reviews.html", context)


def _page(visible: QuerySet[Review], asked: library.Asked, *, key: int | None) -> QuerySet[Review]:
    """What is being written by its day, everything else the newest first."""
    rows = queries.with_counts(library.found(visible, dataclasses.replace(asked, state=asked.shown_state)))
    last = visible.filter(pk=key).first() if key else None
    if asked.shown_state != library.WRITING:
        return (rows.filter(pk__lt=last.pk) if last else rows).order_by("-pk")
    if last:
        rows = rows.filter(
            Q(publish_due_date__gt=last.publish_due_date) | Q(publish_due_date=last.publish_due_date, pk__gt=last.pk)
        )
    return rows.order_by("publish_due_date", "pk")


def _next_due(review: Review) -> date:
    """The clock that runs now."""
    return review.draft_due_date if review.state == ReviewState.DRAFT else review.publish_due_date


def _is_late(review: Review, today: date) -> bool:
    done = review.published_at.date() if review.published_at else None
    return clocks.is_late(due_date=_next_due(review), done_date=done, today=today)


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def review(request: PersonRequest, reference: str) -> HttpResponse:
    """One review: what happened, how, and what will be different."""
    return render(request, "reviews/review.html", review_context(request, review_or_404(request, reference)))


def review_context(request: PersonRequest, shown: Review) -> dict[str, Any]:
    """What the page of a review shows, for reading and after a refused step."""
    person = request.user
    factors, actions = queries.factors(shown), queries.actions(shown)
    is_published = shown.state == ReviewState.PUBLISHED
    phrases = naming.phrases(shown.incident)
    remarks = [] if is_published else blame.of_draft(shown, factors, actions, phrases=phrases)
    writes = person.has_role(*roles.REVIEWERS)
    today = timezone.localdate()
    return {
        "review": shown,
        "incident": shown.incident,
        "sections": [(code, label, shown.sections.get(code, "")) for code, label in ReviewSection.choices],
        "factors": factors,
        "recurring": recurrence.linked(factors, person=person, now=timezone.now()),
        "actions": actions,
        "lines": lines.lines(queries.chosen_entries(shown), phrases=phrases if is_published else None),
        "remarks": remarks,
        "named": frozenset(phrases),
        "open_remarks": sum(remark.blocks and remark.finding.text not in phrases for remark in remarks),
        "due": _next_due(shown),
        "late": not is_published and _is_late(shown, today),
        "today": today,
        "feedback": feedback.lines(shown, person),
        "advice": () if is_published else _advice(shown, factors, actions),
        "may_edit": writes and not is_published,
        "may_act": writes,
        "may_sign": person.has_role(*roles.REVIEW_SIGNERS) and shown.state == ReviewState.IN_REVIEW,
    }


def _advice(
    shown: Review, factors: Sequence[ContributingFactor], actions: Sequence[ImprovementAction]
) -> Sequence[str]:
    """What the review usually has and has not yet."""
    return rules.advice(
        is_p1=shown.incident.priority == Priority.P1,
        layers=[factor.layer for factor in factors],
        actions=[
            rules.Action(what=one.title, measure=one.measure, strength=one.strength)
            for one in actions
            if one.state != ActionState.CANCELLED
        ],
    )
