"""What people do with a candidate: accept, reject, merge, ask, chase, answer. Each translates a form into its verb."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.forms import decisions as forms
from incidents.queries import candidate_queue
from incidents.rules.intake_questions import QUESTIONS
from incidents.services.desk import candidates, clarifications
from incidents.services.states import declaration
from incidents.views import candidate_page
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=(), act=roles.ACCEPTERS)
@require_POST
def accept(request: PersonRequest, reference: str) -> HttpResponse:
    """Declare: the room opens with its manager, impact and first deadlines."""
    found = candidate_page.get(request, reference)
    on_shift = candidate_queue.on_shift(now=timezone.now())
    form = candidate_page.accept_form(request.user, found, request.POST, on_shift=on_shift)
    opened: list[str] = []
    if attempt(form, lambda: opened.append(_declare(request, reference, form))):
        return redirect(addresses.incident(opened[0]))
    return candidate_page.page(request, reference, {"accept": form}, status=422)


def _declare(request: PersonRequest, reference: str, form: forms.AcceptForm) -> str:
    incident = declaration.accept(
        reference=reference,
        person=request.user,
        impact=form.cleaned_data["impact"],
        urgency=form.cleaned_data["urgency"],
        manager=form.chosen_manager(),
        service=form.chosen_service(),
        audiences=form.chosen_audiences(),
        now=timezone.now(),
    )
    return incident.reference


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def reject(request: PersonRequest, reference: str) -> HttpResponse:
    form = forms.RejectForm(request.POST)
    return _decide(
        request, reference, "reject", form,
        lambda: candidates.reject(
            reference=reference, person=request.user, reason=form.cleaned_data["reason"],
            next_step=form.cleaned_data["next_step"], now=timezone.now(),
        ),
        _("Rejected. The desk sees your reason, and what happens now."),
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
            asked_of_words=form.cleaned_data["asked_of_words"], channel=form.chosen_channel(), now=timezone.now(),
        ),
        _("Asked. The answer appears here."),
    )  # fmt: skip


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def ask_these(request: PersonRequest, reference: str) -> HttpResponse:
    """The facts that would help most, with one click."""
    form = forms.AskTheseForm(request.POST, questions=QUESTIONS)
    return _decide(
        request, reference, "these", form,
        lambda: clarifications.ask_for(
            reference=reference, fields=form.cleaned_data["wanted"], person=request.user, now=timezone.now()
        ),
        _("Asked. The answers appear here."),
    )  # fmt: skip


@access.allow(read=(), act=roles.CHASERS)
@require_POST
def chase(request: PersonRequest, reference: str, request_id: int) -> HttpResponse:
    """Ask again what nobody has answered for five minutes."""
    _has_question(request, reference, request_id)
    try:
        clarifications.chase(request_id=request_id, person=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Asked again, by mail too."))
    return redirect(addresses.candidate(reference) + "#questions")


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def answer(request: PersonRequest, reference: str, request_id: int) -> HttpResponse:
    _has_question(request, reference, request_id)
    form = forms.AnswerForm(request.POST)
    return _decide(
        request, reference, "answer", form,
        lambda: clarifications.answer(
            request_id=request_id, answer=form.cleaned_data["answer"], on_record=form.cleaned_data["on_record"],
            person=request.user, now=timezone.now(),
        ),
        _("Answered. The manager sees it at once."),
        about=request_id,
    )  # fmt: skip


def _decide(
    request: PersonRequest, reference: str, name: str, form: Form, verb: Any, done: str, *, about: int = 0
) -> HttpResponse:
    candidate_page.get(request, reference)
    if attempt(form, verb):
        messages.success(request, done)
        return redirect("candidate", reference=reference)
    return candidate_page.page(request, reference, {name: form}, about=about, status=422)


def _has_question(request: PersonRequest, reference: str, request_id: int) -> None:
    if not candidate_page.get(request, reference).clarifications.filter(pk=request_id).exists():
        raise Http404
