"""/settings/parts/: what messages of a kind have to say here, beyond what is asked of every one of its kind."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comms.forms.required_parts import RequiredPartForm
from comms.queries.writing import required_parts as queries
from comms.services.writing import required_parts
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.POLICY_EDITORS, act=roles.POLICY_EDITORS)
@require_http_methods(["GET", "POST"])
def settings_page(request: PersonRequest) -> HttpResponse:
    """The list, and one more; a plan of the ledger leads here with it filled in."""
    form = RequiredPartForm(request.POST or None, initial={"part": request.GET.get("part", "")})
    if request.method == "POST" and attempt(form, lambda: required_parts.require(person=request.user, **form.given())):
        messages.success(request, _("Asked for from now on."))
        return redirect("required-parts")
    context = {"form": form, "rows": queries.every()}
    return render(request, "comms/required_parts.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.POLICY_EDITORS)
@require_POST
def release(request: PersonRequest) -> HttpResponse:
    """One that is no longer asked for."""
    kind, part = request.POST.get("kind", ""), request.POST.get("part", "")
    try:
        required_parts.release(person=request.user, kind=kind, part=part)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("No longer asked for."))
    return redirect("required-parts")
