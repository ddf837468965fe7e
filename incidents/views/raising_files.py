"""Files on the desk's form: uploaded at once to its draft, so that a reload or a time-out loses none of them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents.models import Candidate
from incidents.queries import attachments as queries
from incidents.queries import desk
from incidents.services.record import attachment_files, attachments
from mim_portal.lib import access, uploads
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def files(request: PersonRequest, draft_id: int) -> HttpResponse:
    """Add the chosen or pasted files to the draft, or remove one; answers with the list and what was refused."""
    draft = desk.draft(person=request.user, draft_id=draft_id)
    if draft is None:
        raise Http404
    wrong = act(request, draft)
    context = {"files": of(draft), "wrong": wrong}
    return render(request, "incidents/_draft_files.html", context, status=422 if wrong else 200)


def of(draft: Candidate | None) -> list[Any]:
    """The draft's files, the oldest first."""
    return list(queries.of_candidate(draft)) if draft else []


def act(request: PersonRequest, draft: Candidate) -> list[str]:
    """Do what was asked of the draft's files; what is refused is named, and the others are kept."""
    wrong = [attachment_files.too_large(name).message for name in uploads.too_large(request)]
    gone = request.POST.get("remove_file", "")
    if gone.isdecimal() and len(gone) < 18:
        wrong += _tried(attachments.remove, attachment_id=int(gone), person=request.user)
    for file in request.FILES.getlist("file"):
        given = {"name": file.name or "", "content": file.read()}
        wrong += _tried(attachments.add_to_draft, draft_id=draft.pk, person=request.user, **given)
    return wrong


def attach_late(request: PersonRequest, verb: Any, reference: str) -> list[str]:
    """Files that came with a form as it was sent, without JavaScript: they go to what it became."""
    wrong = [attachment_files.too_large(name).message for name in uploads.too_large(request)]
    for file in request.FILES.getlist("file"):
        given = {"name": file.name or "", "content": file.read()}
        wrong += _tried(verb, reference=reference, person=request.user, **given)
    return wrong


def _tried(verb: Any, **given: Any) -> list[str]:
    try:
        verb(now=timezone.now(), **given)
    except Refusal as refusal:
        return [refusal.message]
    return []
