"""Rotas on pages: who is on, the week by the reader's clock, lines, and what differs from them."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mim_portal.lib import access, times
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.forms import rotas as forms
from teams.models import Person, Rota, RotaAbsence, RotaLine, RotaShift, Team
from teams.queries import rotas as queries
from teams.requests import PersonRequest
from teams.rules import patterns, roles
from teams.services import overrides, rotas

WEEKDAYS = tuple(str(label) for _number, label in forms.DAYS)
SWAPPABLE = 60


@access.allow(read=roles.ROOM_READERS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """Every rota: who is on now, until when, who is next, and the gaps of the next two weeks."""
    now = timezone.now()
    found = list(queries.all_rotas())
    covers = queries.covers([rota.pk for rota in found], since=now, until=now + queries.LOOK_AHEAD)
    rows = [
        {
            "rota": rota,
            "on": queries.on_now(covers[rota.pk]),
            "gaps": queries.gaps_in_words(covers[rota.pk], timezone.get_current_timezone()),
        }
        for rota in found
    ]
    context = {"rows": rows, "may_edit": request.user.has_role(*roles.ROTA_EDITORS)}
    return render(request, "teams/rotas.html", context)


@access.allow(read=roles.ROOM_READERS)
@require_GET
def rota(request: PersonRequest, rota_id: int) -> HttpResponse:
    """One rota: a week in the reader's zone, its lines, covers and absences."""
    found, now = _rota(rota_id), timezone.now()
    zone = timezone.get_current_timezone()
    monday = _monday(request.GET.get("week", ""), now.astimezone(zone).date())
    since, until = queries.bounds(monday, zone)
    cover = queries.covers([found.pk], since=since, until=until)[found.pk]
    context = {
        "rota": found,
        "on": queries.now_and_next([found.pk], at=now)[found.pk],
        "week": queries.week(cover, monday=monday, zone=zone, now=now, written_until=now + rotas.AHEAD),
        "previous_week": monday - timedelta(days=7),
        "next_week": monday + timedelta(days=7),
        "horizon": now + rotas.AHEAD,
        "last_day": (now + rotas.AHEAD).astimezone(zone).date(),
        "lines": [{"row": line, "days": _days(line.weekdays)} for line in queries.lines(found)],
        "overrides": list(queries.overrides(found, now=now)),
        "absences": list(queries.absences(found, now=now)),
        "may_edit": request.user.has_role(*roles.ROTA_EDITORS),
        "may_change": request.user.has_role(*roles.ROTA_USERS),
    }
    return render(request, "teams/rota.html", context)


@access.allow(read=roles.ROTA_EDITORS, act=roles.ROTA_EDITORS)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """A rota for a role or a team."""
    form = forms.RotaForm(request.POST or None, teams=_teams(), initial={"time_zone": request.user.time_zone})
    made: list[Rota] = []
    if request.method == "POST" and attempt(
        form, lambda: made.append(rotas.create(person=request.user, now=timezone.now(), **form.cleaned_data))
    ):
        return redirect("rota", rota_id=made[0].pk)
    return _form_page(request, form, title=_("New rota"), button=_("Make the rota"), rota=None)


@access.allow(read=roles.ROTA_EDITORS, act=roles.ROTA_EDITORS)
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, rota_id: int) -> HttpResponse:
    """Name and zone."""
    found = _rota(rota_id)
    initial = {"name": found.name, "time_zone": found.time_zone}
    form = forms.RotaForm(request.POST or None, teams=(), is_new=False, initial=initial)
    if request.method == "POST" and attempt(
        form, lambda: rotas.edit(rota_id=rota_id, person=request.user, now=timezone.now(), **form.cleaned_data)
    ):
        return redirect("rota", rota_id=rota_id)
    return _form_page(request, form, title=_("Edit the rota"), button=_("Save"), rota=found)


@access.allow(read=roles.ROTA_EDITORS, act=roles.ROTA_EDITORS)
@require_http_methods(["GET", "POST"])
def line(request: PersonRequest, rota_id: int, line_id: int | None = None) -> HttpResponse:
    """A new recurring line, or another pattern for one."""
    found, now = _rota(rota_id), timezone.now()
    current = _line(found, line_id)
    form = forms.LineForm(request.POST or None, people=queries.people_of(found), initial=_initial(found, current))

    def save() -> RotaLine:
        if current is None:
            return rotas.add_line(rota_id=rota_id, person=request.user, fields=form.cleaned_data, now=now)
        return rotas.change_line(line_id=current.pk, person=request.user, fields=form.cleaned_data, now=now)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved. The shifts of the next eight weeks follow it."))
        return redirect("rota", rota_id=rota_id)
    title = _("Another pattern") if current else _("New recurring line")
    return _form_page(request, form, title=title, button=_("Save"), rota=found, line=current)


@access.allow(read=(), act=roles.ROTA_EDITORS)
@require_POST
def remove_line(request: PersonRequest, rota_id: int, line_id: int) -> HttpResponse:
    """No turn of this line comes any more."""
    if _line(_rota(rota_id), line_id) is not None:
        rotas.remove_line(line_id=line_id, person=request.user, now=timezone.now())
        messages.success(request, _("The line is gone; shifts that are over stay."))
    return redirect("rota", rota_id=rota_id)


