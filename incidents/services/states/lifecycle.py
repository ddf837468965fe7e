"""From declared to closed: which state follows, what it needs, and the times that it sets."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import FINAL_STATES, EntryKind, EntrySource, HandoverState, IncidentState, Priority
from incidents.models import CommandTenure, Handover, Incident
from incidents.queries import closure, watching
from incidents.rules import lifecycle as rules
from incidents.rules import priority as priorities
from incidents.services import locking, timeline
from incidents.services.record import facts as records
from incidents.services.states import steps
from incidents.services.timeline import Entry
from mim_portal.lib import hooks, times
from mim_portal.lib.refusals import Invalid, Refusal, sentences
from teams.models import Person

# Inputs that the person can put right; everything else is a matter of the incident's state.
_INPUTS = frozenset({"in_the_future", "before_declaration", "reason_missing", "confirmation_missing", "fact_missing"})
# Times that a state sets when nobody has recorded them yet.
_FIRST_TIMES = {
    IncidentState.IDENTIFIED: "diagnosed_at",
    IncidentState.MITIGATING: "fix_started_at",
    IncidentState.MONITORING: "mitigated_at",
}
_SHORTEST_TENURE = timedelta(milliseconds=1)


class NotPossible(Refusal):
    """The incident cannot enter that state now; `allowed` says which it can."""

    code = "transition_refused"


class Ended(Refusal):
    """The incident is closed or cancelled."""

    code = "ended"


class BadInput(Invalid):
    """A time, a reason or a confirmation is missing or cannot be right."""


@transaction.atomic
def transition(
    *,
    reference: str,
    to: str,
    person: Person,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    confirmed_by: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Incident:
    """Move the incident to another state at the moment `at` (now, where not given).

    `facts` are what the state is entered with: `confirmer` (a person) and `evidence` of a cause; `action`, `owner` (a
    person), `time_box` (minutes) and `rollback` of a fix. One that is left out needs the reason why it is not known.
    Restored is `monitoring` and needs a source on the users' side. Resolved needs the watch period, closed the
    checklist, and both what the guards of other apps ask. Closing or cancelling ends accountability at that instant.
    Going back to work from restored or resolved reopens: the times of the restoration that did not hold are taken
    back, and kept as recorded.
    """
    incident = locking.lock(reference=reference, person=person)
    before, given = incident.state, steps.given(facts or {})
    happened_at = at or steps.usual_at(incident, to=to, now=now)
    _check(
        incident,
        to=to,
        at=happened_at,
        reason=reason,
        confirmed_by=confirmed_by,
        facts=given,
        person=person,
        now=now,
    )
    reopened = rules.is_reopening(state=before, to=to)
    incident.state = to
    _set_times(incident, to=IncidentState(to), at=happened_at, reopened=reopened, person=person, now=now)
    steps.follow_cause(incident, to=to, given=given, at=happened_at)
    if to in FINAL_STATES:
        _end(incident, at=happened_at, now=now)
    incident.save()
    kind = _kind(to, reopened=reopened)
    data = {"from": before, "reason": reason.strip()}
    if kind != EntryKind.CANCELLED:
        data |= {"to": to, "confirmed_by": confirmed_by} | steps.plain(given, to=to, at=happened_at)
    entry = Entry(kind=kind, at=incident.closed_at or happened_at, actor_id=person.pk, data=data)
    timeline.append(incident=incident, entries=[entry])
    return incident


@transaction.atomic
def set_priority(
    *,
    reference: str,
    impact: int | None = None,
    urgency: int | None = None,
    priority: str | None = None,
    reason: str = "",
    person: Person,
    now: datetime,
    version: int | None = None,
    downgrade: Mapping[str, priorities.Answered] | None = None,
) -> Incident:
    """Priority follows impact × urgency; another one than the computed needs a reason that stays on the record.

    Going down asks the four questions of domain.md 1.8 (`downgrade`): no and not known stop nobody, with their reason
    or the one of the change. Audiences keep the old update times until the downgrade message is sent to them.
    """
    incident = locking.lock(reference=reference, person=person)
    locking.check_version(incident, version)
    if incident.state in FINAL_STATES:
        raise Ended(_("The incident has ended; its priority stays as it was."))
    impact, urgency = impact or incident.impact, urgency or incident.urgency
    computed = records.computed_priority(impact=impact, urgency=urgency)
    chosen = priority or computed
    overridden = _check_choice(computed=computed, chosen=chosen, reason=reason)
    before = (incident.impact, incident.urgency, incident.priority)
    if before == (impact, urgency, chosen):
        return incident
    answers = _downgrade(incident, chosen=chosen, given=downgrade or {}, reason=reason)
    incident.impact, incident.urgency = impact, urgency
    incident.priority_computed, incident.priority = computed, chosen
    incident.override_reason = reason.strip()[:300] if overridden else ""
    incident.version += 1
    incident.save()
    timeline.append(incident=incident, entries=[_priority_entry(incident, before, reason, answers, person, now)])
    return incident


def _check_choice(*, computed: str, chosen: str, reason: str) -> bool:
    """Whether the choice overrides the computed priority; it then has its reason."""
    if chosen not in Priority.values:
        raise Invalid(_("Choose P1 to P5."), field="priority")
    overridden = priorities.needs_reason(computed=computed, chosen=chosen)
    if overridden and not reason.strip():
        message = _("Impact and urgency give %(computed)s. Say why it is %(chosen)s.")
        raise Invalid(message % {"computed": computed, "chosen": chosen}, code="required", field="reason")
    return overridden


def _downgrade(
    incident: Incident, *, chosen: str, given: Mapping[str, priorities.Answered], reason: str
) -> dict[str, Any]:
    """The four answers as the timeline keeps them; nothing where the priority does not go down."""
    if not priorities.is_downgrade(before=incident.priority, after=chosen):
        return {}
    problem = priorities.check_downgrade(given, reason=reason)
    if problem is not None:
        raise Invalid(problem.message, code=problem.code, field=problem.field)
    answers = priorities.downgrade_answers(given, reason=reason)
    return {code: {"answer": one.answer, "reason": one.reason} for code, one in answers.items()}


def refusals(incident: Incident, *, to: str, now: datetime, person: Person | None = None) -> list[Refusal]:
    """What the closing checklist and the guards of other apps have against the step, without trying it."""
    found = _unclosed(incident, person=person, now=now) if to == IncidentState.CLOSED else []
    for guard in hooks.registered("TRANSITION_GUARDS"):
        found += guard(incident=incident, to=to, now=now)
    return found


def _unclosed(incident: Incident, *, person: Person | None, now: datetime) -> list[Refusal]:
    """Every item of the checklist is shown by the record or answered, and the second person is not who closes."""
    checklist = closure.of(incident, now=now)
    if checklist.open:
        questions = "; ".join(item.question for item in checklist.open)
        plain = [{"code": item.code, "question": item.question, "detail": item.detail} for item in checklist.open]
        message = _("The closing checklist is still open: %s. What nobody knows is an answer too, with its reason.")
        return [Refusal(message % questions, code="checklist_open", extra={"open": plain})]
    if person is not None and checklist.confirmed_by == person.pk:
        message = _("You have read this record as the second person: somebody else closes it.")
        return [Refusal(message, code="same_person")]
    return []


def watch_ends_at(incident: Incident) -> datetime | None:
    """From when on a restored incident may be resolved; None before restoration."""
    return watching.ends_at(incident)


def _check(
    incident: Incident,
    *,
    to: str,
    at: datetime,
    reason: str,
    confirmed_by: str,
    facts: Mapping[str, Any],
    person: Person,
    now: datetime,
) -> None:
    allowed = [str(state) for state in rules.allowed(incident.state)]
    extra = {"state": incident.state, "allowed": allowed}
    if to not in IncidentState.values:
        message = _("There is no state “%(to)s”. It can become: %(allowed)s.")
        words = {"to": to, "allowed": ", ".join(allowed) or "-"}
        raise BadInput(message % words, code="unknown_state", field="to", extra=extra)
    step = rules.Transition(
        state=incident.state,
        to=to,
        at=at,
        declared_at=incident.declared_at,
        reason=reason,
        confirmed_by=confirmed_by,
        service_restored_at=incident.service_restored_at,
        watch_period=watching.period(incident.priority),
        facts=facts,
    )
    problems = rules.check(step, now=now)
    if problems:
        _refuse(problems, extra=extra)
    guarded = refusals(incident, to=to, now=now, person=person)
    if guarded:
        raise NotPossible(sentences(guarded), code=guarded[0].code, extra=extra | dict(guarded[0].extra))


def _refuse(problems: Sequence[rules.Problem], *, extra: Mapping[str, Any]) -> None:
    first = next((problem for problem in problems if problem.code not in _INPUTS), problems[0])
    kind = BadInput if first.code in _INPUTS else NotPossible
    raise kind(" ".join(problem.message for problem in problems), code=first.code, field=first.field, extra=extra)


def _set_times(
    incident: Incident, *, to: IncidentState, at: datetime, reopened: bool, person: Person, now: datetime
) -> None:
    given: dict[str, datetime | None] = {}
    first = _FIRST_TIMES.get(to)
    if first is not None and getattr(incident, first) is None:
        given[first] = at
    if to == IncidentState.MONITORING:
        given |= {"service_restored_at": at, "restored_confirmed_at": now}
    elif to == IncidentState.RESOLVED:
        given["resolved_at"] = at
    elif reopened:
        given |= {"mitigated_at": None, "service_restored_at": None, "restored_confirmed_at": None, "resolved_at": None}
    records.record_times(incident=incident, given=given, person=person, source=EntrySource.PERSON, now=now)


def _end(incident: Incident, *, at: datetime, now: datetime) -> None:
    """Accountability ends exactly when the incident does; an offer still open then is withdrawn."""
    tenure = CommandTenure.objects.select_for_update(no_key=True).get(incident=incident, ended_at=None)
    ends_at = at if at > tenure.started_at else max(now, tenure.started_at + _SHORTEST_TENURE)
    records.record_times(
        incident=incident, given={"closed_at": ends_at}, person=None, source=EntrySource.SYSTEM, now=now
    )
    tenure.ended_at = ends_at
    tenure.save(update_fields=["ended_at"])
    Handover.objects.filter(incident=incident, state=HandoverState.OFFERED).update(
        state=HandoverState.WITHDRAWN,
        answered_at=now,
        answer_reason=_("The incident ended at %s.") % times.clock_time(ends_at),
    )


def _kind(to: str, *, reopened: bool) -> EntryKind:
    if to == IncidentState.CANCELLED:
        return EntryKind.CANCELLED
    return EntryKind.REOPENED if reopened else EntryKind.STATE_CHANGED


def _priority_entry(
    incident: Incident,
    before: tuple[int, int, str],
    reason: str,
    answers: Mapping[str, Any],
    person: Person,
    now: datetime,
) -> Entry:
    impact, urgency, priority = before
    if priority == incident.priority:
        levels = {"impact": [impact, incident.impact], "urgency": [urgency, incident.urgency]}
        changed = {name: pair for name, pair in levels.items() if pair[0] != pair[1]}
        return Entry(kind=EntryKind.DETAILS_CHANGED, at=now, actor_id=person.pk, data={"changed": changed})
    data: dict[str, Any] = {"from": priority, "to": incident.priority, "reason": reason.strip()}
    if answers:
        data["downgrade"] = dict(answers)
    return Entry(kind=EntryKind.PRIORITY_CHANGED, at=now, actor_id=person.pk, data=data)
