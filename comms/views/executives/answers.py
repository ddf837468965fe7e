"""A decision answered from the message that asks for it: one button an option, no sign-in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comms.services.telling import answers
from comms.services.telling.answers import Asked
from incidents.choices import DecisionState
from incidents.services.work import decisions
from mim_portal.lib import access, rates
from mim_portal.lib.refusals import Refusal


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
@rates.signed_link
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: scanners of mail open every link. The first answer stands; whoever is second sees it."""
    asked = _asked_or_404(token)
    error, status = "", 200
    if request.method == "POST":
        try:
            decisions.decide(
                decision_id=asked.decision.pk,
                person=asked.person,
                chosen=request.POST.get("chosen", ""),
                now=timezone.now(),
            )
        except Refusal as refusal:
            error, status = refusal.message, refusal.status
        asked = _asked_or_404(token)
    is_open = asked.decision.state == DecisionState.NEEDED
    context = {"decision": asked.decision, "reader": asked.person, "is_open": is_open, "error": error}
    return render(request, "comms/answer.html", context, status=status)


def _asked_or_404(token: str) -> Asked:
    asked = answers.asked(token)
    if asked is None:
        raise Http404
    return asked
