"""A call for help answered from the message that carries it, without signing in: two buttons, and what was not
right: it did not follow the team's profile, or executives came in while the team worked.
"""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from incidents.choices import EngagementState
from incidents.forms.room import CallAgainstForm, CallAnswerForm
from incidents.services.work import call_links, engagements
from incidents.services.work.call_links import Called
from mim_portal.lib import access, hooks, rates
from mim_portal.lib.forms import attempt

# What a team says before it can do anything else; the rest is said in the room.
_ANSWERS: Final = {"acknowledge": EngagementState.ACKNOWLEDGED, "join": EngagementState.JOINED}


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
@rates.signed_link
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: scanners of mail open every link."""
    called = _called_or_404(token)
    objects = request.POST.get("step") == "against"
    form = CallAnswerForm(request.POST if request.POST and not objects else None, is_personal=called.person is not None)
    has_profile = _has_profile(called)
    objection = CallAgainstForm(request.POST if objects else None, has_profile=has_profile)
    is_refused = request.method == "POST" and not (
        _objected(called, objection) if objects else _answered(request, called, form)
    )
    if request.method == "POST":
        called = _called_or_404(token)
    row = called.engagement
    context = {
        "engagement": row,
        "incident": row.incident,
        "reader": called.person,
        "form": form if is_refused else CallAnswerForm(is_personal=called.person is not None),
        "objection": objection if is_refused else CallAgainstForm(has_profile=has_profile),
        "is_noted": objects and not is_refused,
        "has_profile": has_profile,
        "may_object": not row.incident.is_exercise,
        "is_waiting": row.state == EngagementState.ASKED,
        "may_join": row.joined_at is None and row.released_at is None,
    }
    return render(request, "incidents/call.html", context, status=422 if is_refused else 200)


def _has_profile(called: Called) -> bool:
    """Whether the call had a confirmed profile to follow."""
    profile = called.engagement.profile
    return profile is not None and profile.confirmed_at is not None


def _objected(called: Called, form: CallAgainstForm) -> bool:
    """Said to whoever keeps the ledger: the manager of that moment is asked in private, the room hears nothing."""

    def say() -> None:
        for keep in hooks.registered("CALL_OBJECTIONS"):
            keep(engagement_id=called.engagement.pk, against=form.cleaned_data["against"], now=timezone.now())

    return attempt(form, say)


def _answered(request: HttpRequest, called: Called, form: CallAnswerForm) -> bool:
    step = _ANSWERS.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    return attempt(
        form,
        lambda: engagements.answer_call(
            engagement_id=called.engagement.pk,
            to=step,
            person=called.person,
            words=form.cleaned_data["words"],
            now=timezone.now(),
        ),
    )


def _called_or_404(token: str) -> Called:
    called = call_links.called(token)
    if called is None:
        raise Http404
    return called
