"""Decisions: asked of somebody with options and a time, answered once, or recorded as they fall."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import AskedOf, DecisionState, EntryKind
from incidents.models import Decision, Incident
from incidents.queries import work as queries
from incidents.rules import work as rules
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from incidents.services.work import working
from mim_portal.lib import times
from mim_portal.lib.refusals import Forbidden, Invalid
from teams.models import Person
from teams.rules import roles

MOST_NEEDED = 20


@transaction.atomic
def ask(
    *,
    reference: str,
    person: Person,
    question: str,
    now: datetime,
    options: Sequence[str] = (),
    asked_of: str = AskedOf.MANAGER,
    needed_by: datetime | None = None,
) -> Decision:
    """A decision is needed. Executives answer with one tap, so they are always given options."""
    incident = locking.lock(reference=reference, person=person)
    question = working.text(question, field="question", longest=300, missing=_("Write the question."))
    if asked_of not in AskedOf.values:
        raise Invalid(_("Ask the incident manager, the service owner or the executives."), field="asked_of")
    found = _options(options, one_tap=asked_of == AskedOf.EXECUTIVES)
    if Decision.objects.filter(incident=incident, state=DecisionState.NEEDED).count() >= MOST_NEEDED:
        raise Invalid(_("%d decisions are waiting. Settle some of them first.") % MOST_NEEDED, field="question")
    decision = Decision.objects.create(
        incident=incident, question=question, options=found, asked_of=asked_of, needed_by=needed_by,
        asked_by=person, asked_at=now,
    )  # fmt: skip
    data = {"needed_by": times.iso(needed_by)} if needed_by else {}
    _record(incident, EntryKind.DECISION_NEEDED, decision, person=person, now=now, **data)
    return decision


@transaction.atomic
def record(
    *, reference: str, person: Person, question: str, chosen: str, now: datetime, objections: str = "",
    options: Sequence[str] = (),
) -> Decision:  # fmt: skip
    """What was decided just now on the bridge, in one step."""
    incident = locking.lock(reference=reference, person=person)
    decision = Decision(
        incident=incident,
        question=working.text(question, field="question", longest=300, missing=_("Write the question.")),
        options=_options(options, one_tap=False),
        asked_by=person,
        asked_at=now,
    )
    return _decide(incident, decision, person=person, chosen=chosen, objections=objections, now=now)


@transaction.atomic
def decide(*, decision_id: int, person: Person, chosen: str, now: datetime, objections: str = "") -> Decision:
    """Answer: the first answer stands, whoever comes second is told who gave it."""
    incident, decision = working.locked(Decision, decision_id, person=person)
    if decision.asked_of not in queries.answerable(incident, person):
        raise Forbidden(_("This is for %s to decide.") % _whom(decision))
    if decision.state != DecisionState.NEEDED:
        raise _settled(decision)
    if decision.options and decision.asked_of == AskedOf.EXECUTIVES and chosen.strip() not in decision.options:
        raise Invalid(_("Choose one of the options."), field="chosen")
    return _decide(incident, decision, person=person, chosen=chosen, objections=objections, now=now)


@transaction.atomic
def withdraw(*, decision_id: int, person: Person, now: datetime, reason: str = "") -> Decision:
    """Nobody needs to decide it any more."""
    incident, decision = working.locked(Decision, decision_id, person=person)
    if decision.asked_by_id != person.pk and not person.has_role(*roles.COMMANDERS):
        raise Forbidden(_("Only whoever asked or an incident manager can take the question back."))
    if decision.state != DecisionState.NEEDED:
        raise _settled(decision)
    decision.state = DecisionState.WITHDRAWN
    decision.save(update_fields=["state"])
    reason = working.text(reason, field="reason", longest=300)
    _record(incident, EntryKind.DECISION_WITHDRAWN, decision, person=person, now=now, reason=reason)
    return decision


def _decide(
    incident: Incident, decision: Decision, *, person: Person, chosen: str, objections: str, now: datetime
) -> Decision:
    decision.chosen = working.text(chosen, field="chosen", longest=300, missing=_("Say what was decided."))
    decision.objections = working.text(objections, field="objections", longest=1000)
    decision.state, decision.decided_by, decision.decided_at = DecisionState.DECIDED, person, now
    decision.save()
    said = {"chosen": decision.chosen, "objections": decision.objections}
    _record(incident, EntryKind.DECISION, decision, person=person, now=now, **said)
    return decision


def _options(given: Sequence[str], *, one_tap: bool) -> list[str]:
    found = rules.options(list(given))
    sentences = {
        "too_many": _("Give at most six options."),
        "too_long": _("An option has at most 120 characters."),
        "too_few": _("Give at least two options: executives answer with one tap."),
    }
    problem = rules.options_problem(found, one_tap=one_tap)
    if problem:
        raise Invalid(sentences[problem], code=problem, field="options")
    return found


def _whom(decision: Decision) -> str:
    return str(AskedOf(decision.asked_of).label).lower()


def _settled(decision: Decision) -> working.Settled:
    if decision.state == DecisionState.WITHDRAWN:
        return working.Settled(_("This decision is not needed any more."), extra={"state": decision.state})
    by = decision.decided_by
    words = {
        "who": by.name if by else _("Somebody"),
        "when": times.clock_time(decision.decided_at) if decision.decided_at else "",
        "chosen": decision.chosen,
    }
    extra = {"state": decision.state, "chosen": decision.chosen, "decided_by": by.username if by else None}
    return working.Settled(_("%(who)s decided at %(when)s: %(chosen)s.") % words, extra=extra)


def _record(
    incident: Incident, kind: EntryKind, decision: Decision, *, person: Person, now: datetime, **more: Any
) -> None:
    data = {"decision": decision.pk, "asked_of": decision.asked_of}
    data |= {key: value for key, value in more.items() if value}
    entry = Entry(kind=kind, at=now, actor_id=person.pk, text=decision.question, data=data)
    timeline.append(incident=incident, entries=[entry])
