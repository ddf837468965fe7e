"""How a team is paged: its targets, a test of each, what to copy into the other tool."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comms.choices import FOLLOWED_PAGES, PagingKind
from comms.forms.paging import TargetForm, TargetKindForm, initial
from comms.models import Endpoint
from comms.queries import paging as queries
from comms.services.paging import targets, trying
from comms.services.paging.targets import Made
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Forbidden, Refusal
from teams.models import Team
from teams.queries import hours
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_READERS)
@require_GET
def listing(request: PersonRequest, slug: str) -> HttpResponse:
    """Every target with its state; whoever may change them finds the way to it here."""
    team = get_object_or_404(Team, slug=slug)
    return _listing(request, team)


@access.allow(read=roles.ROOM_READERS, act=roles.ROOM_READERS)
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: PersonRequest, slug: str) -> HttpResponse:
    """The kind first, then what that kind needs."""
    team = _own(request, slug)
    asked = TargetKindForm(request.GET)
    if not asked.is_valid():
        return render(request, "comms/paging_kind.html", {"team": team, "kinds": PagingKind})
    kind = asked.cleaned_data["kind"]
    form = TargetForm(request.POST or None, kind=kind, others=list(queries.of_team(team)))
    made: list[Made] = []
    if request.method == "POST" and attempt(
        form, lambda: made.append(targets.add(team=team, values=form.cleaned_data | {"kind": kind}, by=request.user))
    ):
        return _told(request, team, made[0])
    context = {"team": team, "form": form, "kind": PagingKind(kind)}
    return render(request, "comms/paging_new.html", context, status=422 if form.is_bound else 200)


@access.allow(read=roles.ROOM_READERS, act=roles.ROOM_READERS)
@require_http_methods(["GET", "POST"])
def target(request: PersonRequest, slug: str, code: str) -> HttpResponse:
    """One target's settings."""
    team = _own(request, slug)
    found = _target_or_404(team, code)
    others = list(queries.of_team(team))
    form = TargetForm(request.POST or None, kind=found.kind, others=others, own=found, initial=initial(found))
    if request.method == "POST" and attempt(
        form, lambda: targets.change(team=team, code=code, changes=form.cleaned_data, by=request.user)
    ):
        messages.success(request, _("Saved."))
        return redirect(addresses.paging(slug))
    context = {"team": team, "target": found, "form": form, "is_followed": found.kind in FOLLOWED_PAGES}
    return render(request, "comms/paging_target.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def send_test(request: PersonRequest, slug: str, code: str) -> HttpResponse:
    """A test page now; the page says what was answered."""
    team = _own(request, slug)
    tried = trying.send(team=team, code=_target_or_404(team, code).code, by=request.user, now=timezone.now())
    return _listing(request, team, tried=tried, tried_code=code)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
@never_cache
def new_address(request: PersonRequest, slug: str, code: str) -> HttpResponse:
    """Another address for answers, shown this once."""
    team = _own(request, slug)
    try:
        made = targets.new_address(team=team, code=_target_or_404(team, code).code, by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(addresses.paging(slug))
    return _told(request, team, made)


def _told(request: PersonRequest, team: Team, made: Made) -> HttpResponse:
    if not made.answers:
        messages.success(request, _("Added. Send a test page to see whether it works."))
        return redirect(addresses.paging(team.slug))
    return render(request, "comms/paging_told.html", {"team": team, "made": made, "target": made.target})


def _listing(request: PersonRequest, team: Team, **tried: object) -> HttpResponse:
    context = {
        "team": team,
        "targets": list(queries.of_team(team)),
        "now": timezone.now(),
        "may_edit": hours.may_keep(team=team, person=request.user),
        "tried": None,
    }
    return render(request, "comms/paging.html", context | tried)


def _own(request: PersonRequest, slug: str) -> Team:
    team = get_object_or_404(Team, slug=slug)
    try:
        queries.allowed(team=team, person=request.user)
    except Forbidden as error:
        raise PermissionDenied(error.message) from error
    return team


def _target_or_404(team: Team, code: str) -> Endpoint:
    found = queries.one(team, code)
    if found is None:
        raise Http404
    return found