@access.allow(read=roles.ROTA_USERS, act=roles.ROTA_USERS)
@require_http_methods(["GET", "POST"])
def override(request: PersonRequest, rota_id: int) -> HttpResponse:
    """Somebody stands in, is away, or takes one more shift."""
    found = _rota(rota_id)
    initial = {"instead_of": request.user.username, "kind": request.GET.get("kind", "cover")}
    form = forms.OverrideForm(
        request.POST or None,
        people=queries.people_of(found),
        may_edit=request.user.has_role(*roles.ROTA_EDITORS),
        initial=initial,
    )
    if request.method == "POST" and attempt(form, lambda: _override(form, found, request.user)):
        return redirect("rota", rota_id=rota_id)
    return _form_page(
        request, form, title=_("Change a shift"), button=_("Save"), rota=found,
        lead=_("Times are by your own clock. You can give your own shifts away; others are changed by an editor."),
    )  # fmt: skip


@access.allow(read=roles.ROTA_USERS, act=roles.ROTA_USERS)
@require_http_methods(["GET", "POST"])
def swap(request: PersonRequest, rota_id: int) -> HttpResponse:
    """Two people take each other's shift."""
    found, zone = _rota(rota_id), timezone.get_current_timezone()
    is_editor = request.user.has_role(*roles.ROTA_EDITORS)
    coming = [
        (
            shift,
            f"{shift.person.name}: {times.date_time(shift.starts_at, zone)}–{times.clock_time(shift.ends_at, zone)}",
        )
        for shift in queries.upcoming(found, now=timezone.now())[:SWAPPABLE]
    ]
    own = [each for each in coming if is_editor or each[0].person_id == request.user.pk]
    others = [each for each in coming if is_editor or each[0].person_id != request.user.pk]
    form = forms.SwapForm(request.POST or None, own=own, others=others)
    if request.method == "POST" and attempt(
        form,
        lambda: overrides.swap(
            first_id=form.cleaned_data["first"],
            second_id=form.cleaned_data["second"],
            person=request.user,
            now=timezone.now(),
        ),
    ):
        messages.success(request, _("Swapped. Both shifts have changed hands."))
        return redirect("rota", rota_id=rota_id)
    return _form_page(
        request, form, title=_("Swap two shifts"), button=_("Swap"), rota=found,
        lead=_("Agree it with the other person first; both shifts change hands at once."),
    )  # fmt: skip


@access.allow(read=(), act=roles.ROTA_USERS)
@require_POST
def remove_override(request: PersonRequest, rota_id: int, shift_id: int) -> HttpResponse:
    """Take a cover or a shift by hand back."""
    if not RotaShift.objects.filter(pk=shift_id, rota=rota_id).exists():
        raise Http404
    try:
        overrides.remove_shift(shift_id=shift_id, person=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("rota", rota_id=rota_id)


@access.allow(read=(), act=roles.ROTA_USERS)
@require_POST
def remove_absence(request: PersonRequest, rota_id: int, absence_id: int) -> HttpResponse:
    """Back earlier."""
    if not RotaAbsence.objects.filter(pk=absence_id, rota=rota_id).exists():
        raise Http404
    try:
        overrides.remove_absence(absence_id=absence_id, person=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("rota", rota_id=rota_id)


def _override(form: forms.OverrideForm, rota: Rota, person: Person) -> None:
    given = dict(form.cleaned_data)
    kind, instead_of, who = given.pop("kind"), given.pop("instead_of"), given.pop("who")
    given |= {"rota_id": rota.pk, "person": person, "now": timezone.now()}
    if kind == "away":
        overrides.away(who=instead_of, **given)
    elif kind == "plan":
        overrides.plan(who=who, **given)
    else:
        overrides.cover(who=who, instead_of=instead_of, **given)


def _form_page(
    request: PersonRequest, form: Form, *, title: str, button: str, rota: Rota | None, **context: Any
) -> HttpResponse:
    words = {"form": form, "title": title, "button": button, "rota": rota, "line": None, "lead": "", **context}
    return render(request, "teams/rota_form.html", words, status=422 if form.is_bound else 200)


def _initial(rota: Rota, line: RotaLine | None) -> dict[str, Any]:
    if line is None:
        today = timezone.localdate()
        return {"time_zone": rota.time_zone, "first_date": today, "every_weeks": 1, "weekdays": list(range(5))}
    fields = ("weekdays", "starts", "ends", "time_zone", "every_weeks", "first_date", "last_date")
    return {name: getattr(line, name) for name in fields} | {"person": line.person.username}


def _rota(rota_id: int) -> Rota:
    rota = queries.all_rotas().filter(pk=rota_id).first()
    if rota is None:
        raise Http404
    return rota


def _line(rota: Rota, line_id: int | None) -> RotaLine | None:
    if line_id is None:
        return None
    line = queries.lines(rota).filter(pk=line_id).first()
    if line is None:
        raise Http404
    return line


def _teams() -> list[Team]:
    return list(Team.objects.filter(is_active=True).order_by("name"))


def _days(weekdays: list[int]) -> str:
    """'Mon–Fri', or the days one by one."""
    days = sorted(weekdays)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}–{WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)


def _monday(text: str, today: date) -> date:
    """The Monday of the asked week, or of this one."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = today
    if not 1 < asked.year < 9998:
        asked = today
    return patterns.monday(asked)
