"""Going off shift and coming on: all live incidents of a manager in one go."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents.choices import HandoverState
from incidents.forms import handover as forms
from incidents.forms.room import AnswerOfferForm
from incidents.models import Handover, Incident, ShiftHandover
from incidents.queries import briefs, due, impact
from incidents.queries import command as queries
from incidents.services.accountability import shifts
from incidents.services.accountability.shifts import Outcome
from incidents.views.command import receivers, said_to_offer
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.queries import rotas
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def shift(request: PersonRequest) -> HttpResponse:
    """What waits for the person, and everything they hand over when their shift ends."""
    person, now = request.user, timezone.now()
    every = queries.accountable_for(person)
    offers = queries.open_offers([incident.pk for incident in every])
    mine = [incident for incident in every if incident.pk not in {each.incident_id for each in offers}]
    next_on = shifts.receiver(person, now=now)
    form = forms.ShiftForm(
        request.POST or None,
        receivers=receivers(person),
        incidents=mine,
        initial={"to": next_on.username if next_on else ""},
    )
    done: list[Outcome] = []
    if request.method == "POST" and attempt(
        form,
        lambda: done.append(
            shifts.offer(
                person=person, to=form.cleaned_data["to"], references=form.chosen(), fields=form.given(), now=now
            )
        ),
    ):
        _tell(request, done[0], _("Offered to %s, and told by mail.") % done[0].shift.offered_to.name)
        return redirect("shift-handover")
    waiting = list(queries.open_shifts(person))
    context = {
        "form": form,
        "rows": _rows(mine, form),
        "for_me": [_open(each) for each in waiting if each.offered_to_id == person.pk],
        "from_me": [_open(each) for each in waiting if each.offered_by_id == person.pk],
        "offered_alone": [each for each in offers if each.shift_id is None],
        "alone": [each for each in queries.waiting_for(person) if each.shift_id is None],
        "ends_at": rotas.shift_ends_at(person, at=now),
        "next_on": next_on,
    }
    return render(request, "incidents/shift.html", context, status=422 if form.is_bound else 200)


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def accept(request: PersonRequest, shift_handover_id: int) -> HttpResponse:
    """Read every brief, say back what is due next in each, and take all of them or those chosen."""
    found = _shift(request, shift_handover_id)
    form = forms.ShiftAcceptForm(request.POST or None, handovers=_offered(found))
    done: list[Outcome] = []
    if request.method == "POST" and attempt(
        form,
        lambda: done.append(
            shifts.accept(
                shift_id=shift_handover_id, person=request.user, restatements=form.restatements(), now=timezone.now()
            )
        ),
    ):
        _tell(request, done[0], _("You are accountable now: %s.") % _references(done[0]))
        return redirect("shift-handover-accept", shift_handover_id=shift_handover_id)
    return _accept_page(request, found, form=form, answer=AnswerOfferForm())


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def answer(request: PersonRequest, shift_handover_id: int, step: str) -> HttpResponse:
    """Decline what is still open of it, or withdraw it."""
    found = _shift(request, shift_handover_id)
    verb, done = said_to_offer(step, decline=shifts.decline, withdraw=shifts.withdraw, giver=found.offered_by)
    form = AnswerOfferForm(request.POST)
    if attempt(
        form,
        lambda: verb(
            shift_id=shift_handover_id, person=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
    ):
        messages.success(request, done)
        return redirect("shift-handover")
    return _accept_page(request, found, form=forms.ShiftAcceptForm(handovers=_offered(found)), answer=form)


def _accept_page(
    request: PersonRequest, found: ShiftHandover, *, form: forms.ShiftAcceptForm, answer: AnswerOfferForm
) -> HttpResponse:
    """Every brief with its box; 422 with what was typed where it was refused."""
    incidents = [each.incident for each in found.handovers.all()]
    coming = due.next_due(incidents)
    context = {
        "shift": found,
        "is_receiver": found.offered_to_id == request.user.pk,
        "form": form,
        "answer": answer,
        "rows": [
            {
                "handover": each,
                "brief": briefs.lines(each.brief, each.fields),
                "due": coming[each.incident_id],
                "take": form[f"take.{each.incident.reference}"],
                "restatement": form[f"restatements.{each.incident.reference}"],
            }
            for each in _offered(found)
        ],
        "answered": [
            {
                "handover": each,
                "announcement": queries.announcement_of(each, due=briefs.due_words(coming[each.incident_id][:1])),
            }
            for each in found.handovers.all()
            if each.state != HandoverState.OFFERED
        ],
    }
    refused = form.is_bound or answer.is_bound
    return render(request, "incidents/shift_accept.html", context, status=422 if refused else 200)


def _offered(found: ShiftHandover) -> list[Handover]:
    """What of it still waits for an answer."""
    return [each for each in found.handovers.all() if each.state == HandoverState.OFFERED]


def _shift(request: PersonRequest, shift_id: int) -> ShiftHandover:
    found = queries.shifts_of(request.user).filter(pk=shift_id).first()
    if found is None:
        raise Http404
    return found


def _rows(mine: list[Incident], form: forms.ShiftForm) -> list[dict[str, object]]:
    """Each incident with its sentence, what is due next, and its own fields of the form."""
    statements, coming = impact.current_of([incident.pk for incident in mine]), due.next_due(mine)
    zone = timezone.get_current_timezone()
    return [
        {
            "incident": incident,
            "sentence": impact.sentence(statements[incident.pk], zone),
            "due": coming[incident.pk],
            "take": form[f"take.{incident.reference}"],
            "fields": [form[f"{code}.{incident.reference}"] for code in (forms.TREND, *forms.SHIFT_FIELDS)],
        }
        for incident in mine
    ]


def _open(shift: ShiftHandover) -> dict[str, object]:
    return {
        "shift": shift,
        "handovers": _offered(shift),
    }


def _references(outcome: Outcome) -> str:
    return ", ".join(each.incident.reference for each in outcome.handovers)


def _tell(request: PersonRequest, outcome: Outcome, success: str) -> None:
    messages.success(request, success)
    for left in outcome.left:
        messages.error(request, f"{left.reference}: {left.message}")
