"""The composer: one page on which a text is written, checked, read by a second person, and sent."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comms.choices import SENT_UPDATES
from comms.forms.writing import OVERRIDE_REASONS, ScheduleForm, UpdateForm
from comms.models import Update
from comms.queries.writing import composer as composer_queries
from comms.queries.writing import differences
from comms.rules.scheduling import can_wait
from comms.services.writing import scheduling, updates
from comms.views.writing import deeds, drafting, reading, sent
from incidents.queries import watched
from mim_portal.lib import access, addresses, live_address
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_READERS, act=sent.DRAFT_READERS)
@require_http_methods(["GET", "POST"])
def composer(request: PersonRequest, update_id: int) -> HttpResponse:
    """A draft to write, or a sent update to read."""
    update = sent.update_or_404(request, update_id)
    if update.state in SENT_UPDATES:
        return sent.page(request, update, status=409 if request.method == "POST" else 200)
    if request.method == "POST":
        return _act(request, update)
    return _page(request, update, form=drafting.form_of(update, begun=request.GET.get("adapt", "")))


def _act(request: PersonRequest, update: Update) -> HttpResponse:
    """Keep what was typed first, whatever was asked for; then do it. A refusal loses nothing."""
    deed = request.POST.get("deed", "save")
    if deed == "approve":
        return _attempt(request, update, deeds.approve)
    if not request.user.has_role(*roles.WRITERS):
        raise PermissionDenied
    form = drafting.form_of(update, request.POST)
    if not form.is_valid():
        return _page(request, update, form=form, status=422)
    try:
        update = updates.edit(
            update_id=update.pk,
            person=request.user,
            revision=form.cleaned_data["revision"],
            fields=drafting.changes(update, form),
            now=timezone.now(),
        )
    except updates.ChangedMeanwhile:
        return _page(request, sent.update_or_404(request, update.pk), form=form, is_conflict=True, status=409)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, update, form=form, status=422)
    return _attempt(request, update, deeds.BY_NAME.get(deed.partition("-")[0], deeds.save))


def _attempt(request: PersonRequest, update: Update, deed: deeds.Deed) -> HttpResponse:
    try:
        response = deed(request, update)
    except Refusal as refusal:
        shown = sent.update_or_404(request, update.pk)
        if shown.state in SENT_UPDATES:
            messages.info(request, refusal.message)
            return redirect(addresses.update(update.pk))
        return _page(request, shown, form=drafting.form_of(shown), refusal=refusal, status=409)
    return response or redirect(addresses.update(update.pk))


def _page(
    request: PersonRequest,
    update: Update,
    *,
    form: UpdateForm,
    refusal: Refusal | None = None,
    is_conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    person = request.user
    form.mark_needed()
    context = {
        "form": form,
        "revision": update.revision if is_conflict else _typed_over(form, update),
        "refusal": refusal,
        "override_reasons": OVERRIDE_REASONS,
        "is_conflict": is_conflict,
        "may_write": person.has_role(*roles.WRITERS),
        "may_revise": person.has_role(*roles.COMMANDERS),
        "watched": watched.plans("message", person=person),
        "schedule_form": ScheduleForm(initial={"publish_at": update.publish_at}),
        "moved": scheduling.moved(update) if update.publish_at and not update.held_at else (),
        **reading.readers_context(update),
        "differences": differences.from_typed(update, drafting.changes(update, form)) if is_conflict else [],
        "live_url": live_address.stream(
            reference=update.incident.reference, person_id=person.pk, name=person.name, now=timezone.now()
        ),
        **composer_queries.draft_context(update, adapted=form.adapted, person=person, now=timezone.now()),
    }
    # What stops it only for its next time may be right when that is counted from a later moment: scheduling asks again.
    stopped = [line for line in context["stops"] if line.row.code != "C01"]
    may_leave = context["is_checked"] and not stopped and context["decision"].released
    context["may_schedule"] = may_leave and can_wait(update.kind)
    return render(request, "comms/composer.html", context, status=status)


def _typed_over(form: UpdateForm, update: Update) -> int:
    """The revision that the text in the form was typed over. What somebody else saved while an error was being mended
    is shown as any other conflict, and never written over unseen.
    """
    typed = form.cleaned_data.get("revision") if form.is_bound else None
    return update.revision if typed is None else int(typed)
