"""Sent updates: read, corrected, withdrawn; and drafts thrown away."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comms.choices import SENT_UPDATES
from comms.forms.writing import WithdrawForm
from comms.models import Update
from comms.queries.writing import composer as composer_queries
from comms.queries.writing import updates as update_queries
from comms.services.writing import publishing, updates
from mim_portal.lib import access, addresses
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

DRAFT_READERS = roles.WRITERS | roles.SECOND_READERS


def update_or_404(request: PersonRequest, update_id: int) -> Update:
    """The update where the person may see it; drafts are for those who write and read them."""
    update = update_queries.get(update_id, request.user)
    if update is None or (update.state not in SENT_UPDATES and not request.user.has_role(*DRAFT_READERS)):
        raise Http404
    return update


def page(
    request: PersonRequest, update: Update, *, withdraw_form: WithdrawForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "withdraw_form": withdraw_form or WithdrawForm(),
        "may_see_deliveries": request.user.has_role(*roles.DELIVERY_KEEPERS),
        "may_write": request.user.has_role(*roles.WRITERS),
        **composer_queries.sent_context(update),
    }
    return render(request, "comms/update.html", context, status=status)


@access.allow(read=(), act=roles.WRITERS)
@require_POST
def discard(request: PersonRequest, update_id: int) -> HttpResponse:
    """Throw a draft away."""
    update = update_or_404(request, update_id)
    try:
        updates.discard(update_id=update_id, person=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(addresses.update(update_id))
    messages.success(request, _("The draft is gone. Nothing was sent."))
    return redirect(addresses.incident(update.incident.reference))


@access.allow(read=(), act=roles.WRITERS)
@require_POST
def correct(request: PersonRequest, update_id: int) -> HttpResponse:
    """Begin the correction of a sent update from its own words, or go on with the one that is being written."""
    wrong = update_or_404(request, update_id)
    begun = composer_queries.open_correction(wrong)
    if begun is not None:
        messages.info(request, _("This correction was begun already. Go on with it here."))
        return redirect(addresses.update(begun.pk))
    try:
        made = publishing.correct(
            update_id=update_id,
            person=request.user,
            subject=wrong.subject,
            body=composer_queries.correction_text(wrong),
            next_update_at=None,
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(addresses.update(update_id))
    return redirect(addresses.update(made.pk))


@access.allow(read=(), act=roles.WRITERS)
@require_POST
def withdraw(request: PersonRequest, update_id: int) -> HttpResponse:
    """Take a sent update back."""
    update = update_or_404(request, update_id)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            publishing.withdraw(
                update_id=update_id, person=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(addresses.update(update_id))
        else:
            messages.success(request, _("The update is withdrawn. Everyone who got it is told to disregard it."))
            return redirect(addresses.incident(update.incident.reference))
    return page(request, update, withdraw_form=form, status=422)
