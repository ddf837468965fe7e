"""What PagerDuty, Opsgenie and signed webhooks post when somebody there answers a call."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from comms.services.paging import answers
from comms.services.paging.answers import Came
from mim_portal.lib import access, rates, signed_links
from mim_portal.lib.refusals import Refusal


@csrf_exempt  # only for what another system posts: the secret address, and its signature, are its authority
@access.public
@require_POST
def take(request: HttpRequest, token: str) -> HttpResponse:
    """200 with what became of it, also where nothing did: senders repeat whatever is refused. Only what is not theirs
    counts against a network, so that a busy PagerDuty is never turned away.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        result = answers.take(token, Came(headers=headers, body=request.body), now=timezone.now())
    except Refusal as refusal:
        if refusal.status != 400 and (wait := rates.wait(request)):
            return signed_links.closed(rates.too_many(request, wait=wait))
        said = {"error": refusal.code, "detail": refusal.message}
        return signed_links.closed(JsonResponse(said, status=refusal.status))
    return signed_links.closed(JsonResponse({"result": result.value}))
