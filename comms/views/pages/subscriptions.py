"""A reader asks for a page's updates, confirms it, changes it, ends it. No account is needed: the links are signed.

These pages speak the languages of the status page: the one that `language` names, or that its reader asked in.
"""

import logging
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comms.choices import ChannelKind, SubscriptionState
from comms.forms.subscriptions import CHOSEN, WHOLE, ScopeForm, SubscribeForm
from comms.models import Component, StatusPage, Subscription
from comms.queries.pages import pages
from comms.queries.subscriptions import scopes
from comms.rendering import page_languages
from comms.services.subscriptions import asking, keeping, links, places
from mim_portal.lib import access, addresses, signed_links
from mim_portal.lib.forms import attempt

log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def _private(view: View) -> View:
    """Kept nowhere, found by no search engine, told to no other site; and a sentence where the database is away, which
    the status page itself does not need. What belongs to no page is in the language that is asked for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with page_languages.said_in(_asked(request)):
            try:
                response = view(request, *args, **kwargs)
            except (OperationalError, InterfaceError):
                log.warning("subscriptions cannot be served", exc_info=True)
                context = {"home": addresses.status_page(kwargs["slug"]) if "slug" in kwargs else ""}
                text = render_to_string("comms/subscribe_closed.html", context, using="jinja2")
                response = HttpResponse(text, status=503, headers={"Retry-After": "60"})
        return signed_links.closed(response, robots="noindex")

    return guarded


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
@_private
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the page's updates, or, with ?incident=, for those of one incident."""
    page = pages.at_address(slug)
    if page is None or not page.is_public or page.retired_at is not None:
        raise Http404
    if page.slug != slug:
        return redirect("subscribe", slug=page.slug)
    language = page_languages.spoken(page, _asked(request))
    with page_languages.said_in(language):
        return _subscribe(request, page, language)


def _subscribe(request: HttpRequest, page: StatusPage, language: str) -> HttpResponse:
    frame = _frame(request, page, language)
    if "asked" in request.GET:
        asked = request.GET["asked"]
        by = {"by_mail": asked in ("", ChannelKind.EMAIL), "by_sms": asked == ChannelKind.SMS}
        return render(request, "comms/subscribe_asked.html", {**by, **frame})
    reference = request.GET.get("incident", "")
    about = scopes.incident_name(page, reference) if reference else ""
    given = {"incidents": [(reference, about)] if about else [], **_choices(scopes.components(page))}
    initial = {"what": CHOSEN, "incidents": [reference]} if about else {}
    by_sms = places.takes_sms(page)
    form = SubscribeForm(request.POST or None, initial=initial, by_sms=by_sms, **given)
    if request.method == "POST" and attempt(form, lambda: _ask(request, page, form, language)):
        channel = form.cleaned_data["channel"]
        then = "?asked" + ("" if channel == ChannelKind.EMAIL else f"={channel}")
        named = page_languages.named(page, language)
        return redirect(f"{request.path}{then}" + (f"&language={named}" if named else ""))
    status = 422 if form.errors else 200
    return render(
        request, "comms/subscribe.html", {"form": form, "about": about, "by_sms": by_sms, **frame}, status=status
    )


def _ask(request: HttpRequest, page: StatusPage, form: SubscribeForm, language: str) -> None:
    network = get_adapter(request).get_client_ip(request)
    where = {name: form.cleaned_data[name] for name in ("channel", "address")}
    asking.ask(page=page.slug, language=language, network=network, now=timezone.now(), **where, **form.scope())


