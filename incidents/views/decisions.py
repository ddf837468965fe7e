"""Decisions on pages: asked, answered with one tap, recorded, withdrawn."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.choices import AskedOf
from incidents.forms import work as forms
from incidents.models import Decision, Incident
from incidents.queries import work as queries
from incidents.services.work import decisions
from incidents.views.acts import form_page
from incidents.views.base import incident_or_404
from incidents.views.work import done, home
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, reference: str) -> HttpResponse:
    """Ask for a decision, or record one that was made on the bridge."""
    incident = incident_or_404(request, reference)
    form = forms.DecisionForm(request.POST or None, initial={"asked_of": AskedOf.MANAGER})
    if request.method == "POST" and attempt(form, lambda: _ask_or_record(request, reference, form)):
        return home(reference)
    return form_page(request, incident=incident, form=form, title=_("Decision"), button=_("Save"))


def _ask_or_record(request: PersonRequest, reference: str, form: forms.DecisionForm) -> Decision:
    given = form.cleaned_data
    if given["chosen"]:
        return decisions.record(
            reference=reference, person=request.user, question=given["question"], chosen=given["chosen"],
            objections=given["objections"], options=form.given_options(), now=timezone.now(),
        )  # fmt: skip
    return decisions.ask(
        reference=reference, person=request.user, question=given["question"], options=form.given_options(),
        asked_of=given["asked_of"], needed_by=given["needed_by"], now=timezone.now(),
    )  # fmt: skip


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def decide(request: PersonRequest, reference: str, decision_id: int) -> HttpResponse:
    """Write down what was decided, with the objections."""
    incident = incident_or_404(request, reference)
    decision = _decision(request, incident, decision_id)
    form = forms.AnswerForm(request.POST or None, decision=decision)
    if request.method == "POST" and attempt(
        form,
        lambda: decisions.decide(
            decision_id=decision_id, person=request.user, chosen=form.cleaned_data["chosen"],
            objections=form.cleaned_data["objections"], now=timezone.now(),
        ),
    ):  # fmt: skip
        return home(reference)
    return form_page(
        request, incident=incident, form=form, title=decision.question, button=_("Record the decision"),
        lead=_("Options: %s") % "; ".join(decision.options) if decision.options else "",
    )  # fmt: skip


@access.allow(read=(), act=roles.EVERY_ROLE)
@require_POST
def answer(request: PersonRequest, reference: str, decision_id: int) -> HttpResponse:
    """One tap on an option: from the room, or from the four lines of an executive. The first tap stands."""
    incident = incident_or_404(request, reference)
    _decision(request, incident, decision_id)
    is_in_room = request.user.has_role(*roles.ROOM_READERS)
    try:
        decisions.decide(
            decision_id=decision_id, person=request.user, chosen=request.POST.get("chosen", ""), now=timezone.now()
        )
        if not is_in_room:
            messages.success(request, _("Decided. The incident manager has been told."))
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, refusal.message)
    return home(reference) if is_in_room else redirect("board")


@access.allow(read=(), act=roles.ROOM_WRITERS)
@require_POST
def withdraw(request: PersonRequest, reference: str, decision_id: int) -> HttpResponse:
    """Nobody needs to decide it any more."""
    incident = incident_or_404(request, reference)
    _decision(request, incident, decision_id)
    verb = lambda: decisions.withdraw(decision_id=decision_id, person=request.user, now=timezone.now())  # noqa: E731
    return done(request, reference, verb)


def _decision(request: PersonRequest, incident: Incident, pk: int) -> Decision:
    found = queries.decisions(incident, request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
