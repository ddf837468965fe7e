"""How it went, said by each side on one page: from the room, or by the link of whoever was asked for the team."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.forms.desk import SurveyForm
from incidents.forms.feedback import FeedbackForm
from incidents.models import Engagement, EngagementFeedback, FeedbackRequest
from incidents.services.desk import desk_survey
from incidents.services.work import engagements, feedback
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses, rates
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Forbidden
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.TEAM_ANSWERERS, act=roles.TEAM_ANSWERERS)
@require_http_methods(["GET", "POST"])
def of_engagement(request: PersonRequest, reference: str, engagement_id: int) -> HttpResponse:
    """From the room: a member for the team, a manager for the practice."""
    incident = incident_or_404(request, reference)
    found = get_object_or_404(Engagement.objects.select_related("team"), pk=engagement_id, incident=incident)
    try:
        side = engagements.side(found, request.user)
    except Forbidden as forbidden:
        raise PermissionDenied(forbidden.message) from forbidden
    form = FeedbackForm(request.POST or None, side=side)
    if request.method == "POST" and attempt(
        form,
        lambda: feedback.give(
            engagement_id=found.pk,
            person=request.user,
            answers=form.answers(),
            now=timezone.now(),
            **form.lines(),
        ),
    ):
        messages.success(request, _("Thank you. It is counted together with other answers."))
        return redirect(f"{addresses.incident(reference)}#teams")
    context = {
        "incident": incident,
        "engagement": found,
        "form": form,
        "side": side,
        "is_given": not form.is_bound and feedback.is_given(found, side),
    }
    return render(request, "incidents/feedback.html", context, status=422 if form.is_bound else 200)


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
@rates.signed_link
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """By whoever was asked for the team or for the desk, without signing in."""
    asked = feedback.request_of(token)
    if asked is None:
        raise Http404
    return _of_team(request, asked.engagement) if asked.engagement else _of_desk(request, asked)


def _of_team(request: HttpRequest, found: Engagement) -> HttpResponse:
    side = EngagementFeedback.Side.TEAM
    form = FeedbackForm(request.POST or None, side=side)
    is_thanked = request.method == "POST" and attempt(
        form,
        lambda: feedback.give_by_link(
            engagement_id=found.pk, answers=form.answers(), now=timezone.now(), **form.lines()
        ),
    )
    context = {
        "incident": found.incident,
        "engagement": found,
        "form": form,
        "side": side,
        "is_given": is_thanked or (not form.is_bound and feedback.is_given(found, side)),
    }
    status = 422 if form.is_bound and not is_thanked else 200
    return render(request, "incidents/feedback_link.html", context, status=status)


def _of_desk(request: HttpRequest, found: FeedbackRequest) -> HttpResponse:
    assert found.incident is not None  # one of the two, by constraint
    incident = found.incident
    form = SurveyForm(request.POST or None)
    is_thanked = request.method == "POST" and attempt(
        form,
        lambda: desk_survey.give(
            request_id=found.pk, answers=form.answers(), line=form.cleaned_data["line"], now=timezone.now()
        ),
    )
    is_given = is_thanked or (not form.is_bound and desk_survey.is_given(incident, found.person))
    context = {"incident": incident, "form": form, "is_given": is_given}
    status = 422 if form.is_bound and not is_thanked else 200
    return render(request, "incidents/desk_survey.html", context, status=status)
