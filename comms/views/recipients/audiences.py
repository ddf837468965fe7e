"""Settings: audiences, in which words they are written to, and whom a message would reach."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comms.forms.audiences import AudienceForm, TryForm
from comms.models import Audience
from comms.queries.recipients import recipients as queries
from comms.services.recipients import audiences
from mim_portal.lib import access
from mim_portal.lib.forms import attempt, stand_over
from teams.models import Service, Site
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 50
TRIED = 50


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """The six and the organisation's own, in the order in which copies leave."""
    return render(request, "comms/audiences.html", {"audiences": queries.audiences(every=True)})


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """An audience of the organisation's own."""
    form = AudienceForm(request.POST or None, is_new=True)
    if request.method == "POST" and attempt(form, lambda: audiences.add(values=form.values(), by=request.user)):
        messages.success(request, _("Added. Give it addresses, and say how often it hears."))
        return redirect("audience", code=form.cleaned_data["code"].strip().lower())
    return render(request, "comms/audience_new.html", {"form": form}, status=422 if form.is_bound else 200)


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def audience(request: PersonRequest, code: str) -> HttpResponse:
    """One audience: its register, its addresses, and a trial of whom a message would reach."""
    found = audience_or_404(code)
    form = AudienceForm(request.POST or None, initial=queries.state(found) | {"version": queries.version(found)})

    def save() -> None:
        version = form.cleaned_data["version"] or None
        audiences.change(code=code, changes=form.values(), by=request.user, version=version)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved."))
        return redirect("audience", code=code)
    stand_over(form, queries.version(found))
    context = {"audience": found, "form": form, **_addresses(request, found), **_trial(request, found)}
    return render(request, "comms/audience.html", context, status=422 if form.is_bound else 200)


def _addresses(request: PersonRequest, found: Audience) -> dict[str, Any]:
    """A page of them, by key."""
    q = " ".join(request.GET.get("q", "").split())[:200]
    after = request.GET.get("after", "")
    every = request.GET.get("show") == "all"
    rows = queries.marked(queries.of(found, q=q, every=every))
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    page = list(rows[: PAGE + 1])
    query = request.GET.copy()
    query.pop("after", None)
    plain = query.urlencode()
    if len(page) > PAGE:
        query["after"] = str(page[PAGE - 1].pk)
    return {
        "rows": page[:PAGE],
        "q": q,
        "every": every,
        "first_url": f"?{plain}#addresses" if after else None,
        "next_url": f"?{query.urlencode()}#addresses" if len(page) > PAGE else None,
    }


def _trial(request: PersonRequest, found: Audience) -> dict[str, Any]:
    """Whom a message about a service would reach."""
    form = TryForm(request.GET if "service" in request.GET else None)
    service = Service.objects.filter(slug=request.GET.get("service", "")).first()
    if service is None:
        return {"try_form": form, "tried": None}
    site = Site.objects.filter(slug=request.GET.get("site", "")).first()
    tried = queries.tried(found, service=service, site=site, most=TRIED)
    return {"try_form": form, "tried": tried, "tried_service": service, "tried_site": site}


def audience_or_404(code: str) -> Audience:
    found = queries.audience(code)
    if found is None:
        raise Http404
    return found