@access.public
@require_safe
@_private
def short(request: HttpRequest, code: str) -> HttpResponse:
    """The link in an SMS leads to the button that confirms, and later to the page where it is changed and ended."""
    try:
        return redirect(keeping.short(code, now=timezone.now()))
    except keeping.Gone as gone:
        return render(request, "comms/subscription_gone.html", {"sentence": gone.message}, status=404)


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
@_private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: scanners of mail open every link. The button confirms."""
    try:
        asked = keeping.asked(token)
    except keeping.Gone as gone:
        return render(request, "comms/subscription_gone.html", {"sentence": gone.message}, status=404)
    page = asked.row.page
    language = page_languages.spoken(page, _asked(request), asked.language)
    with page_languages.said_in(language):
        if request.method == "POST":
            row = keeping.confirm(token, now=timezone.now())
            return redirect(_own(links.manage_token(row.pk, row.address), page, language))
        context = {"asked": asked, **_frame(request, page, language)}
        return render(request, "comms/subscription_confirm.html", context)


@access.public
@csrf_exempt  # only for what a mail program posts by itself (RFC 8058): the signed link is its authority
@require_http_methods(["GET", "HEAD", "POST"])
@_private
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """What the address gets, with its buttons. A mail program's one click ends it."""
    try:
        if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
            keeping.end(token, now=timezone.now())
            return HttpResponse(status=204)
        row = keeping.of(token)
    except keeping.Gone as gone:
        return render(request, "comms/subscription_gone.html", {"sentence": gone.message}, status=404)
    if request.method == "POST":
        return redirect("subscription", token=token)
    language = page_languages.spoken(row.page, _asked(request))
    with page_languages.said_in(language):
        return _page(request, token, row, _form(row), language)


@access.public
@require_POST
@_private
def change(request: HttpRequest, token: str) -> HttpResponse:
    """The buttons of the page: another choice, the end of this one, the end of all."""
    try:
        row = keeping.of(token)
    except keeping.Gone as gone:
        raise Http404 from gone
    deed = request.POST.get("deed", "")
    language = page_languages.spoken(row.page, _asked(request))
    with page_languages.said_in(language):
        if deed in ("end", "end-all"):
            keeping.end(token, every=deed == "end-all", now=timezone.now())
            return redirect(_own(token, row.page, language))
        form = _form(row, request.POST)
        if attempt(form, lambda: keeping.change(token, **form.scope())):
            return redirect(_own(token, row.page, language))
        return _page(request, token, row, form, language, status=422)


def _form(row: Subscription, data: Any = None) -> ScopeForm:
    """With the incidents that it has now: they can be unticked."""
    held = scopes.incidents(row.page).filter(pk__in=row.incidents)
    choices = [(each.reference, scopes.name_of(each)) for each in held]
    shown = scopes.components(row.page)
    slugs = {component.service_id: component.service.slug for component in shown}
    initial = {
        "what": WHOLE if row.is_whole else CHOSEN,
        "incidents": [reference for reference, _name in choices],
        "groups": row.groups,
        "services": [slugs[service] for service in row.services if service in slugs],
    }
    return ScopeForm(data, initial=initial, incidents=choices, **_choices(shown))


def _choices(shown: Sequence[Component]) -> dict[str, list[tuple[str, str]]]:
    return {
        "groups": [(group, group) for group in scopes.groups_of(shown)],
        "services": [(each.service.slug, each.name or each.service.name) for each in shown],
    }


def _asked(request: HttpRequest) -> str:
    return request.GET.get("language", "")


def _own(token: str, page: StatusPage, language: str) -> str:
    return addresses.subscription(token, language=page_languages.named(page, language))


def _frame(request: HttpRequest, page: StatusPage, language: str, *, here: str = "") -> dict[str, Any]:
    """What each of these pages needs: where its reader came from, and itself in the other languages."""
    kept = [(name, said) for name, said in request.GET.items() if name != "language"]
    return {
        "page": page,
        "language": language,
        "home": page_languages.home(page, language),
        "again": addresses.subscribe(page.slug, language=page_languages.named(page, language)),
        "renditions": [
            (f"{here or request.path}?{urlencode([*kept, ('language', each)])}", rendition)
            for each, rendition in page_languages.of_page(page, shown=language)
        ],
    }


def _page(
    request: HttpRequest, token: str, row: Subscription, form: ScopeForm, language: str, *, status: int = 200
) -> HttpResponse:
    by_sms = row.channel == ChannelKind.SMS
    context = {
        **_frame(request, row.page, language, here=addresses.subscription(token)),
        "token": token,
        "row": row,
        "form": form,
        "names": scopes.words(row.page, scopes.of(row)),
        "is_over": row.state == SubscriptionState.ENDED,
        "is_waiting": row.state == SubscriptionState.PENDING,
        "is_held": row.state == SubscriptionState.SUSPENDED,
        "short": links.short(row, language=page_languages.named(row.page, language)) if by_sms else "",
        "sends_none": by_sms and not row.page.takes_sms,
        "others": [(other, links.manage_token(other.pk, other.address)) for other in keeping.others(row)],
    }
    return render(request, "comms/subscription.html", context, status=status)
