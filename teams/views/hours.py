"""A team's working hours and holidays: what holds now, kept by its members and administrators."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mim_portal.lib import access, times, uploads
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.forms.hours import HolidayFileForm, HolidayForm, HoursForm
from teams.models import Team
from teams.queries import hours as queries
from teams.requests import PersonRequest
from teams.rules import roles
from teams.services import hours
from teams.services.hours import Taken

SAID = 5  # of what a file left out


@access.allow(read=roles.ROOM_READERS, act=roles.ROOM_READERS)
@require_http_methods(["GET", "POST"])
def page(request: PersonRequest, slug: str) -> HttpResponse:
    """Hours and holidays; a post changes the hours."""
    team = get_object_or_404(Team, slug=slug)
    if request.method == "GET":
        return _page(request, team)
    _allowed(request, team)
    form = HoursForm(request.POST)
    if attempt(form, lambda: hours.set_hours(team=team, person=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved. Calls go by these hours from now on."))
        return redirect("team-hours", slug=slug)
    return _page(request, team, hours_form=form)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def add(request: PersonRequest, slug: str) -> HttpResponse:
    """One more holiday."""
    team = get_object_or_404(Team, slug=slug)
    _allowed(request, team)
    form = HolidayForm(request.POST)
    if attempt(form, lambda: hours.add_holiday(team=team, person=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved: %s.") % times.day(form.cleaned_data["on_date"]))
        return redirect("team-hours", slug=slug)
    return _page(request, team, day_form=form)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def take_file(request: PersonRequest, slug: str) -> HttpResponse:
    """The holidays of a calendar file or a sheet."""
    team = get_object_or_404(Team, slug=slug)
    _allowed(request, team)
    form = HolidayFileForm(request.POST, request.FILES)
    form.is_too_large = bool(uploads.too_large(request))
    done: list[Taken] = []

    def take() -> None:
        raw = form.cleaned_data["file"]
        done.append(hours.take_file(team=team, person=request.user, raw=raw, today=timezone.now().date()))

    if not attempt(form, take):
        return _page(request, team, file_form=form)
    taken = done[0]
    counts = {"added": taken.added, "renamed": taken.renamed, "unchanged": taken.unchanged}
    messages.success(request, _("%(added)d added, %(renamed)d renamed, %(unchanged)d there already.") % counts)
    if taken.left_out:
        messages.warning(request, _("Left out: %s") % " ".join(taken.left_out[:SAID]))
    return redirect("team-hours", slug=slug)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def remove(request: PersonRequest, slug: str, holiday_id: int) -> HttpResponse:
    """A working day again."""
    team = get_object_or_404(Team, slug=slug)
    _allowed(request, team)
    try:
        hours.remove_holiday(team=team, person=request.user, holiday_id=holiday_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("team-hours", slug=slug)


def _page(
    request: PersonRequest,
    team: Team,
    *,
    hours_form: HoursForm | None = None,
    day_form: HolidayForm | None = None,
    file_form: HolidayFileForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    found = queries.of_teams([team], at=now)[team.pk]
    initial = {"weekdays": sorted(found.weekdays), "starts": found.starts, "ends": found.ends}
    today = now.astimezone(times.zone(team.time_zone)).date()
    days = list(queries.holidays(team))
    given: list[Form | None] = [hours_form, day_form, file_form]
    context = {
        "team": team,
        "hours": found,
        "state": queries.state(team, at=now),
        "coming": [row for row in days if row.on_date >= today],
        "over": [row for row in days if row.on_date < today],
        "may_keep": queries.may_keep(team=team, person=request.user),
        "hours_form": hours_form or HoursForm(initial=initial),
        "day_form": day_form or HolidayForm(),
        "file_form": file_form or HolidayFileForm(),
    }
    status = 422 if any(form is not None for form in given) else 200
    return render(request, "teams/hours.html", context, status=status)


def _allowed(request: PersonRequest, team: Team) -> None:
    if not queries.may_keep(team=team, person=request.user):
        raise PermissionDenied(_("Only members of %s and administrators keep its hours and holidays.") % team.name)
