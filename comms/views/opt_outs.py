"""A reader says that they do not want an audience's updates, or that they do again. No account is needed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comms.services.recipients import opt_outs
from mim_portal.lib import access


@access.public
@csrf_exempt  # the signed link is the authority, and mail programs post to it by themselves (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: scanners of mail open every link. One button says no, and one takes it back."""
    reader = opt_outs.reader(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("List-Unsubscribe") == "One-Click":
            opt_outs.opt_out(reader)
            return HttpResponse(status=204)
        if request.POST.get("deed") == "back":
            opt_outs.opt_in(reader)
        elif request.POST.get("deed") == "out":
            opt_outs.opt_out(reader)
        return redirect("opt-out", token=token)
    response = render(request, "comms/opt_out.html", {"reader": reader, "is_out": reader.has_opted_out})
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
