"""Tasks, decisions, hypotheses, workstreams and the bridge on pages: each form also without JavaScript."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.forms import work as forms
from incidents.models import Engagement, Hypothesis, Incident, Task, Workstream
from incidents.queries import work as queries
from incidents.services.record import details
from incidents.services.work import hypotheses, tasks, workstreams
from incidents.views.acts import form_page
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt, take_version
from mim_portal.lib.refusals import Refusal
from teams.models import Team
from teams.queries import naming
from teams.requests import PersonRequest
from teams.rules import roles

_TEMPLATE = "incidents/work_form.html"


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def add_task(request: PersonRequest, reference: str) -> HttpResponse:
    """A task in one line, with its owner and its time box in it."""
    incident = incident_or_404(request, reference)
    form = forms.TaskLineForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: tasks.open_line(
            reference=reference,
            person=request.user,
            line=form.cleaned_data["line"],
            now=timezone.localtime(),
        ),
    ):
        return home(reference)
    return form_page(request, incident=incident, form=form, title=_("Add a task"), button=_("Add"))


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def task(request: PersonRequest, reference: str, task_id: int) -> HttpResponse:
    """Change a task."""
    incident = incident_or_404(request, reference)
    row = _one(queries.tasks(incident).filter(pk=task_id).first())
    assert isinstance(row, Task)
    teams, engaged = _teams(incident)
    streams = [one for one in queries.workstreams(incident) if one.ended_at is None]
    initial = {
        "version": row.version,
        "title": row.title,
        "owner": row.owner.username if row.owner else "",
        "team": row.team.slug if row.team else "",
        "due_at": row.due_at,
        "workstream": str(row.workstream_id or ""),
    }
    form = forms.TaskForm(request.POST or None, teams=teams, workstreams=streams, initial=initial)
    if request.method == "POST" and attempt(
        form,
        lambda: tasks.change(
            task_id=task_id, person=request.user, now=timezone.now(), version=form.cleaned_data["version"],
            changes={name: form.cleaned_data[name] for name in tasks.EDITABLE},
        ),
    ):  # fmt: skip
        return home(reference)
    return form_page(
        request, incident=incident, form=form, title=_("Change the task"), button=_("Save"), template=_TEMPLATE,
        lead=_theirs(form, row),
        likely=naming.likely(roles=roles.ROOM_WRITERS, team_ids=engaged),
    )  # fmt: skip


_STEPS: dict[str, Callable[..., Task]] = {"done": tasks.done, "drop": tasks.drop, "reopen": tasks.reopen}


@access.allow(read=(), act=roles.ROOM_WRITERS)
@require_POST
def task_step(request: PersonRequest, reference: str, task_id: int, step: str) -> HttpResponse:
    """Tick it, drop it, or open it again."""
    incident = incident_or_404(request, reference)
    if step not in _STEPS or not Task.objects.filter(pk=task_id, incident=incident).exists():
        raise Http404
    return done(request, reference, lambda: _STEPS[step](task_id=task_id, person=request.user, now=timezone.now()))


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def add_hypothesis(request: PersonRequest, reference: str) -> HttpResponse:
    """Say what may be the cause."""
    incident = incident_or_404(request, reference)
    form = forms.HypothesisForm(request.POST or None, is_new=True, initial={"certainty": "low"})
    if request.method == "POST" and attempt(
        form,
        lambda: hypotheses.state(
            reference=reference, person=request.user, now=timezone.now(),
            **{name: form.cleaned_data[name] for name in hypotheses.EDITABLE},
        ),
    ):  # fmt: skip
        return home(reference)
    return form_page(
        request, incident=incident, form=form, title=_("State a hypothesis"), button=_("State it"),
        lead=_("It stays in this room. Updates that leave it never speculate."),
    )  # fmt: skip


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def hypothesis(request: PersonRequest, reference: str, hypothesis_id: int) -> HttpResponse:
    """Another confidence, more evidence, or the end of it."""
    incident = incident_or_404(request, reference)
    row = _one(queries.hypotheses(incident).filter(pk=hypothesis_id).first())
    assert isinstance(row, Hypothesis)
    initial = {name: getattr(row, name) for name in ("version", *hypotheses.EDITABLE)}
    commands = request.user.has_role(*roles.COMMANDERS)
    form = forms.HypothesisForm(request.POST or None, is_new=False, may_confirm_cause=commands, initial=initial)
    if request.method == "POST" and attempt(
        form,
        lambda: hypotheses.settle_or_change(
            hypothesis_id=hypothesis_id, person=request.user, now=timezone.now(), step=form.cleaned_data["step"],
            changes={name: form.cleaned_data[name] for name in hypotheses.EDITABLE},
            version=form.cleaned_data["version"],
        ),
    ):  # fmt: skip
        return home(reference)
    return form_page(
        request, incident=incident, form=form, title=_("Hypothesis"), button=_("Save"), lead=_theirs(form, row)
    )


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def add_workstream(request: PersonRequest, reference: str) -> HttpResponse:
    """Give a group its lead, its task and its time box."""
    incident = incident_or_404(request, reference)
    teams, engaged = _teams(incident)
    form = forms.WorkstreamForm(request.POST or None, teams=teams)
    if request.method == "POST" and attempt(
        form,
        lambda: workstreams.open_workstream(
            reference=reference, person=request.user, now=timezone.now(),
            **{name: form.cleaned_data[name] for name in workstreams.EDITABLE},
        ),
    ):  # fmt: skip
        return home(reference)
    return form_page(
        request, incident=incident, form=form, title=_("Form a workstream"), button=_("Form it"), template=_TEMPLATE,
        lead=_("A lead, a task, a time box, and one speaking line back to you."),
        likely=naming.likely(roles=roles.ROOM_WRITERS, team_ids=engaged),
    )  # fmt: skip


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def report(request: PersonRequest, reference: str, workstream_id: int) -> HttpResponse:
    """The line that came back from a workstream."""
    incident = incident_or_404(request, reference)
    row = _workstream(incident, workstream_id)
    form = forms.ReportForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: workstreams.report(
            workstream_id=workstream_id, person=request.user, text=form.cleaned_data["report"], now=timezone.now()
        ),
    ):
        return home(reference)
    return form_page(request, incident=incident, form=form, title=_("%s reports") % row.name, button=_("Write it down"))


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def change_workstream(request: PersonRequest, reference: str, workstream_id: int) -> HttpResponse:
    """Another lead, task or time box."""
    incident = incident_or_404(request, reference)
    row = _workstream(incident, workstream_id)
    teams, engaged = _teams(incident)
    initial = {
        "version": row.version,
        "name": row.name,
        "task": row.task,
        "lead": row.lead.username if row.lead else "",
        "team": row.team.slug if row.team else "",
        "due_at": row.due_at,
    }
    form = forms.WorkstreamForm(request.POST or None, teams=teams, initial=initial)
    if request.method == "POST" and attempt(
        form,
        lambda: workstreams.change(
            workstream_id=workstream_id, person=request.user, now=timezone.now(),
            changes={name: form.cleaned_data[name] for name in workstreams.EDITABLE},
            version=form.cleaned_data["version"],
        ),
    ):  # fmt: skip
        return home(reference)
    return form_page(
        request, incident=incident, form=form, title=_("Change the workstream"), button=_("Save"), template=_TEMPLATE,
        lead=_theirs(form, row),
        likely=naming.likely(roles=roles.ROOM_WRITERS, team_ids=engaged),
    )  # fmt: skip


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def end_workstream(request: PersonRequest, reference: str, workstream_id: int) -> HttpResponse:
    """The group has done its task, or is needed elsewhere."""
    incident = incident_or_404(request, reference)
    _workstream(incident, workstream_id)
    verb = lambda: workstreams.end(workstream_id=workstream_id, person=request.user, now=timezone.now())  # noqa: E731
    return done(request, reference, verb)


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def bridge(request: PersonRequest, reference: str) -> HttpResponse:
    """Set or change where everybody meets."""
    incident = incident_or_404(request, reference)
    form = forms.BridgeForm(request.POST or None, initial={"bridge_url": incident.bridge_url})
    if request.method == "POST" and attempt(
        form,
        lambda: details.edit(
            reference=reference, person=request.user, changes={"bridge_url": form.cleaned_data["bridge_url"]},
            now=timezone.now(),
        ),
    ):  # fmt: skip
        return redirect(addresses.incident(reference))
    return form_page(request, incident=incident, form=form, title=_("Bridge"), button=_("Save"))


def home(reference: str) -> HttpResponse:
    """Back to the panel."""
    return redirect(f"{addresses.incident(reference)}#work")


def done(request: PersonRequest, reference: str, verb: Callable[[], Any]) -> HttpResponse:
    """Run a verb that needs no form; its refusal is said on the page that follows."""
    try:
        verb()
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, refusal.message)
    return home(reference)


def _theirs(form: Form, row: Task | Hypothesis | Workstream) -> str:
    """What somebody else wrote meanwhile; sending the form again replaces it."""
    if not form.is_bound or form.data.get("version") in (None, "", str(row.version)):
        return ""
    take_version(form, row.version)
    return _("It was changed meanwhile and says now: “%s”. Send again to replace it.") % row


def _one(found: Any) -> Any:
    if found is None:
        raise Http404
    return found


def _workstream(incident: Incident, pk: int) -> Workstream:
    row = _one(queries.workstreams(incident).filter(pk=pk).first())
    assert isinstance(row, Workstream)
    return row


def _teams(incident: Incident) -> tuple[list[Team], list[int]]:
    """Active teams, those at work first; and which are at work."""
    engaged = list(Engagement.objects.filter(incident=incident, released_at=None).values_list("team", flat=True))
    teams = list(Team.objects.filter(is_active=True).order_by("name"))
    return sorted(teams, key=lambda team: team.pk not in engaged), engaged
