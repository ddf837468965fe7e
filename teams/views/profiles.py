"""A team's profile: written and confirmed by the team, its versions, what others propose and say of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.choices import ProfileField
from teams.forms import AnswerForm, ProfileForm, ProposalForm
from teams.models import Team
from teams.queries import calling
from teams.queries import profiles as queries
from teams.requests import PersonRequest
from teams.rules import profiles as rules
from teams.rules import roles
from teams.services import profiles, proposals
from teams.views import teams


@access.allow(read=roles.ROOM_READERS, act=roles.ROOM_READERS)
@require_http_methods(["GET", "POST"])
def profile(request: PersonRequest, slug: str) -> HttpResponse:
    """The team writes a new version of its profile."""
    found = get_object_or_404(Team, slug=slug)
    latest = calling.current_profile(found)
    initial = {name: rules.as_text(getattr(latest, name)) for name in rules.FIELDS} if latest else {}
    form = ProfileForm(request.POST or None, initial=initial)
    if form.is_bound and attempt(
        form,
        lambda: profiles.write(team=found, person=request.user, fields=form.cleaned_data, now=timezone.now()),
    ):
        messages.success(request, _("Saved as a new version."))
        return redirect("team", slug=slug)
    return render(request, "teams/profile.html", {"team": found, "form": form}, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def confirm(request: PersonRequest, slug: str) -> HttpResponse:
    """The newest version still holds."""
    found = get_object_or_404(Team, slug=slug)
    try:
        profiles.confirm(team=found, person=request.user, now=timezone.now())
        messages.success(request, _("Confirmed. We ask again in six months."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("team", slug=slug)


@access.allow(read=roles.ROOM_READERS)
@require_GET
def versions(request: PersonRequest, slug: str) -> HttpResponse:
    """How the profile came to be: each version against the one before it."""
    found = get_object_or_404(Team, slug=slug)
    rows = queries.versions(found, viewer=request.user)
    labels = dict(ProfileField.choices)
    return render(request, "teams/versions.html", {"team": found, "versions": rows, "labels": labels})


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def propose(request: PersonRequest, slug: str) -> HttpResponse:
    """Other words for one line, with the reason; the line's own words are there to begin with."""
    found = get_object_or_404(Team, slug=slug)
    latest = calling.current_profile(found)
    field = request.GET.get("field", "")
    initial = {"field": field, "text": rules.as_text(getattr(latest, field, ""))} if field in rules.FIELDS else {}
    form = ProposalForm(request.POST or None, initial=initial)
    if form.is_bound and attempt(
        form,
        lambda: proposals.propose(team=found, person=request.user, now=timezone.now(), **form.cleaned_data),
    ):
        messages.success(request, _("Proposed. The team decides; its answer stands under Teams."))
        return redirect("team", slug=slug)
    lines = [(label, rules.as_text(getattr(latest, name))) for name, label in ProfileField.choices] if latest else []
    context = {"team": found, "form": form, "lines": lines}
    return render(request, "teams/propose.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def proposal(request: PersonRequest, slug: str, proposal_id: int) -> HttpResponse:
    """The team takes a proposal up, or says why not."""
    found = get_object_or_404(Team, slug=slug)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return teams.card(
            request, found, refused={"pk": proposal_id, "answer": form["answer"].value(), "message": words}
        )
    answer = form.cleaned_data["answer"]
    shared: dict[str, Any] = {"team": found, "proposal_id": proposal_id, "person": request.user, "now": timezone.now()}
    try:
        if form.cleaned_data["deed"] == "accept":
            proposals.accept(**shared, answer=answer, version=form.cleaned_data["version"])
            messages.success(request, _("Taken up as a new version."))
        else:
            proposals.reject(**shared, answer=answer)
            messages.success(request, _("Answered."))
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        return teams.card(request, found, refused={"pk": proposal_id, "answer": answer, "message": refusal.message})
    return redirect("team", slug=slug)


@access.allow(read=(), act=roles.ROOM_WRITERS)
@require_POST
def vote(request: PersonRequest, slug: str) -> HttpResponse:
    """Whether the profile proved right when the team was called by it."""
    found = get_object_or_404(Team, slug=slug)
    is_accurate, version = request.POST.get("accurate") == "yes", request.POST.get("version", "")
    try:
        proposals.vote(
            team=found,
            person=request.user,
            is_accurate=is_accurate,
            version=int(version) if version.isdecimal() else None,
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("team", slug=slug)
    if is_accurate:
        messages.success(request, _("Counted. Thank you."))
        return redirect("team", slug=slug)
    messages.success(request, _("Counted. What should it say instead?"))
    return redirect("team-propose", slug=slug)
