"""The desk's form: one screen, three answers are enough, nothing typed is lost."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.forms.candidates import SERVICE_NOT_LISTED, TEXTS, RaiseForm
from incidents.models import Candidate
from incidents.queries import desk
from incidents.rules.intake_questions import BY_CODE
from incidents.services import candidates
from mim_portal.lib import access
from mim_portal.lib.refusals import Refusal
from teams.models import Service
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.RAISERS, act=roles.RAISERS)
@require_http_methods(["GET", "POST"])
def raise_candidate(request: PersonRequest) -> HttpResponse:
    """GET shows the form with the person's last draft; POST raises."""
    services = list(Service.objects.filter(is_active=True).order_by("name"))
    if request.method == "GET":
        draft = desk.open_draft(person=request.user)
        form = RaiseForm(initial=_initial(draft) if draft else {}, services=services)
        return _page(request, form, draft=draft)
    form = RaiseForm(request.POST, services=services)
    draft_id = _draft_id(request.POST)
    if not form.is_valid():
        return _page(request, form, draft=desk.open_draft(person=request.user), status=422)
    try:
        candidate = candidates.raise_candidate(
            person=request.user,
            facts=form.facts(),
            now=timezone.now(),
            draft_id=draft_id,
            external_ref=form.cleaned_data["external_ref"],
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form, draft=None, status=422)
    messages.success(
        request, _("%(reference)s is raised. The manager on shift is told.") % {"reference": candidate.reference}
    )
    return redirect("candidate", reference=candidate.reference)


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def save_draft(request: PersonRequest, draft_id: int | None = None) -> JsonResponse:
    """Keep an unfinished form: answers with the address of this draft and what would help most next."""
    services = list(Service.objects.filter(is_active=True).order_by("name"))
    form = RaiseForm(request.POST, services=services)
    form.is_valid()
    try:
        draft = candidates.save_draft(
            person=request.user, facts=form.facts(), draft_id=draft_id or _draft_id(request.POST), now=timezone.now()
        )
    except Refusal as refusal:  # somebody else's, or sent from another window
        return JsonResponse({"detail": refusal.message}, status=refusal.status)
    return JsonResponse(
        {
            "autosave_url": reverse("raise-draft", kwargs={"draft_id": draft.pk}),
            "draft": draft.pk,
            "words": candidates.score_facts(form.facts()).words,
        }
    )


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def advise(request: PersonRequest) -> HttpResponse:
    """Beside the form, as the desk types: what would help most next, and live incidents that look the same."""
    form = RaiseForm(request.POST, services=list(Service.objects.filter(is_active=True)))
    form.is_valid()
    return render(request, "incidents/_raise_advice.html", _advice(request, form))


def _advice(request: PersonRequest, form: RaiseForm) -> dict[str, Any]:
    facts = form.facts() if form.is_bound else dict(form.initial)
    service = facts.get("service")
    similar = desk.similar_live(
        person=request.user,
        service=service if isinstance(service, Service) else None,
        text=str(facts.get("cannot_do", "")),
    )
    scored = candidates.score_facts(facts) if form.is_bound else None
    return {
        "advice": scored.words if scored else "",
        "missing": scored.missing[:3] if scored else (),
        "similar": similar,
    }


def _page(request: PersonRequest, form: RaiseForm, *, draft: Candidate | None, status: int = 200) -> HttpResponse:
    return render(
        request,
        "incidents/raise.html",
        {
            "form": form,
            "draft": draft,
            "examples": {code: question.example for code, question in BY_CODE.items()},
            "first": ("cannot_do", "contact"),
            "further": tuple(code for code in TEXTS if code not in {"cannot_do", "contact"}),
            "not_listed": SERVICE_NOT_LISTED,
            **_advice(request, form),
        },
        status=status,
    )


def _initial(draft: Candidate) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(draft, name) for name in (*TEXTS, "service_text", "safety_or_security")}
    values["service"] = draft.service.slug if draft.service else (SERVICE_NOT_LISTED if draft.service_text else "")
    return values


def _draft_id(data: QueryDict) -> int | None:
    value = data.get("draft", "")
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 18 else None
