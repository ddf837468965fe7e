"""What is done from the room in one step or on one page: states, impact, notes, engagements."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.forms import room as forms
from incidents.models import Engagement, Incident
from incidents.queries import impact as impact_queries
from incidents.queries import room
from incidents.rules import lifecycle as rules
from incidents.services import engagements, impact, lifecycle, notes
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.models import Team
from teams.requests import PersonRequest
from teams.rules import roles


def incident_or_404(request: PersonRequest, reference: str) -> Incident:
    """The incident where the person may see it; nobody learns whether a hidden one exists."""
    incident = room.get(person=request.user, reference=reference)
    if incident is None:
        raise Http404
    return incident


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
    form = forms.TransitionForm(request.POST or None, allowed=allowed, initial={"to": chosen})
    if request.method == "POST" and attempt(
        form,
        lambda: lifecycle.transition(
            reference=reference,
            to=form.cleaned_data["to"],
            person=request.user,
            now=timezone.now(),
            at=form.cleaned_data["at"],
            reason=form.cleaned_data["reason"],
            confirmed_by=form.cleaned_data["confirmed_by"],
        ),
    ):
        return redirect(addresses.incident(reference))
    return form_page(
        request, incident=incident, form=form, title=_("Change the state"), button=_("Save"),
        watch_ends_at=lifecycle.watch_ends_at(incident),
    )  # fmt: skip


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def priority(request: PersonRequest, reference: str) -> HttpResponse:
    """Set impact, urgency or the priority itself."""
    incident = incident_or_404(request, reference)
    initial = {"impact": incident.impact, "urgency": incident.urgency}
    form = forms.PriorityForm(request.POST or None, initial=initial)
    if request.method == "POST" and attempt(
        form,
        lambda: lifecycle.set_priority(
            reference=reference,
            impact=form.cleaned_data["impact"],
            urgency=form.cleaned_data["urgency"],
            priority=form.cleaned_data["priority"] or None,
            reason=form.cleaned_data["reason"],
            person=request.user,
            now=timezone.now(),
        ),
    ):
        return redirect(addresses.incident(reference))
    return form_page(
        request, incident=incident, form=form, title=_("Priority"), button=_("Set the priority"),
        lead=_("Deadlines that are open only move earlier; later ones follow the new priority."),
    )  # fmt: skip


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def revise_impact(request: PersonRequest, reference: str) -> HttpResponse:
    """A new version of the impact statement; when somebody else made one meanwhile, both are shown."""
    incident = incident_or_404(request, reference)
    current = impact_queries.current(incident)
    initial = {name: getattr(current, name) for name in forms.ImpactForm.LABELS} | {
        "version": current.version,
        "confidence": current.confidence.get("all", ""),
    }
    form = forms.ImpactForm(request.POST or None, initial=initial)
    is_old = form.is_bound and form.is_valid() and form.cleaned_data["version"] not in (None, current.version)
    if is_old:
        form.add_error(
            None, _("Somebody else revised the impact meanwhile. Theirs stands beside yours; send again to replace it.")
        )
        typed = request.POST.copy()
        typed["version"] = str(current.version)
        form.data = typed
    elif request.method == "POST" and attempt(
        form,
        lambda: impact.state(
            reference=reference,
            person=request.user,
            fields=form.statement(),
            revision_reason=form.cleaned_data["revision_reason"],
            now=timezone.now(),
        ),
    ):
        return redirect(addresses.incident(reference))
    return form_page(
        request, incident=incident, form=form, title=_("Revise the impact"), button=_("Save as a new version"),
        template="incidents/impact.html", examples={name: words[1] for name, words in forms.ImpactForm.LABELS.items()},
        versions=list(impact_queries.versions(incident)), current=current if is_old else None,
    )  # fmt: skip


@access.allow(read=(), act=roles.ROOM_WRITERS)
@require_POST
def note(request: PersonRequest, reference: str) -> HttpResponse:
    """Add a line to the timeline."""
    incident = incident_or_404(request, reference)
    form = forms.NoteForm(request.POST)
    if attempt(
        form,
        lambda: notes.note(
            reference=reference, person=request.user, text=form.cleaned_data["text"], now=timezone.now()
        ),
    ):
        return redirect(f"{addresses.incident(reference)}#timeline")
    return form_page(request, incident=incident, form=form, title=_("Add a note"), button=_("Add"))


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
    return form_page(
        request, incident=incident, form=form, title=_("Engage a team"), button=_("Ask for help now"),
        template="incidents/engage.html", teams=teams,
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
