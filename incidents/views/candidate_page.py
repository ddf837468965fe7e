"""One candidate's page and its parts, each also at an address of its own, so that an open page stays current."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from incidents.choices import CANDIDATE_DECIDED_STATES, CandidateState
from incidents.forms import decisions as forms
from incidents.forms import desk as desk_forms
from incidents.models import Candidate, ClarificationRequest
from incidents.queries import attachments, audience_sources, callers, candidate_queue, desk, disputes, reports, similar
from incidents.services.desk.disputes import may_answer
from mim_portal.lib import live_address
from teams.choices import Role
from teams.models import Person, Service
from teams.requests import PersonRequest
from teams.rules import roles

PARTS = ("state", "facts", "questions", "decide", "reading")


def get(request: PersonRequest, reference: str) -> Candidate:
    """The candidate, or 404 where it does not exist for this person."""
    found = desk.get(person=request.user, reference=reference)
    if found is None:
        raise Http404
    return found


def page(
    request: PersonRequest, reference: str, bound: dict[str, Form] | None = None, *, about: int = 0, status: int = 200
) -> HttpResponse:
    """The whole page; `bound` are forms with errors by name, `about` the question that an answer form belongs to."""
    found = get(request, reference)
    values = context(request, found, bound or {}, about=about)
    values["live_url"] = live_address.stream(reference=reference, person_id=request.user.pk, now=values["present"])
    return render(request, "incidents/candidate.html", values, status=status)


def context(
    request: PersonRequest, found: Candidate, bound: dict[str, Form] | None = None, *, about: int = 0
) -> dict[str, Any]:
    """Everything that any part of the page shows to this person."""
    person, now, bound = request.user, timezone.now(), bound or {}
    described = candidate_queue.describe([found], now=now)[0]
    is_open = found.state == CandidateState.OPEN
    may_decide = is_open and person.has_role(*roles.COMMANDERS)
    may_merge = is_open and person.has_role(*roles.MERGERS)
    is_lead = is_open and not may_decide and person.has_role(Role.SERVICE_DESK_LEAD)
    on_shift = candidate_queue.on_shift(now=now) if is_open else None
    values: dict[str, Any] = {
        "candidate": found,
        "present": now,
        "waiting": described,
        "on_shift": on_shift,
        "facts": desk.facts(found),
        "files": list(attachments.of_candidate(found)),
        "may_attach": person.has_role(*roles.RAISERS),
        "may_remove_any": person.has_role(*roles.COMMANDERS),
        "clarifications": clarifications(found),
        "open_questions": {one.request.pk: one for one in described.open_questions},
        "may_decide": may_decide,
        "may_merge": may_merge,
        "script": callers.of_candidate(found, now=now),
        "desk_reports": reports.totals_of_candidate(found),
        "may_ask": person.has_role(*roles.COMMANDERS) and found.state in {"open", *CANDIDATE_DECIDED_STATES},
        "may_chase": person.has_role(*roles.CHASERS),
        "may_answer": person.has_role(*roles.RAISERS),
        "shows_score": person.has_role(*roles.COMMANDERS, Role.PRACTICE_LEAD),
        "lead": _lead(described, on_shift, now=now) if is_lead else None,
        "live": similar.live(person=person, candidate=found, now=now) if may_merge else [],
        "about": about,
        "refused": _refused(bound, is_shown=may_merge),
    }
    values |= _reading(person, found)
    values["forms"] = (
        _reading_forms(values["readings"]) | _forms(person, found, described, values["lead"], on_shift) | bound
    )
    return values


def clarifications(found: Candidate) -> list[ClarificationRequest]:
    """Questions and answers in their order."""
    asked = found.clarifications.select_related("asked_by", "asked_of", "answered_by")
    return list(asked.order_by("asked_at", "pk"))


def _reading(person: Person, found: Candidate) -> dict[str, Any]:
    """How the record was read, for those who work with it, and who may say what about it."""
    is_shown = person.has_role(*roles.DESK_READERS)
    readings = disputes.readings(found) if is_shown else []
    made = disputes.of_candidate(found) if readings else []
    is_open = disputes.is_open(made)
    return {
        "readings": readings,
        "names": {one.code: one.name for one in readings},
        "disputes": made,
        "may_dispute": bool(readings) and not is_open and person.has_role(*roles.DESK),
        "may_answer_dispute": is_open and person.has_role(*roles.DISPUTE_ANSWERERS) and may_answer(found, person),
    }


def _reading_forms(readings: Sequence[disputes.Reading]) -> dict[str, Form]:
    return {
        "dispute": desk_forms.DisputeForm(readings=readings),
        "dispute_answer": desk_forms.DisputeAnswerForm(readings=readings),
    }


def _lead(
    described: candidate_queue.Waiting, on_shift: candidate_queue.OnShift | None, *, now: datetime
) -> dict[str, Any]:
    """From when the desk lead may declare, and who becomes accountable then."""
    people = on_shift.people if on_shift and on_shift.from_rota else []
    return {
        "declares_from": described.declares_from,
        "may": described.declares_from is not None and now >= described.declares_from,
        "manager": people[0] if people else None,
    }


def _forms(
    person: Person,
    found: Candidate,
    described: candidate_queue.Waiting,
    lead: dict[str, Any] | None,
    on_shift: candidate_queue.OnShift | None,
) -> dict[str, Form]:
    codes = [question.code for question in described.prompts]
    made: dict[str, Form] = {
        "reject": forms.RejectForm(),
        "merge": forms.MergeForm(),
        "ask": forms.AskForm(initial={"field": described.missing[0].code if described.missing else ""}),
        "these": forms.AskTheseForm(initial={"wanted": codes}, questions=described.prompts),
        "answer": forms.AnswerForm(),
    }
    if found.state == CandidateState.OPEN and (lead is not None or person.has_role(*roles.COMMANDERS)):
        first = {"impact": found.impact, "urgency": found.urgency, "manager": person.username}
        made["accept"] = accept_form(person, found, initial=first, on_shift=on_shift)
    return made


def accept_form(
    person: Person, found: Candidate, *args: Any, on_shift: candidate_queue.OnShift | None, **options: Any
) -> forms.AcceptForm:
    """A manager chooses who is accountable; a desk lead only where nobody is on shift."""
    is_chosen = person.has_role(*roles.COMMANDERS) or not (on_shift and on_shift.from_rota)
    managers = Person.objects.with_role(Role.INCIDENT_MANAGER, Role.DEPUTY) if is_chosen else ()
    services = Service.objects.filter(is_active=True).order_by("name") if found.service is None else ()
    told = audience_sources.for_declaration(impact=found.impact, urgency=found.urgency, service=found.service)
    return forms.AcceptForm(
        *args,
        managers=list(managers),
        services=list(services),
        audiences=told.choices,
        usual=told.usual,
        **options,
    )


def _refused(bound: dict[str, Form], *, is_shown: bool) -> list[str]:
    """Refusals whose form is no longer on the page, such as those of whoever came second."""
    gone = [form for name, form in bound.items() if name in {"accept", "reject", "merge", "these"} and not is_shown]
    return [str(error) for form in gone for error in form.non_field_errors()]
