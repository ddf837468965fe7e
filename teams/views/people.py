"""People as administrators look after them, and one's own account."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mim_portal.lib import access
from mim_portal.lib.forms import attempt, stand_over
from mim_portal.lib.refusals import Refusal
from teams.choices import Role
from teams.forms.people import OwnForm, PeopleFilterForm, PersonForm
from teams.models import Person, Team
from teams.queries import dependents, history
from teams.queries import people as queries
from teams.requests import PersonRequest
from teams.rules import roles
from teams.services import invitations, people

PAGE = 50


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """Who is there, by user name; paged by the key of its index, never by counting."""
    form = PeopleFilterForm(request.GET, teams=Team.objects.order_by("name"))
    found = queries.listing(form.filters()).order_by("username")
    after = request.GET.get("after", "")
    rows = list((found.filter(username__gt=after) if after else found)[: PAGE + 1])
    shown, now = rows[:PAGE], timezone.now()
    query = request.GET.copy()
    query.pop("after", None)
    plain = query.urlencode()
    if len(rows) > PAGE:
        query["after"] = shown[-1].username
    return render(
        request,
        "teams/people.html",
        {
            "form": form,
            "rows": [_line(person, now=now) for person in shown],
            "is_filtered": any(value for key, value in request.GET.items() if key != "after"),
            "first_url": f"?{plain}" if after else None,
            "next_url": f"?{query.urlencode()}" if len(rows) > PAGE else None,
        },
    )


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def person(request: PersonRequest, username: str) -> HttpResponse:
    """Everything about one person on one page; two administrators at once are shown what the other did."""
    found = _found(username)
    form = PersonForm(request.POST or None, initial=_initial(found), choices=_teams(found))
    by = request.user

    def save() -> None:
        changes, version = form.changes(), form.cleaned_data["version"] or None
        people.change(person_id=found.pk, by=by, changes=changes, now=timezone.now(), version=version)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved."))
        return redirect("person", username=found.username)
    return _person_page(request, _found(username), form)


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def activity(request: PersonRequest, username: str) -> HttpResponse:
    """Deactivate or reactivate; refused with the list of what the person is accountable for."""
    found = _found(username)
    is_active = request.POST.get("active") == "yes"
    try:
        people.change(person_id=found.pk, by=request.user, changes={"is_active": is_active}, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("%s is active again.") if is_active else _("%s is deactivated and signed out everywhere.")
        messages.success(request, words % found.name)
    return redirect("person", username=found.username)


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def invitation(request: PersonRequest, username: str) -> HttpResponse:
    """Send the invitation, again too, or withdraw it."""
    found = _found(username)
    try:
        if request.POST.get("deed") == "withdraw":
            invitations.withdraw(person_id=found.pk, by=request.user, now=timezone.now())
            messages.success(request, _("Withdrawn. The link in the mail does not work any more."))
        else:
            invitations.send(person_id=found.pk, by=request.user, now=timezone.now())
            messages.success(request, _("The invitation is on its way to %s.") % found.email)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    if request.POST.get("back") == "invitations":
        return redirect("invitations")
    return redirect("person", username=found.username)


@access.allow(read=None, act=None)
@require_http_methods(["GET", "POST"])
def me(request: PersonRequest) -> HttpResponse:
    """One's own name, phone, zone and language; what is the administrator's is shown and said to be."""
    found = queries.with_teams(Person.objects.filter(pk=request.user.pk)).get()
    form = OwnForm(request.POST or None, initial=_initial(found))

    def save() -> None:
        version = form.cleaned_data["version"] or None
        people.edit_own(person=found, changes=form.changes(), now=timezone.now(), version=version)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved."))
        return redirect("me")
    stand_over(form, queries.version(found))
    return render(
        request,
        "teams/me.html",
        _line(found, now=timezone.now()) | {"form": form},
        status=422 if form.is_bound else 200,
    )


def _person_page(request: PersonRequest, found: Person, form: PersonForm) -> HttpResponse:
    now = timezone.now()
    stand_over(form, queries.version(found))
    hanging = dependents.of(found, viewer=request.user, now=now) if found.is_active else []
    return render(
        request,
        "teams/person.html",
        _line(found, now=now)
        | {
            "form": form,
            "invitation": next(iter(found.invitations.all()), None),
            "dependents": hanging,
            "is_needed": any(one.is_blocking for one in hanging),
            "history": history.of(found),
            "now_there": _initial(found) if form.is_bound and form.errors else {},
        },
        status=422 if form.is_bound else 200,
    )


def _line(found: Person, *, now: Any) -> dict[str, Any]:
    return {
        "person": found,
        "role_names": [str(Role(role).label) for role in found.roles if role in Role.values],
        "memberships": list(found.memberships.all()),
        "invitation_state": queries.invitation_state(found, now=now),
        "can_sign_in": queries.can_sign_in(found),
        "reads_by_link": queries.reads_by_link(found),
    }


def _initial(found: Person) -> dict[str, Any]:
    state = queries.state(found)
    leads = [slug for slug, is_lead in state["teams"].items() if is_lead]
    return state | {"teams": [*state["teams"]], "leads": leads, "version": queries.version(found)}


def _teams(found: Person) -> list[Team]:
    own = [one.team for one in found.memberships.all() if not one.team.is_active]
    return [*Team.objects.filter(is_active=True).order_by("name"), *own]


def _found(username: str) -> Person:
    found = queries.by_username(username)
    if found is None:
        raise Http404
    return found
