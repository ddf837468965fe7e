"""The months of the desk, feedback in both directions, and the fix that a month agrees on."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents.forms import desk as forms
from incidents.models import Incident
from incidents.queries import desk_feedback, desk_months, incidents
from incidents.rules import intake_trends
from incidents.services.desk import desk_feedback as verbs
from incidents.services.desk import intake_fixes
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.DESK_READERS)
@require_GET
def months(request: PersonRequest) -> HttpResponse:
    """What the records of a month show together; nothing is about an agent."""
    return _months(request)


@access.allow(read=(), act=roles.FIX_AGREERS)
@require_POST
def agree(request: PersonRequest) -> HttpResponse:
    """The one fix of this month."""
    today = _today(timezone.now())
    form = forms.FixForm(request.POST)
    if attempt(
        form,
        lambda: intake_fixes.agree(
            month=today, deficit=form.cleaned_data["deficit"], text=form.cleaned_data["text"],
            owner_role=form.cleaned_data["owner_role"], person=request.user, now=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("Agreed. It is measured again after ten handovers."))
        return redirect("desk")
    return _months(request, fix_form=form, status=422)


def _months(request: PersonRequest, *, fix_form: Form | None = None, status: int = 200) -> HttpResponse:
    now, person = timezone.now(), request.user
    today = _today(now)
    chosen = forms.MonthForm(request.GET).chosen(today=today)
    found = desk_months.months(person, last=chosen)
    trends = intake_trends.most_frequent(found)
    fixes = desk_months.fixes(person)
    may_agree = person.has_role(*roles.FIX_AGREERS) and not any(one.fix.month == today for one in fixes)
    return render(
        request,
        "incidents/desk.html",
        {
            "month": found[-1],
            "months": found,
            "trends": trends,
            "earlier": found[-2].first,
            "later": intake_trends.next_month(chosen) if chosen < today else None,
            "told": desk_months.told_enough(person, first=chosen),
            "fixes": fixes,
            "fix_form": fix_form or forms.FixForm(first=[trend.code for trend in trends]),
            "may_agree": may_agree,
            "feedback": list(desk_feedback.latest(person)[:10]),
            "owed": desk_feedback.owed_by(person, now=now) if person.has_role(*roles.COMMANDERS) else [],
            "to_rate": desk_feedback.to_rate(person, now=now) if person.has_role(*roles.DESK) else [],
        },
        status=status,
    )


@access.allow(read=roles.DESK_READERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def feedback(request: PersonRequest, reference: str) -> HttpResponse:
    """What the manager says to the desk, and what the desk says together; the manager writes it here."""
    if request.method == "GET":
        return _feedback(request, reference, {})
    _get(request, reference)
    form = forms.FeedbackForm(request.POST)
    return _done(
        request, reference, "feedback_form", form,
        lambda: verbs.give(
            reference=reference, helped_first=form.cleaned_data["helped_first"],
            helped_second=form.cleaned_data["helped_second"], request=form.cleaned_data["request"],
            as_it_is=form.cleaned_data["as_it_is"], person=request.user, now=timezone.now(),
        ),
        _("The desk reads it now. Thank you."),
    )  # fmt: skip


@access.allow(read=(), act=roles.DESK)
@require_POST
def rate(request: PersonRequest, reference: str) -> HttpResponse:
    """Did we tell you enough to answer callers?"""
    _get(request, reference)
    form = forms.RatingForm(request.POST)
    return _done(
        request, reference, "rating_form", form,
        lambda: verbs.rate(
            reference=reference, score=form.cleaned_data["score"], line=form.cleaned_data["line"],
            person=request.user, now=timezone.now(),
        ),
        _("Thank you. It is shown together with others, from five answers on."),
    )  # fmt: skip


def _done(
    request: PersonRequest, reference: str, name: str, form: Form, verb: Callable[[], Any], said: str
) -> HttpResponse:
    if attempt(form, verb):
        messages.success(request, said)
        return redirect("desk-feedback", reference=reference)
    return _feedback(request, reference, {name: form}, status=422)


def _feedback(request: PersonRequest, reference: str, bound: dict[str, Form], *, status: int = 200) -> HttpResponse:
    incident, person = _get(request, reference), request.user
    is_over = incident.state in desk_feedback.AFTER
    given = desk_feedback.of(incident)
    mine = desk_feedback.rating_of(incident, person)
    first = {"score": mine.score, "line": mine.line} if mine else {}
    is_manager = person.has_role(*roles.COMMANDERS) and desk_feedback.is_manager(incident, person)
    values = {
        "incident": incident,
        "is_over": is_over,
        "given": given,
        "may_give": is_over and given is None and is_manager,
        "may_rate": is_over and person.has_role(*roles.DESK),
        "has_rated": mine is not None,
        "pooled": desk_months.pooled(desk_feedback.ratings(incident)),
        "feedback_form": forms.FeedbackForm(),
        "rating_form": forms.RatingForm(initial=first),
    }
    return render(request, "incidents/desk_feedback.html", values | bound, status=status)


def _get(request: PersonRequest, reference: str) -> Incident:
    found = incidents.get(reference, request.user)
    if found is None:
        raise Http404
    return found


def _today(now: datetime) -> date:
    """The first day of the month that it is, by UTC."""
    return intake_trends.first_of(now.astimezone(UTC).date())
