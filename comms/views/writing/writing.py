"""What the composer's scripts ask while somebody writes: findings, saving, facts, and words for the dictionary."""

import math
import time
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from comms.choices import SENT_UPDATES
from comms.forms.writing import OVERRIDE_REASONS
from comms.models import Finding, Update
from comms.queries.recipients import audiences
from comms.queries.writing import composer as composer_queries
from comms.queries.writing import differences
from comms.services.writing import checking, learning, updates
from comms.views.writing import drafting, sent
from mim_portal.lib import access, addresses, buckets, times
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

# A text is asked about when somebody pauses: more than once a second is no writing.
RATE = buckets.Buckets(burst=60, per_second=1)
# Seven texts of 20,000 characters, each up to twelve bytes in a form.
MOST_BYTES = 2_000_000


@access.allow(read=(), act=roles.WRITERS)
@require_POST
def find(request: PersonRequest, update_id: int) -> HttpResponse:
    """What a check would find in the text as it is typed; nothing is stored, so that asking costs nobody a version."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return JsonResponse({}, status=413)
    wait = RATE.take(str(request.user.pk), now=time.monotonic())
    if wait:
        return JsonResponse({}, status=429, headers={"Retry-After": str(math.ceil(wait))})
    update = _draft_or_404(request, update_id)
    form = drafting.form_of(update, request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    fields = drafting.changes(update, form)
    chosen = audiences.chosen(fields.get("audiences") or [one.code for one in update.audiences.all()])
    try:
        rows, is_read = checking.preview(update, fields=fields, audiences=chosen, now=timezone.now())
    except Refusal as refusal:
        return JsonResponse({"errors": {refusal.field or "": [refusal.message]}}, status=422)
    names = {audience.code: audience.name for audience in chosen}
    return JsonResponse(
        {
            "findings": [_plain(row) for row in rows],
            "language_checked": is_read,
            "html": _list(request, update, rows, names=names),
        }
    )


@access.allow(read=(), act=roles.WRITERS)
@require_POST
def save(request: PersonRequest, update_id: int) -> HttpResponse:
    """Keep the draft as it is typed. A newer text of somebody else is never overwritten: 409 with both side by side."""
    update = sent.update_or_404(request, update_id)
    form = drafting.form_of(update, request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    fields = drafting.changes(update, form)
    try:
        saved = updates.edit(
            update_id=update.pk,
            person=request.user,
            revision=form.cleaned_data["revision"],
            fields=fields,
            now=timezone.now(),
        )
    except updates.ChangedMeanwhile:
        theirs = sent.update_or_404(request, update_id)
        return JsonResponse(_theirs(request, theirs, mine=fields), status=409)
    except updates.AlreadySent as refusal:
        return JsonResponse({"notice": refusal.message, "url": addresses.update(update_id)}, status=410)
    except Refusal as refusal:
        return JsonResponse({"errors": {refusal.field or "": [refusal.message]}}, status=422)
    return JsonResponse({"fields": {"revision": str(saved.revision), "seen": times.iso(saved.edited_at)}})


@access.allow(read=roles.WRITERS | roles.SECOND_READERS)
@require_GET
def facts(request: PersonRequest, update_id: int) -> HttpResponse:
    """The impact now, the last update and the promise: a panel that the room's stream keeps current."""
    update = _draft_or_404(request, update_id)
    seen = request.GET.get("impact", "")
    context = composer_queries.facts_context(
        update, seen_version=int(seen) if seen.isdecimal() else None, now=timezone.now()
    )
    return render(request, "comms/_facts.html", context)


@access.allow(read=(), act=roles.WRITERS)
@require_POST
def learn(request: PersonRequest, update_id: int) -> HttpResponse:
    """Add a word that was found misspelt to the organisation's dictionary."""
    _draft_or_404(request, update_id)
    try:
        term = learning.add(term=request.POST.get("term", ""), person=request.user)
    except Refusal as refusal:
        return JsonResponse({"errors": {"term": [refusal.message]}}, status=422)
    return JsonResponse({"said": _("“%(term)s” is in the dictionary now.") % {"term": term}})


def _draft_or_404(request: PersonRequest, update_id: int) -> Update:
    update = sent.update_or_404(request, update_id)
    if update.state in SENT_UPDATES:
        raise Http404
    return update


def _plain(row: Finding) -> dict[str, Any]:
    return checking.plain(checking.as_found(row)) | {"blocking": row.is_blocking and not row.override_reason}


def _list(request: PersonRequest, update: Update, rows: list[Finding], *, names: dict[str, str]) -> str:
    lines = composer_queries.finding_lines(rows, kind=update.kind, names=names)
    context = {
        "update": update,
        "incident": update.incident,
        "lines": lines,
        "is_checked": True,
        "segments": [],
        "may_write": True,
        "may_revise": request.user.has_role(*roles.COMMANDERS),
        "override_reasons": OVERRIDE_REASONS,
    }
    return render_to_string("comms/_findings.html", context, request=request, using="jinja2")


def _theirs(request: PersonRequest, theirs: Update, *, mine: dict[str, Any]) -> dict[str, Any]:
    """Their text beside what was typed here, with what differs marked."""
    context = {"update": theirs, "differences": differences.from_typed(theirs, mine)}
    return {
        "html": render_to_string("comms/_theirs.html", context, request=request, using="jinja2"),
        "revision": theirs.revision,
    }
