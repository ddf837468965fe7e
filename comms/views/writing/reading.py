"""Reading a text before it leaves: what is new in it, and one of two answers, with one thumb."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comms.choices import SENT_UPDATES
from comms.forms.writing import ReturnForm
from comms.models import Update
from comms.queries.writing import reading
from comms.services.writing import approval
from comms.views.writing import sent
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=sent.DRAFT_READERS, act=roles.SECOND_READERS)
@require_http_methods(["GET", "POST"])
def read(request: PersonRequest, update_id: int) -> HttpResponse:
    """The page that the mail opens: approve, or send back with a word."""
    update = sent.update_or_404(request, update_id)
    if update.state in SENT_UPDATES:
        messages.info(request, _("It has left already."))
        return redirect(addresses.update(update_id))
    if request.method != "POST":
        return _page(request, update)
    if request.POST.get("deed") == "return":
        return _send_back(request, update)
    try:
        approval.approve(update_id=update_id, person=request.user, now=timezone.now())
    except Refusal as refusal:
        return _page(request, sent.update_or_404(request, update_id), refusal=refusal, status=409)
    messages.success(request, _("Approved as it stands. Any change to the text asks for a reader again."))
    return redirect("update-read", update_id=update_id)


@access.allow(read=sent.DRAFT_READERS)
@require_GET
def readers_part(request: PersonRequest, update_id: int) -> HttpResponse:
    """Who was asked, what they said, and the time left: fetched again while somebody waits."""
    update = sent.update_or_404(request, update_id)
    if update.state in SENT_UPDATES:
        return HttpResponse(status=204)
    return render(request, "comms/_approval.html", readers_context(update))


def readers_context(update: Update) -> dict[str, Any]:
    """What comms/_approval.html needs."""
    return {
        "update": update,
        "decision": approval.outlook(update, now=timezone.now()),
        "asked": reading.asked(update) if update.submitted_at else [],
    }


def _send_back(request: PersonRequest, update: Update) -> HttpResponse:
    form = ReturnForm(request.POST)
    if attempt(
        form,
        lambda: approval.send_back(
            update_id=update.pk, person=request.user, comment=form.cleaned_data["comment"], now=timezone.now()
        ),
    ):
        messages.success(request, _("Sent back. %(name)s has been told.") % {"name": update.author.name})
        return redirect(addresses.incident(update.incident.reference))
    return _page(request, sent.update_or_404(request, update.pk), form=form, status=422)


def _page(
    request: PersonRequest,
    update: Update,
    *,
    form: ReturnForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "return_form": form or ReturnForm(),
        "refusal": refusal,
        "may_read": request.user.has_role(*roles.SECOND_READERS),
        **reading.context(update, person=request.user, now=timezone.now()),
        **readers_context(update),
    }
    return render(request, "comms/read.html", context, status=status)
