"""The desk's form: one screen, three answers are enough, nothing typed is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.forms.candidates import FURTHER, SERVICE_NOT_LISTED, TEXTS, RaiseForm
from incidents.models import Candidate
from incidents.queries import desk, similar
from incidents.rules import desk_times
from incidents.rules.intake_questions import BY_CODE
from incidents.services.desk import candidates, drafts
from incidents.services.record import attachments
from incidents.services.record.attachment_files import ACCEPTED
from incidents.views import raising_files
from mim_portal.lib import access, addresses, prepared, times
from mim_portal.lib.refusals import Refusal
from teams.models import Service
from teams.requests import PersonRequest
from teams.rules import roles

_STEPS = {"look", "attach", "remove_file"}
NEW = "new"  # ?draft=new begins an empty form beside the unfinished ones


@access.allow(read=roles.RAISERS, act=roles.RAISERS)
@require_http_methods(["GET", "POST"])
def raise_candidate(request: PersonRequest) -> HttpResponse:
    """GET shows the form with the chosen or else the last draft; POST raises, or looks for what is the same."""
    services = _services()
    if request.method == "GET":
        unfinished = desk.drafts(person=request.user)
        draft = _chosen(unfinished, request.GET.get("draft", ""))
        form = RaiseForm(initial=_initial(draft) if draft else {}, services=services)
        return _page(request, form, draft=draft, others=[one for one in unfinished if one != draft])
    now = timezone.now()
    form = RaiseForm(request.POST, services=services, now=now)
    is_valid = form.is_valid()
    if _STEPS & set(request.POST):
        return _step(request, form, now=now)
    if not is_valid:
        return _page(request, form, draft=_behind(request, form, now=now), status=422)
    try:
        candidate = drafts.raise_form(person=request.user, facts=form.facts(), form=_form_of(request.POST), now=now)
    except drafts.AlreadySent as refusal:
        form.add_error(None, refusal.message)
        return _page(request, form, draft=None, sent_as=refusal.extra["reference"], status=422)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form, draft=None, status=422)
    messages.success(
        request, _("%(reference)s is raised. The manager on shift is told.") % {"reference": candidate.reference}
    )
    late = raising_files.attach_late(request, attachments.add_to_candidate, str(candidate.reference))
    for doubt in [*late, *_doubts(form.facts(), now=now)]:
        messages.warning(request, doubt)
    return redirect("candidate", reference=candidate.reference)


def _step(request: PersonRequest, form: RaiseForm, *, now: datetime) -> HttpResponse:
    """A button without JavaScript: look for similar, attach, remove a file. Everything typed is kept on the way."""
    saved = drafts.save(person=request.user, facts=form.facts(), form=_form_of(request.POST), now=now)
    for words in raising_files.act(request, saved.draft):
        messages.error(request, words)
    return redirect(f"{reverse('raise')}?draft={saved.draft.pk}")


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def save_draft(request: PersonRequest, draft_id: int | None = None) -> JsonResponse:
    """Keep an unfinished form: answers with its draft, what would help most next, and what another window did."""
    now = timezone.now()
    form = RaiseForm(request.POST, services=_services(), now=now)
    form.is_valid()
    asked = _form_of(request.POST, draft_id=draft_id)
    saved = drafts.save(person=request.user, facts=form.facts(), form=asked, now=now)
    draft = saved.draft
    return JsonResponse(
        {
            "autosave_url": reverse("raise-draft", kwargs={"draft_id": draft.pk}),
            "draft": draft.pk,
            "fields": {"draft": str(draft.pk), "seen": draft.saved_at.isoformat()},
            "words": candidates.score_facts(form.facts()).words,
            **(_told(saved.other) if saved.other else {}),
        }
    )


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def discard_draft(request: PersonRequest, draft_id: int) -> HttpResponse:
    """Throw an unfinished form away; the others stay."""
    try:
        candidates.discard_draft(person=request.user, draft_id=draft_id)
    except Refusal as refusal:
        raise Http404 from refusal
    return redirect("raise")


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def advise(request: PersonRequest) -> HttpResponse:
    """Beside the form, as the desk types: what would help most next, and what looks the same."""
    now = timezone.now()
    form = RaiseForm(request.POST, services=_services(), now=now)
    form.is_valid()
    return render(request, "incidents/_raise_advice.html", _advice(request, form.facts(), now=now))


def _told(other: Candidate) -> dict[str, str]:
    """What this window is told of the other one."""
    if other.reference is not None:
        sentence = _("This form was already sent as %(reference)s. What you type here is kept as a new one.")
        told = {"notice": sentence % {"reference": other.reference}, "other_label": other.reference}
        return {**told, "other_url": addresses.candidate(other.reference)}
    sentence = _("Another window has a newer draft, saved %(time)s. What you type here is kept as a draft of its own.")
    time = times.clock_time(other.saved_at, timezone.get_current_timezone())
    address = f"{reverse('raise')}?draft={other.pk}"
    return {"notice": sentence % {"time": time}, "other_label": _("Open the other one"), "other_url": address}


def _advice(request: PersonRequest, facts: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    service = facts.get("service")
    found = similar.find(
        person=request.user,
        service=service if isinstance(service, Service) else None,
        text=f"{facts.get('service_text', '')} {facts.get('cannot_do', '')}",
        where=str(facts.get("where", "")),
        now=now,
    )
    is_begun = any(facts.values())
    scored = candidates.score_facts(facts) if is_begun else None
    return {
        "advice": scored.words if scored else "",
        "missing": scored.missing[:3] if scored else (),
        "doubts": _doubts(facts, now=now),
        "found": found,
        "is_begun": is_begun,
    }


def _doubts(facts: Mapping[str, Any], *, now: datetime) -> list[str]:
    return desk_times.doubts(facts, now=now, tz=timezone.get_current_timezone())


def _page(
    request: PersonRequest,
    form: RaiseForm,
    *,
    draft: Candidate | None,
    others: list[Candidate] | None = None,
    sent_as: str = "",
    status: int = 200,
) -> HttpResponse:
    facts = form.facts() if form.is_bound else _facts(draft)
    return render(
        request,
        "incidents/raise.html",
        {
            "form": form,
            "draft": draft,
            "others": others or [],
            "sent_as": sent_as,
            "examples": {code: question.example for code, question in BY_CODE.items()},
            "first": ("cannot_do", "contact"),
            "further": FURTHER,
            "files": raising_files.of(draft),
            "wrong": (),
            "accepted": ACCEPTED,
            **_advice(request, facts, now=timezone.now()),
        },
        status=status,
    )


@prepared.query
def _services() -> QuerySet[Service]:
    return Service.objects.filter(is_active=True).order_by("name")


def _chosen(unfinished: list[Candidate], given: str) -> Candidate | None:
    if given == NEW:
        return None
    named = next((draft for draft in unfinished if str(draft.pk) == given), None)
    return named or next(iter(unfinished), None)


def _behind(request: PersonRequest, form: RaiseForm, *, now: datetime) -> Candidate | None:
    """The draft of a form that comes back with errors; files that came along are kept on it."""
    draft_id = _form_of(request.POST).draft_id
    draft = None if draft_id is None else desk.draft(person=request.user, draft_id=draft_id)
    if not request.FILES:
        return draft
    draft = drafts.save(person=request.user, facts=form.facts(), form=_form_of(request.POST), now=now).draft
    for words in raising_files.act(request, draft):
        form.add_error(None, words)
    return draft


def _facts(draft: Candidate | None) -> dict[str, Any]:
    if draft is None:
        return {}
    return {name: getattr(draft, name) for name in (*TEXTS, "service", "service_text", "safety_or_security")}


def _initial(draft: Candidate) -> dict[str, Any]:
    values: dict[str, Any] = {**_facts(draft), "external_ref": draft.external_ref}
    values["service"] = draft.service.slug if draft.service else (SERVICE_NOT_LISTED if draft.service_text else "")
    return values


def _form_of(data: QueryDict, *, draft_id: int | None = None) -> drafts.Form:
    """Which draft the sent form shows."""
    value = data.get("draft", "")
    given = int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 18 else None
    try:
        seen = datetime.fromisoformat(data.get("seen", ""))
    except ValueError:
        seen = None
    window = "".join(char for char in data.get("window", "") if char.isalnum())[:32]
    return drafts.Form(draft_id=draft_id or given, seen=seen, window=window)
