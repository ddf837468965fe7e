"""Settings: the ways out other than mail, their state, and a test of each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comms.choices import ChannelKind
from comms.forms.endpoints import EndpointForm, KindForm, TestForm
from comms.models import Endpoint
from comms.queries.recipients import endpoints as queries
from comms.services.sending import endpoints, trying
from mim_portal.lib import access
from mim_portal.lib.forms import attempt, stand_over
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

SENT = 30
RECIPIENTS = 20


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """All of them with their state: what is in trouble stands first."""
    found = sorted(queries.endpoints(), key=lambda one: (not one.is_active, one.failures == 0))
    return render(request, "comms/channels.html", {"channels": found, "now": timezone.now(), "kinds": endpoints.KINDS})


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: PersonRequest) -> HttpResponse:
    """The kind first, then what that kind needs."""
    asked = KindForm(request.GET)
    if not asked.is_valid():
        return render(request, "comms/channel_kind.html", {"kinds": endpoints.KINDS})
    kind = asked.cleaned_data["kind"]
    form = EndpointForm(request.POST or None, kind=kind)
    made: list[tuple[Endpoint, str]] = []
    if request.method == "POST" and attempt(
        form, lambda: made.append(endpoints.add(values=form.values() | {"kind": kind}, by=request.user))
    ):
        ((found, secret),) = made
        if secret:
            return render(request, "comms/channel_secret.html", {"channel": found, "secret": secret, "is_new": True})
        messages.success(request, _("Added. Send a test to see whether it works."))
        return redirect("channel", code=found.code)
    context = {"form": form, "kind": ChannelKind(kind)}
    return render(request, "comms/channel_new.html", context, status=422 if form.is_bound else 200)


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def channel(request: PersonRequest, code: str) -> HttpResponse:
    """One channel: how it is, a test, what it was sent, its settings."""
    found = channel_or_404(code)
    initial = queries.state(found) | {"version": queries.version(found)}
    form = EndpointForm(request.POST or None, initial=initial, kind=found.kind, own=code)

    def save() -> None:
        version = form.cleaned_data["version"] or None
        endpoints.change(code=code, changes=form.values(), by=request.user, version=version)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved."))
        return redirect("channel", code=code)
    stand_over(form, queries.version(found))
    return _page(request, found, form=form, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def send_test(request: PersonRequest, code: str) -> HttpResponse:
    """A test message now; the page says what was answered."""
    found = channel_or_404(code)
    form = TestForm(request.POST, kind=found.kind)
    tried: list[trying.Tried] = []

    def send() -> None:
        number = form.cleaned_data.get("number", "")
        tried.append(trying.send(endpoint=found, number=number, by=request.user, now=timezone.now()))

    if not attempt(form, send):
        return _page(request, found, test_form=form, status=422)
    return _page(request, channel_or_404(code), tried=tried[0])


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
@never_cache
def secret(request: PersonRequest, code: str) -> HttpResponse:
    """A new secret, shown this once."""
    found = channel_or_404(code)
    try:
        found, made = endpoints.change_secret(code=code, by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("channel", code=code)
    return render(request, "comms/channel_secret.html", {"channel": found, "secret": made, "is_new": False})


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def again(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Send one delivery once more."""
    channel_or_404(code)
    try:
        endpoints.redeliver(code=code, pk=pk, by=request.user)
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is sent again."))
    return redirect("channel", code=code)


def channel_or_404(code: str) -> Endpoint:
    found = queries.one(code)
    if found is None:
        raise Http404
    return found


def _page(request: PersonRequest, found: Endpoint, *, status: int = 200, **more: Any) -> HttpResponse:
    if "form" not in more:
        initial = queries.state(found) | {"version": queries.version(found)}
        more["form"] = EndpointForm(initial=initial, kind=found.kind, own=found.code)
    rows = list(queries.recipients(found)[: RECIPIENTS + 1])
    context = {
        "channel": found,
        "now": timezone.now(),
        "test_form": TestForm(kind=found.kind),
        "tried": None,
        "may_see_deliveries": request.user.has_role(*roles.DELIVERY_KEEPERS),
        "sent": list(queries.deliveries(found)[:SENT]),
        "recipients": rows[:RECIPIENTS],
        "has_more": len(rows) > RECIPIENTS,
    }
    return render(request, "comms/channel.html", context | more, status=status)
