"""/settings/facts/: which facts of the impact have to be on record from the second message on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.forms.required_facts import RequiredFactForm
from incidents.queries import required_facts as queries
from incidents.services.record import required_facts
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.models import Service
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.POLICY_EDITORS, act=roles.POLICY_EDITORS)
@require_http_methods(["GET", "POST"])
def settings_page(request: PersonRequest) -> HttpResponse:
    """The list, and one more; a plan of the ledger leads here with fact and service filled in."""
    asked = {name: request.GET.get(name, "") for name in ("fact", "service")}
    form = RequiredFactForm(request.POST or None, initial=asked)
    if request.method == "POST" and attempt(
        form, lambda: required_facts.require(person=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Required from now on."))
        return redirect("required-facts")
    context = {"form": form, "rows": queries.every()}
    return render(request, "incidents/required_facts.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.POLICY_EDITORS)
@require_POST
def release(request: PersonRequest) -> HttpResponse:
    """One that is no longer required."""
    slug = request.POST.get("service", "")
    service = get_object_or_404(Service, slug=slug) if slug else None
    try:
        required_facts.release(person=request.user, fact=request.POST.get("fact", ""), service=service)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("No longer required."))
    return redirect("required-facts")
