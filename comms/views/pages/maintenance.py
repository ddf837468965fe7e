"""/maintenance/: what is planned, what runs, what is over; announced and told about by planners."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comms.choices import OPEN_MAINTENANCE, MaintenanceState
from comms.forms.maintenance import AnywayForm, NewWindowForm, TellForm, WindowForm
from comms.models import Maintenance
from comms.queries import maintenance as queries
from comms.rules import maintenance as rules
from comms.services.maintenance import series, windows, wording
from comms.services.maintenance.wording import Read, Stopped
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 50
END_SERIES = "end_series"


@access.allow(read=roles.ROOM_READERS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """What runs and what is ahead, the next one first; then what is over, paged by time."""
    ahead = list(queries.windows().filter(state__in=OPEN_MAINTENANCE)[: 4 * PAGE])[::-1]
    over = queries.windows().exclude(state__in=OPEN_MAINTENANCE)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        edge = Maintenance.objects.filter(pk=int(before)).first()
        over = over.filter(scheduled_for__lt=edge.scheduled_for) if edge else over
    rows = list(over[: PAGE + 1])
    context = {
        "ahead": sorted(ahead, key=lambda each: each.state == MaintenanceState.SCHEDULED),
        "over": rows[:PAGE],
        "next_url": f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else None,
        "first_url": "?" if before else None,
        "now": timezone.now(),
        "may_plan": request.user.has_role(*roles.MAINTENANCE_PLANNERS),
    }
    return render(request, "comms/maintenance.html", context)


@access.allow(read=roles.MAINTENANCE_PLANNERS, act=roles.MAINTENANCE_PLANNERS)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Announce a window, or a series of them."""
    form = NewWindowForm(request.POST or None, initial={"services": request.GET.getlist("service")})
    made: list[Maintenance] = []

    def plan() -> None:
        made.append(
            series.plan(
                words=_read(form, form.values()),
                values=form.values(),
                repeat=form.cleaned_data["repeat"],
                until=form.cleaned_data["until"],
                time_zone=form.time_zone,
                person=request.user,
                now=timezone.now(),
            )
        )

    if request.method == "POST" and _attempt(form, plan):
        messages.success(request, _("Announced. Its pages show it now."))
        return redirect("maintenance", pk=made[0].pk)
    return render(
        request, "comms/maintenance_form.html", {"form": form, "window": None}, status=422 if form.is_bound else 200
    )


@access.allow(read=roles.ROOM_READERS)
@require_GET
def window(request: PersonRequest, pk: int) -> HttpResponse:
    """One window: when, what was told, what comes next."""
    return _page(request, _or_404(pk), TellForm())


@access.allow(read=roles.MAINTENANCE_PLANNERS, act=roles.MAINTENANCE_PLANNERS)
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change what was announced."""
    found = _or_404(pk)
    form = WindowForm(request.POST or None, initial=windows.standing(found))

    def change() -> None:
        words = _read(form, form.values())
        windows.change(pk=pk, values=form.values(), person=request.user, now=timezone.now(), words=words)

    if request.method == "POST" and _attempt(form, change):
        messages.success(request, _("Changed. Its pages show it now."))
        return redirect("maintenance", pk=pk)
    context = {"form": form, "window": found}
    return render(request, "comms/maintenance_form.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.MAINTENANCE_PLANNERS)
@require_POST
def tell(request: PersonRequest, pk: int) -> HttpResponse:
    """Words for readers, and where the button says so, the next state."""
    found = _or_404(pk)
    form = TellForm(request.POST)

    def deed() -> None:
        to, body, now = form.cleaned_data["to"], form.cleaned_data["body"], timezone.now()
        words = _read(form, {"body": body})
        if to == END_SERIES:
            series.end(pk=found.series_id or 0, body=body, person=request.user, now=now, words=words)
        elif to:
            windows.move(pk=pk, to=to, body=body, person=request.user, now=now, words=words)
        else:
            windows.say(pk=pk, body=body, person=request.user, now=now, words=words)

    if _attempt(form, deed):
        messages.success(request, _("Its pages show it now."))
        return redirect("maintenance", pk=pk)
    return _page(request, found, form, status=422)


def _read(form: AnywayForm, texts: Mapping[str, object]) -> Read:
    """Before the verb's transaction begins: a checker can be slow."""
    return wording.read(texts, reason=form.cleaned_data["send_anyway"])


def _attempt(form: AnywayForm, verb: Callable[[], None]) -> bool:
    """Where the words stop it, the form asks why they should leave as they stand."""

    def asked() -> None:
        try:
            verb()
        except Stopped:
            form.ask_why()
            raise

    return attempt(form, asked)


def _page(request: PersonRequest, found: Maintenance, form: TellForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "window": found,
        "form": form,
        "now": timezone.now(),
        "updates": queries.told(found)[::-1],
        "incidents": queries.incidents_during(found, person=request.user),
        "steps": rules.following_states(found.state),
        "is_open": found.state in OPEN_MAINTENANCE,
        "may_plan": request.user.has_role(*roles.MAINTENANCE_PLANNERS),
    }
    return render(request, "comms/maintenance_window.html", context, status=status)


def _or_404(pk: int) -> Maintenance:
    found = queries.one(pk)
    if found is None:
        raise Http404
    return found
