"""What was raised: the desk sees the answers, the manager decides."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from incidents.choices import CandidateState
from incidents.forms import candidates as forms
from incidents.models import Candidate
from incidents.queries import attachments, desk, reports
from incidents.services import candidates, clarifications, declaration
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from teams.choices import Role
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.CANDIDATE_READERS)
@require_GET
def queue(request: PersonRequest) -> HttpResponse:
    """Candidates that wait, oldest first, and the ones decided lately."""
    found = desk.visible_candidates(request.user)
    return render(
        request,
        "incidents/candidates.html",
        {
            "waiting": desk.waiting(found),
            "decided": desk.decided(found),
            "may_decide": request.user.has_role(*roles.COMMANDERS),
        },
    )


@access.allow(read=roles.CANDIDATE_READERS)
@require_GET
def candidate(request: PersonRequest, reference: str) -> HttpResponse:
    """One candidate: the facts, what is missing, and the decision."""
    return _page(request, _get(request, reference), {})


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def accept(request: PersonRequest, reference: str) -> HttpResponse:
    """Declare: the room opens with its manager, impact and first deadlines."""
    _get(request, reference)
    form = forms.AcceptForm(request.POST, managers=_managers())
    if attempt(
        form,
        lambda: declaration.accept(
            reference=reference,
            person=request.user,
            impact=form.cleaned_data["impact"],
            urgency=form.cleaned_data["urgency"],
            manager=form.chosen_manager(),
            now=timezone.now(),
        ),
    ):
        declared = _get(request, reference).incident
        assert declared is not None
        return redirect(addresses.incident(declared.reference))
    return _page(request, _get(request, reference), {"accept": form}, status=422)


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def reject(request: PersonRequest, reference: str) -> HttpResponse:
    form = forms.RejectForm(request.POST)
    return _decide(
        request, reference, "reject", form,
        lambda: candidates.reject(
            reference=reference, person=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        _("Rejected. The desk sees your reason."),
    )  # fmt: skip


@access.allow(read=(), act=roles.MERGERS)
@require_POST
def merge(request: PersonRequest, reference: str) -> HttpResponse:
    form = forms.MergeForm(request.POST)
    return _decide(
        request, reference, "merge", form,
        lambda: candidates.merge(
            reference=reference, into=form.cleaned_data["into"].strip().upper(), person=request.user, now=timezone.now()
        ),
        _("Merged. The desk sees which incident it belongs to."),
    )  # fmt: skip


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def ask(request: PersonRequest, reference: str) -> HttpResponse:
    form = forms.AskForm(request.POST)
    return _decide(
        request, reference, "ask", form,
        lambda: clarifications.ask(
            reference=reference, field=form.cleaned_data["field"], question=form.words(), person=request.user,
            now=timezone.now(),
        ),
        _("Asked. The answer appears here."),
    )  # fmt: skip


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def answer(request: PersonRequest, reference: str, request_id: int) -> HttpResponse:
    found = _get(request, reference)
    if not found.clarifications.filter(pk=request_id).exists():
        raise Http404
    form = forms.AnswerForm(request.POST)
    return _decide(
        request, reference, "answer", form,
        lambda: clarifications.answer(
            request_id=request_id, answer=form.cleaned_data["answer"], person=request.user, now=timezone.now()
        ),
        _("Answered. The manager is told."),
    )  # fmt: skip


def _decide(request: PersonRequest, reference: str, name: str, form: Form, verb: Any, done: str) -> HttpResponse:
    _get(request, reference)
    if attempt(form, verb):
        messages.success(request, done)
        return redirect("candidate", reference=reference)
    return _page(request, _get(request, reference), {name: form}, status=422)


def _get(request: PersonRequest, reference: str) -> Candidate:
    found = desk.get(person=request.user, reference=reference)
    if found is None:
        raise Http404
    return found


def _managers() -> list[Person]:
    return list(Person.objects.with_role(Role.INCIDENT_MANAGER, Role.DEPUTY))


def _page(request: PersonRequest, found: Candidate, bound: dict[str, Form], *, status: int = 200) -> HttpResponse:
    is_open = found.state == CandidateState.OPEN
    may_decide = is_open and request.user.has_role(*roles.COMMANDERS)
    may_merge = is_open and request.user.has_role(*roles.MERGERS)
    managers = _managers() if may_decide else []
    first = {"impact": found.impact, "urgency": found.urgency, "manager": request.user.username}
    usual: dict[str, Form] = {
        "accept": forms.AcceptForm(initial=first, managers=managers),
        "reject": forms.RejectForm(),
        "merge": forms.MergeForm(),
        "ask": forms.AskForm(initial={"field": _first_missing(found)}),
        "answer": forms.AnswerForm(),
    }
    return render(
        request,
        "incidents/candidate.html",
        {
            "candidate": found,
            "facts": desk.facts(found),
            "clarifications": list(found.clarifications.select_related("asked_by", "answered_by").order_by("asked_at")),
            "files": list(attachments.of_candidate(found)),
            "may_attach": request.user.has_role(*roles.RAISERS),
            "may_remove_any": request.user.has_role(*roles.COMMANDERS),
            "may_decide": may_decide,
            "may_merge": may_merge,
            "desk_reports": reports.totals_of_candidate(found),
            "may_answer": request.user.has_role(*roles.RAISERS),
            "shows_score": request.user.has_role(*roles.COMMANDERS),
            "live": desk.similar_live(person=request.user, service=found.service, text=found.cannot_do)
            if may_merge
            else [],
            "forms": usual | bound,
            "refused": [error for form in bound.values() for error in form.non_field_errors()] if not may_merge else [],
        },
        status=status,
    )


def _first_missing(found: Candidate) -> str:
    """The fact that would help most, for the question that is offered first."""
    missing = found.intake_detail.get("missing") or [{}]
    return str(missing[0].get("code", ""))
