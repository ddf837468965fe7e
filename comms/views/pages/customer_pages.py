"""/customer-page/{token}/: a customer's page for a reader without an account; and the links that open it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comms.forms.status_pages import PageLinkForm
from comms.models import PageLink
from comms.queries.pages import pages as queries
from comms.services.pages import links
from comms.views.pages import status
from mim_portal.lib import access, addresses, rates
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.public
@require_safe
@rates.signed_link
def read(request: HttpRequest, token: str, path: str = "") -> HttpResponse:
    """One address of the page, as whoever signs in reads it, with every link below the reader's own."""
    now = timezone.now()
    found = links.opened(token, now=now)
    if found is None:
        raise Http404
    if not found.holds:
        return render(request, "comms/customer_page_ended.html", status=410)
    page = found.link.page
    face = status.face_of(page, path, now=now)
    if face is None:
        if path and not path.endswith("/") and status.face_of(page, f"{path}/", now=now) is not None:
            return redirect(f"{addresses.customer_page(token)}{path}/")
        raise Http404
    below, own = addresses.status_page(page.slug), addresses.customer_page(token)
    body = bytes(face.body).replace(below.encode(), own.encode())
    return HttpResponse(body, content_type=face.content_type)


@access.allow(read=roles.SUBSCRIBER_KEEPERS, act=roles.SUBSCRIBER_KEEPERS)
@never_cache
@require_http_methods(["GET", "POST"])
def listing(request: PersonRequest, slug: str) -> HttpResponse:
    """Who reads a customer's page by a link until when; a new link is shown this once."""
    page = queries.one(slug)
    if page is None or not page.only_its_services:
        raise Http404
    now = timezone.now()
    form = PageLinkForm(request.POST or None)
    made: list[PageLink] = []

    def make() -> None:
        made.append(links.make(slug=slug, person=request.user, now=now, **form.cleaned_data))

    refused = request.method == "POST" and not attempt(form, make)
    context: dict[str, Any] = {
        "page": page,
        "form": PageLinkForm() if made else form,
        "made": made[0] if made else None,
        "address": links.address(made[0]) if made else "",
        "rows": list(queries.links_that_hold(page, now=now)[:200]),
    }
    return render(request, "comms/customer_page_links.html", context, status=422 if refused else 200)


@access.allow(read=(), act=roles.SUBSCRIBER_KEEPERS)
@require_POST
def revoke(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """The link opens nothing any more."""
    try:
        made = links.revoke(slug=slug, link_id=pk, person=request.user, now=timezone.now())
    except Refusal as refusal:
        raise Http404 from refusal
    messages.success(request, _("The link of %s opens nothing any more.") % made.reader)
    return redirect("status-page-links", slug=slug)
