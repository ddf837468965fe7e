"""What is done from the room in one step or on one page: states, notes, engagements."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.forms import room as forms
from incidents.forms.states import TransitionForm
from incidents.models import Engagement, Incident, TimelineEntry
from incidents.queries import progress, watched
from incidents.rules import lifecycle as rules
from incidents.rules import mentions
from incidents.services.record import notes
from incidents.services.states import lifecycle
from incidents.services.work import engagements
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.models import Team
from teams.queries import hours
from teams.requests import PersonRequest
from teams.rules import roles


def form_page(
    request: PersonRequest, *, incident: Incident, form: Form, title: str, button: str, lead: str = "", **context: Any
) -> HttpResponse:
    """A page with one form about one incident; 422 with what was typed where it was refused."""
    words = {"incident": incident, "form": form, "title": title, "button": button, "lead": lead, **context}
    template = context.pop("template", "incidents/form.html")
    return render(request, template, words, status=422 if form.is_bound else 200)


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def transition(request: PersonRequest, reference: str) -> HttpResponse:
    """Change the state of the incident."""
    incident = incident_or_404(request, reference)
    allowed = rules.allowed(incident.state)
    chosen = request.GET.get("to", "")
    people = progress.people(incident, person=request.user)
    form = TransitionForm(request.POST or None, allowed=allowed, people=people, initial={"to": chosen})
    if request.method == "POST" and attempt(
        form,
        lambda: lifecycle.transition(
            reference=reference,
            to=form.cleaned_data["to"],
            person=request.user,
            now=timezone.now(),
            at=form.cleaned_data["at"],
            reason=form.cleaned_data["reason"],
            confirmed_by=form.source(),
            facts=form.facts(),
        ),
    ):
        for words in progress.warnings(incident_or_404(request, reference)):
            messages.warning(request, words)
        return redirect(addresses.incident(reference))
    return form_page(
        request, incident=incident, form=form, title=_("Change the state"), button=_("Save"),
        template="incidents/transition.html", allowed=allowed, chosen=form["to"].value() or "",
        warned={state: progress.warnings(incident, state=state) for state in allowed},
        watch_ends_at=lifecycle.watch_ends_at(incident) if "resolved" in allowed else None,
    )  # fmt: skip


@access.allow(read=(), act=roles.ROOM_WRITERS)
@require_POST
def note(request: PersonRequest, reference: str) -> HttpResponse:
    """Add a line to the timeline."""
    incident = incident_or_404(request, reference)
    form = forms.NoteForm(request.POST)
    written: list[TimelineEntry] = []
    if attempt(
        form,
        lambda: written.append(
            notes.note(reference=reference, person=request.user, text=form.cleaned_data["text"], now=timezone.now())
        ),
    ):
        told = _nobody(mentions.unknown(written[0].text))
        if request.htmx:
            return render(request, "incidents/_note_answer.html", {"nobody": told})
        if told:
            messages.warning(request, told)
        return redirect(f"{addresses.incident(reference)}#timeline")
    if request.htmx:
        return render(request, "incidents/_note_answer.html", {"form": form}, status=422)
    return form_page(request, incident=incident, form=form, title=_("Add a note"), button=_("Add"))


def _nobody(handles: Sequence[str]) -> str:
    """What a writer should know about names that stand for nobody who may read the incident."""
    if not handles:
        return ""
    return _("Nobody was told: there is no %s who may read this incident.") % ", ".join(f"@{one}" for one in handles)


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def engage(request: PersonRequest, reference: str) -> HttpResponse:
    """Ask a team for help, with its card beside the form."""
    incident = incident_or_404(request, reference)
    teams = list(Team.objects.filter(is_active=True).prefetch_related("profiles", "contacts").order_by("name"))
    owner = incident.service.owner_team_id
    initial = next((team.slug for team in teams if team.pk == owner), "")
    form = forms.EngageForm(request.POST or None, teams=teams, initial={"team": request.GET.get("team", "") or initial})
    if request.method == "POST" and attempt(
        form,
        lambda: engagements.engage(
            reference=reference,
            team=form.chosen_team(),
            person=request.user,
            now=timezone.now(),
            note=form.cleaned_data["note"],
        ),
    ):
        messages.success(request, _("Asked. The page left at once."))
        return redirect(f"{addresses.incident(reference)}#teams")
    working = hours.at_work(teams, at=timezone.now())
    return form_page(
        request, incident=incident, form=form, title=_("Engage a team"), button=_("Ask for help now"),
        template="incidents/engage.html", teams=sorted(teams, key=lambda team: team.slug != form["team"].value()),
        contacts={team.pk: hours.ways(team, is_in=working[team.pk]) for team in teams}, today=timezone.now().date(),
        watched=watched.plans("call", person=request.user),
    )  # fmt: skip


_STEPS: dict[str, Callable[..., Engagement]] = {
    "acknowledge": engagements.acknowledge,
    "join": engagements.join,
    "useful-action": engagements.useful_action,
    "release": engagements.release,
    "ask-again": engagements.ask_again,
}


@access.allow(read=(), act=roles.TEAM_ANSWERERS)
@require_POST
def advance_engagement(request: PersonRequest, reference: str, engagement_id: int, step: str) -> HttpResponse:
    """One button of a team's row: acknowledged, joined, first useful action, released, ask again."""
    incident = incident_or_404(request, reference)
    get_object_or_404(Engagement, pk=engagement_id, incident=incident)
    if step not in _STEPS:
        raise Http404
    try:
        _STEPS[step](engagement_id=engagement_id, person=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{addresses.incident(reference)}#teams")
