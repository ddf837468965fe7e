"""A reader says that they do not want an audience's updates, or any, or that they do again. No account is needed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from comms.services.recipients import opt_outs
from comms.services.recipients.opt_outs import Reader
from mim_portal.lib import access, signed_links

_DEEDS = {
    "out": opt_outs.opt_out,
    "back": opt_outs.opt_in,
    "out-of-all": opt_outs.opt_out_of_all,
    "back-to-all": opt_outs.opt_in_to_all,
}


@access.public
@csrf_exempt  # only for what a mail program posts by itself (RFC 8058): the signed link is its authority
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: scanners of mail open every link. A mail program's one click opts out of the audience."""
    reader = _reader_or_404(token)
    if request.method == "POST":
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return redirect("opt-out", token=token)
        opt_outs.opt_out(reader)
        return HttpResponse(status=204)
    context = {"reader": reader, "token": token, "choice": opt_outs.choice(reader)}
    return signed_links.closed(render(request, "comms/opt_out.html", context), robots="noindex")


@access.public
@require_POST
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """The buttons of the page."""
    reader = _reader_or_404(token)
    deed = _DEEDS.get(request.POST.get("deed", ""))
    if deed is not None:
        deed(reader)
    return redirect("opt-out", token=token)


def _reader_or_404(token: str) -> Reader:
    reader = opt_outs.reader(token)
    if reader is None:
        raise Http404
    return reader
