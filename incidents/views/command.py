"""Accountability on a page: offer, accept with a restatement, decline, take over."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.choices import HandoverState
from incidents.forms import room as forms
from incidents.models import Handover
from incidents.queries import briefs
from incidents.queries import command as queries
from incidents.rules.handover import BRIEF_FIELDS
from incidents.services import command
from incidents.views.acts import form_page, incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from teams.choices import Role
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def offer(request: PersonRequest, reference: str) -> HttpResponse:
    """Offer the incident to somebody else, with the brief from the record beside the form."""
    incident = incident_or_404(request, reference)
    receivers = list(Person.objects.with_role(Role.INCIDENT_MANAGER, Role.DEPUTY).exclude(pk=request.user.pk))
    form = forms.HandoverForm(request.POST or None, receivers=receivers)
    if request.method == "POST" and attempt(
        form,
        lambda: command.offer(
            reference=reference, person=request.user, to=form.receiver(), fields=form.given(), now=timezone.now()
        ),
    ):
        messages.success(request, _("Offered. You stay accountable until it is accepted."))
        return redirect(addresses.incident(reference))
    return form_page(
        request, incident=incident, form=form, title=_("Hand over"), button=_("Offer the handover"),
        template="incidents/handover.html", brief=_lines(briefs.brief(incident, now=timezone.now()), {}), offer=None,
    )  # fmt: skip


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def accept(request: PersonRequest, reference: str) -> HttpResponse:
    """Read the brief, say back what is due next, and become accountable."""
    incident = incident_or_404(request, reference)
    offer = queries.open_handover(incident)
    if offer is None:
        messages.info(request, _("There is no open handover for this incident."))
        return redirect(addresses.incident(reference))
    form = forms.RestatementForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: command.accept(
            handover_id=offer.pk,
            person=request.user,
            restatement=form.cleaned_data["restatement"],
            now=timezone.now(),
        ),
    ):
        messages.success(request, _("You are accountable for %(reference)s.") % {"reference": reference})
        return redirect(addresses.incident(reference))
    return form_page(
        request, incident=incident, form=form, title=_("Accept the handover"), button=_("Accept: I am accountable"),
        template="incidents/handover.html", brief=_lines(offer.brief, offer.fields), offer=offer,
    )  # fmt: skip


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def answer(request: PersonRequest, reference: str, handover_id: int, step: str) -> HttpResponse:
    """Decline an offer, or withdraw one's own."""
    incident = incident_or_404(request, reference)
    offer = Handover.objects.filter(pk=handover_id, incident=incident, state=HandoverState.OFFERED).first()
    if offer is None or step not in {"decline", "withdraw"}:
        raise Http404
    verb = command.decline if step == "decline" else command.withdraw
    form = forms.AnswerOfferForm(request.POST)
    if not attempt(
        form,
        lambda: verb(
            handover_id=handover_id, person=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
    ):
        for error in (text for texts in form.errors.values() for text in texts):
            messages.error(request, str(error))
    return redirect(addresses.incident(reference))


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def take_over(request: PersonRequest, reference: str) -> HttpResponse:
    """In an emergency: become accountable without a handover, with a reason that everybody sees."""
    incident = incident_or_404(request, reference)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: command.take_over(
            reference=reference, person=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
    ):
        return redirect(addresses.incident(reference))
    return form_page(
        request, incident=incident, form=form, title=_("Take over"), button=_("Take over: I am accountable"),
        lead=_("Only when the accountable manager cannot be reached. Your reason stands in the timeline."),
    )  # fmt: skip


def _lines(brief: dict[str, object], given: dict[str, str]) -> list[tuple[str, object]]:
    """The brief in its order: what the record knows, then what the giver added."""
    return [
        (words, given.get(code) if given.get(code, "none") != "none" else brief.get(code))
        for code, words in BRIEF_FIELDS
    ]
