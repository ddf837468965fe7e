"""Reading links for executives without an account: made, taken back; openings as counts."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from comms.forms.reading_links import ReadingLinkForm
from comms.models import ReadingLink
from comms.queries import reading_links as queries
from comms.services import reading_links
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.READING_LINK_MAKERS, act=roles.READING_LINK_MAKERS)
@never_cache
@require_http_methods(["GET", "POST"])
def listing(request: PersonRequest) -> HttpResponse:
    """Who reads by a link until when; a new link is shown this once."""
    now = timezone.now()
    form: forms.Form = ReadingLinkForm(request.POST or None, initial={"reference": request.GET.get("incident", "")})
    made: list[ReadingLink] = []

    def make() -> None:
        made.append(reading_links.make(person=request.user, now=now, **form.cleaned_data))

    refused = request.method == "POST" and not attempt(form, make)
    context = {
        "form": ReadingLinkForm() if made else form,
        "made": made[0] if made else None,
        "address": reading_links.address(made[0]) if made else "",
        "rows": list(queries.holding(now=now)[:200]),
        "opened": queries.opened(now=now),
    }
    return render(request, "comms/reading_links.html", context, status=422 if refused else 200)


@access.allow(read=(), act=roles.READING_LINK_MAKERS)
@require_POST
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """The link opens nothing any more."""
    try:
        made = reading_links.revoke(link_id=pk, person=request.user, now=timezone.now())
    except Refusal as refusal:
        raise Http404 from refusal
    messages.success(request, _("The link of %s opens nothing any more.") % made.reader.name)
    return redirect("reading-links")
