"""Accountability on a page: offer, accept with a restatement, decline, take over, and its history."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents.choices import HandoverState
from incidents.forms import handover as forms
from incidents.forms.room import AnswerOfferForm
from incidents.models import Handover, Incident
from incidents.queries import briefs, due
from incidents.queries import command as queries
from incidents.queries import people as people_queries
from incidents.services.accountability import command, shifts
from incidents.views.acts import form_page
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from teams.choices import Role
from teams.models import Person, Team
from teams.requests import PersonRequest
from teams.rules import roles

COMMAND_TAKERS = roles.COMMANDERS | roles.ADMINISTRATORS


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def offer(request: PersonRequest, reference: str) -> HttpResponse:
    """Offer the incident to somebody else, with the brief from the record beside the form.

    Who is not accountable reads who is; while one offer waits, its page is the way on.
    """
    incident, now = incident_or_404(request, reference), timezone.now()
    next_on = shifts.receiver(request.user, now=now)
    teams = list(Team.objects.filter(is_active=True).order_by("name"))
    form = forms.HandoverForm(
        request.POST or None,
        receivers=receivers(request.user),
        teams=teams,
        initial={"to": next_on.username if next_on else ""},
    )
    if request.method == "POST" and attempt(
        form,
        lambda: command.offer(
            reference=reference,
            person=request.user,
            to=form.cleaned_data["to"],
            fields=form.given(),
            promises=form.promises(),
            now=now,
        ),
    ):
        messages.success(request, _("Offered, and told by mail. You stay accountable until it is accepted."))
        return redirect(addresses.incident(reference))
    return form_page(
        request, incident=incident, form=form, title=_("Hand over"), button=_("Offer the handover"),
        template="incidents/handover.html", brief=briefs.lines(briefs.brief(incident, now=now), {}),
        holder=queries.current_manager(incident), waiting=queries.open_handover(incident),
    )  # fmt: skip


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def accept(request: PersonRequest, reference: str) -> HttpResponse:
    """The open offer: its receiver reads the brief, says back what is due next and becomes accountable.

    Its giver takes it back here; everybody else reads it.
    """
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
        return redirect("command-history", reference=reference)
    return _offer_page(request, incident, offer, form=form, answer=AnswerOfferForm())


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def answer(request: PersonRequest, reference: str, handover_id: int, step: str) -> HttpResponse:
    """Decline an offer, or withdraw one's own."""
    incident = incident_or_404(request, reference)
    offer = queries.handovers(incident).filter(pk=handover_id).first()
    if offer is None:
        raise Http404
    verb, done = said_to_offer(step, decline=command.decline, withdraw=command.withdraw, giver=offer.offered_by)
    form = AnswerOfferForm(request.POST)
    if attempt(
        form,
        lambda: verb(
            handover_id=handover_id, person=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
    ):
        messages.success(request, done)
        return redirect(addresses.incident(reference))
    return _offer_page(request, incident, offer, form=forms.RestatementForm(), answer=form)


def said_to_offer(
    step: str, *, decline: Callable[..., Any], withdraw: Callable[..., Any], giver: Person
) -> tuple[Callable[..., Any], str]:
    """The verb that answers an offer, of one incident or of a shift, and what is said once it is done."""
    if step == "decline":
        return decline, _("Declined. %(giver)s stays accountable and is told.") % {"giver": giver.name}
    if step == "withdraw":
        return withdraw, _("Taken back. You stay accountable.")
    raise Http404


def _offer_page(
    request: PersonRequest, incident: Incident, offer: Handover, *, form: Form, answer: AnswerOfferForm
) -> HttpResponse:
    """An offer as its receiver, its giver or somebody else sees it; 422 with what was typed where it was refused."""
    is_open = offer.state == HandoverState.OFFERED
    context = {
        "incident": incident,
        "offer": offer,
        "form": form,
        "answer": answer,
        "is_receiver": is_open and offer.offered_to_id == request.user.pk,
        "is_giver": is_open and offer.offered_by_id == request.user.pk,
        "brief": briefs.lines(offer.brief, offer.fields),
        "due": due.next_due([incident])[incident.pk],
    }
    refused = form.is_bound or answer.is_bound
    return render(request, "incidents/handover_offer.html", context, status=422 if refused else 200)


@access.allow(read=COMMAND_TAKERS, act=COMMAND_TAKERS)
@require_http_methods(["GET", "POST"])
def take_over(request: PersonRequest, reference: str) -> HttpResponse:
    """In an emergency: command moves without a handover, with a reason that everybody sees.

    A manager becomes accountable; an administrator, who is not, appoints one.
    """
    incident = incident_or_404(request, reference)
    commands = request.user.has_role(*roles.COMMANDERS)
    form = forms.TakeoverForm(request.POST or None, managers=() if commands else receivers(request.user))
    if request.method == "POST" and attempt(
        form,
        lambda: command.take_over(reference=reference, person=request.user, now=timezone.now(), **form.cleaned_data),
    ):
        return redirect("command-history", reference=reference)
    lead = _(
        "Only when the accountable manager cannot be reached. They are told by mail at once, and your reason stands "
        "in the timeline."
    )
    return form_page(
        request, incident=incident, form=form, lead=lead,
        title=_("Take over") if commands else _("Appoint another manager"),
        button=_("Take over: I am accountable") if commands else _("Appoint: they are accountable"),
    )  # fmt: skip


@access.allow(read=roles.ROOM_READERS)
@require_GET
def history(request: PersonRequest, reference: str) -> HttpResponse:
    """Who was accountable from when until when, each handover with its brief, the roles, and the gap: none."""
    incident = incident_or_404(request, reference)
    coming = due.next_due([incident])[incident.pk]
    context = {
        "incident": incident,
        "tenures": list(queries.tenures(incident)),
        "handovers": [
            {"row": row, "brief": briefs.lines(row.brief, row.fields)} for row in queries.handovers(incident)[:50]
        ],
        "assignments": list(people_queries.assignments(incident)[:100]),
        "gap": queries.gap_seconds(incident),
        "announcement": queries.announcement(incident, due=briefs.due_words(coming[:1])),
        "due": coming,
    }
    return render(request, "incidents/command.html", context)


def receivers(person: Person) -> list[Person]:
    """Everybody else who may be accountable."""
    return list(Person.objects.with_role(Role.INCIDENT_MANAGER, Role.DEPUTY).exclude(pk=person.pk))
