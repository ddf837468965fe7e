"""A call for help answered from the message that carries it: two buttons, no sign-in."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from incidents.choices import EngagementState
from incidents.forms.room import CallAnswerForm
from incidents.services.work import call_links, engagements
from incidents.services.work.call_links import Called
from mim_portal.lib import access, rates, signed_links
from mim_portal.lib.forms import attempt

# What a team says before it can do anything else; the rest is said in the room.
_ANSWERS: Final = {"acknowledge": EngagementState.ACKNOWLEDGED, "join": EngagementState.JOINED}


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: scanners of mail open every link."""
    if wait := rates.wait(request):
        return signed_links.closed(rates.too_many(request, wait=wait))
    called = _called_or_404(token)
    form = CallAnswerForm(request.POST or None, is_personal=called.person is not None)
    is_refused = request.method == "POST" and not _answered(request, called, form)
    if request.method == "POST":
        called = _called_or_404(token)
    row = called.engagement
    context = {
        "engagement": row,
        "incident": row.incident,
        "reader": called.person,
        "form": form if is_refused else CallAnswerForm(is_personal=called.person is not None),
        "is_waiting": row.state == EngagementState.ASKED,
        "may_join": row.joined_at is None and row.released_at is None,
    }
    return signed_links.closed(render(request, "incidents/call.html", context, status=422 if is_refused else 200))


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
