"""Files on pages: attach, download, remove. A file leaves the portal as a download and nothing else."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents.forms.attachments import AttachForm
from incidents.models import Attachment
from incidents.queries import attachments as queries
from incidents.queries import desk
from incidents.services.record import attachment_files, attachments
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses, downloads, uploads
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_WRITERS, act=roles.ROOM_WRITERS)
@require_http_methods(["GET", "POST"])
def attach_to_incident(request: PersonRequest, reference: str) -> HttpResponse:
    """Attach files to an incident."""
    incident = incident_or_404(request, reference)
    back = f"{addresses.incident(reference)}#files"
    return _attach(request, attachments.add_to_incident, reference=reference, title=incident.title, back=back)


@access.allow(read=roles.RAISERS, act=roles.RAISERS)
@require_http_methods(["GET", "POST"])
def attach_to_candidate(request: PersonRequest, reference: str) -> HttpResponse:
    """Attach files to what the desk raised."""
    candidate = desk.get(person=request.user, reference=reference)
    if candidate is None:
        raise Http404
    back = f"{addresses.candidate(reference)}#files"
    return _attach(request, attachments.add_to_candidate, reference=reference, title=candidate.title, back=back)


@access.allow(read=roles.ROOM_READERS)
@require_GET
def download(request: PersonRequest, attachment_id: int) -> HttpResponse:
    """The file, as a download: a browser neither shows nor guesses nor runs it."""
    found = queries.visible(request.user).filter(pk=attachment_id).first()
    if found is None:
        raise Http404
    response = downloads.of_stored(found.stored_name, name=found.name, content_type=found.content_type)
    if response is None:
        raise Http404
    return response


@access.allow(read=(), act=roles.RAISERS)
@require_POST
def remove(request: PersonRequest, attachment_id: int) -> HttpResponse:
    """Delete a file; the page it stood on is shown again."""
    found = queries.visible(request.user).select_related("incident").filter(pk=attachment_id).first()
    if found is None:
        raise Http404
    try:
        attachments.remove(attachment_id=attachment_id, person=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(_home(found))


def _attach(request: PersonRequest, verb: Callable[..., Any], *, reference: str, title: str, back: str) -> HttpResponse:
    form, kept = AttachForm(), 0
    if request.method == "POST":
        form = AttachForm(request.POST, request.FILES)
        kept = _keep(request, form, partial(verb, reference=reference, person=request.user))
        if not form.errors:
            return redirect(back)
    said = ngettext("%(count)d file was attached.", "%(count)d files were attached.", kept) % {"count": kept}
    words = {"form": form, "reference": reference, "about": title, "back": back, "kept": said if kept else ""}
    return render(request, "incidents/attach.html", words, status=422 if form.is_bound else 200)


def _keep(request: PersonRequest, form: AttachForm, verb: Callable[..., Any]) -> int:
    """Attach one file after the other; what is refused is named and the others are kept. How many those are."""
    left_out = uploads.too_large(request)
    chosen = form.chosen() if form.is_valid() else []
    if left_out:
        form.errors.pop("file", None)
    for name in left_out:
        form.add_error("file", attachment_files.too_large(name).message)
    kept = 0
    for file in chosen:
        try:
            verb(name=file.name or "", content=file.read(), now=timezone.now())
            kept += 1
        except Refusal as refusal:
            if refusal.status == 404:
                raise Http404 from refusal
            form.add_error("file", refusal.message)
    return kept


def _home(found: Attachment) -> str:
    if found.incident is not None:
        return f"{addresses.incident(found.incident.reference)}#files"
    candidate = found.candidate
    return f"{addresses.candidate(candidate.reference)}#files" if candidate and candidate.reference else "/raise/"
