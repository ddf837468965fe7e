"""Settings: status pages, what stands on them and how they look."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comms.choices import PageKind
from comms.forms.status_pages import LogoForm, PageForm, ServicesForm
from comms.models import StatusPage
from comms.queries.pages import copies
from comms.queries.pages import pages as queries
from comms.queries.recipients import endpoints
from comms.services.pages import logos, pages
from comms.services.subscriptions import limits
from mim_portal.lib import access, addresses, uploads
from mim_portal.lib.forms import attempt, stand_over
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.SUBSCRIBER_KEEPERS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """Every page, with whom it is for; retired ones last. Whoever looks after subscribers finds them here."""
    rows = [(page, PageKind(queries.kind(page)).label) for page in queries.pages()]
    may_change = request.user.has_role(*roles.ADMINISTRATORS)
    copied = copies.standing(now=timezone.now()) if may_change else []
    return render(request, "comms/status_pages.html", {"rows": rows, "may_change": may_change, "copies": copied})


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """One page more."""
    form = PageForm(request.POST or None, initial={"language": queries.usual_language()})

    def add() -> None:
        pages.add(values=form.values(), by=request.user, now=timezone.now())

    if request.method == "POST" and attempt(form, add):
        messages.success(request, _("Added. Choose the services that it shows."))
        return redirect("status-page-services", slug=form.cleaned_data["slug"].strip().lower())
    return render(request, "comms/status_page_new.html", {"form": form}, status=422 if form.is_bound else 200)


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def page(request: PersonRequest, slug: str) -> HttpResponse:
    """One page: for whom it is, what it is called, how it looks."""
    found = _one(slug)
    form = _form(found, request.POST or None)

    def save() -> None:
        version = form.cleaned_data["version"] or None
        pages.change(slug=slug, changes=form.values(), by=request.user, now=timezone.now(), version=version)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved. Readers see it within a second."))
        return redirect("status-page-settings", slug=form.cleaned_data["slug"].strip().lower())
    stand_over(form, queries.version(found))
    return _shown(request, found, form=form)


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def services(request: PersonRequest, slug: str) -> HttpResponse:
    """Which services the page shows, under which headings, in which order."""
    found = _one(slug)
    form = ServicesForm(request.POST or None, names=queries.names_of_services(), listed=queries.services(found))

    def save() -> None:
        pages.arrange(slug=slug, services=form.listed(), by=request.user, now=timezone.now())

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved. Readers see it within a second."))
        return redirect("status-page-services", slug=slug)
    context = {"page": found, "form": form}
    return render(request, "comms/status_page_services.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def logo(request: PersonRequest, slug: str) -> HttpResponse:
    """Another picture in the head, or none."""
    found = _one(slug)
    if "remove" in request.POST:
        logos.remove(slug=slug, by=request.user)
        messages.success(request, _("The page shows its name alone."))
        return redirect("status-page-settings", slug=slug)
    form = LogoForm(request.POST, request.FILES)
    if uploads.too_large(request):
        form.add_error("file", logos.refusal("too_large").message)

    def put() -> None:
        logos.put(slug=slug, content=form.cleaned_data["file"].read(), by=request.user)

    if attempt(form, put):
        messages.success(request, _("Saved. Readers see it within a second."))
        return redirect("status-page-settings", slug=slug)
    return _shown(request, found, logo_form=form, status=422)


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def retire(request: PersonRequest, slug: str) -> HttpResponse:
    """Nobody reads the page any more; or it is brought back."""
    found = _one(slug)
    if "bring_back" in request.POST:
        pages.bring_back(slug=found.slug, by=request.user, now=timezone.now())
        messages.success(request, _("The page is read again."))
    else:
        pages.retire(slug=found.slug, by=request.user, now=timezone.now())
        messages.success(request, _("Retired. Its address says that the page is gone."))
    return redirect("status-page-settings", slug=slug)


def _one(slug: str) -> StatusPage:
    found = queries.one(slug)
    if found is None:
        raise Http404
    return found


def _form(found: StatusPage, typed: Any = None) -> PageForm:
    return PageForm(typed, initial=queries.state(found) | {"version": queries.version(found)})


def _shown(
    request: PersonRequest,
    found: StatusPage,
    *,
    form: PageForm | None = None,
    logo_form: LogoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "page": found,
        "form": form or _form(found),
        "logo_form": logo_form or LogoForm(),
        "texts": limits.texts(found, now=timezone.now()) if found.takes_sms else None,
        "has_sms": not found.takes_sms or endpoints.sms() is not None,
        "address": addresses.absolute(addresses.status_page(found.slug)),
        "former": list(found.former_addresses.order_by("slug").values_list("slug", flat=True)),
    }
    return render(request, "comms/status_page.html", context, status=422 if form and form.is_bound else status)
