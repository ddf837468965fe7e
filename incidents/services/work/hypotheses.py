"""Hypotheses: what may be the cause, with confidence and evidence; confirmed or ruled out on the record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import Certainty, EntryKind, HypothesisState
from incidents.models import Hypothesis, Incident
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from incidents.services.work import working
from mim_portal.lib import times
from mim_portal.lib.refusals import Forbidden, Invalid
from teams.models import Person
from teams.rules import roles

EDITABLE = ("statement", "certainty", "evidence")
MOST_OPEN = 50


@transaction.atomic
def state(
    *, reference: str, person: Person, statement: str, now: datetime, certainty: str = Certainty.LOW, evidence: str = ""
) -> Hypothesis:
    """Say what may be the cause, and how sure you are. It stays in the room: updates never speculate."""
    incident = locking.lock(reference=reference, person=person)
    fields = _checked({"statement": statement, "certainty": certainty, "evidence": evidence})
    if Hypothesis.objects.filter(incident=incident, state=HypothesisState.OPEN).count() >= MOST_OPEN:
        raise Invalid(_("%d hypotheses are open. Rule some of them out first.") % MOST_OPEN, field="statement")
    made = Hypothesis.objects.create(incident=incident, stated_by=person, stated_at=now, **fields)
    _record(incident, EntryKind.HYPOTHESIS_STATED, made, person=person, now=now)
    return made


@transaction.atomic
def change(
    *, hypothesis_id: int, person: Person, changes: Mapping[str, Any], now: datetime, version: int | None = None
) -> Hypothesis:
    """Another confidence, more evidence, better words."""
    incident, found = working.locked(Hypothesis, hypothesis_id, person=person)
    working.check_version(found.version, version)
    _refuse_settled(found)
    fields = _checked({name: changes[name] for name in EDITABLE if name in changes})
    changed = {name: value for name, value in fields.items() if getattr(found, name) != value}
    if not changed:
        return found
    for name, value in changed.items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    _record(incident, EntryKind.HYPOTHESIS_CHANGED, found, person=person, now=now)
    return found


@transaction.atomic
def confirm(
    *, hypothesis_id: int, person: Person, now: datetime, evidence: str = "", is_cause: bool = False
) -> Hypothesis:
    """It was so. With `is_cause` the cause of the incident is confirmed, and updates may name it from then on."""
    incident, found = working.locked(Hypothesis, hypothesis_id, person=person)
    if is_cause and not person.has_role(*roles.COMMANDERS):
        raise Forbidden(_("Only an incident manager confirms the cause. Confirm the hypothesis, and tell them."))
    _settle(found, HypothesisState.CONFIRMED, person=person, evidence=evidence, now=now)
    if is_cause and incident.cause_confirmed_at is None:
        incident.cause_confirmed_at = now
        incident.version += 1
        incident.save(update_fields=["cause_confirmed_at", "version"])
    _record(incident, EntryKind.HYPOTHESIS_CONFIRMED, found, person=person, now=now, is_cause=is_cause)
    return found


@transaction.atomic
def rule_out(*, hypothesis_id: int, person: Person, now: datetime, evidence: str = "") -> Hypothesis:
    """It was not so, and why."""
    incident, found = working.locked(Hypothesis, hypothesis_id, person=person)
    _settle(found, HypothesisState.RULED_OUT, person=person, evidence=evidence, now=now)
    _record(incident, EntryKind.HYPOTHESIS_RULED_OUT, found, person=person, now=now)
    return found


@transaction.atomic
def settle_or_change(
    *,
    hypothesis_id: int,
    person: Person,
    changes: Mapping[str, Any],
    step: str,
    now: datetime,
    version: int | None = None,
) -> Hypothesis:
    """One form's worth: what is new, then what became of it (`confirm`, `cause`, `rule_out` or nothing)."""
    found = change(hypothesis_id=hypothesis_id, person=person, changes=changes, now=now, version=version)
    if step in ("confirm", "cause"):
        return confirm(hypothesis_id=hypothesis_id, person=person, now=now, is_cause=step == "cause")
    if step == "rule_out":
        return rule_out(hypothesis_id=hypothesis_id, person=person, now=now)
    return found


def _settle(found: Hypothesis, state: HypothesisState, *, person: Person, evidence: str, now: datetime) -> None:
    _refuse_settled(found)
    if evidence.strip():
        found.evidence = working.text(evidence, field="evidence", longest=2000)
    if not found.evidence:
        raise Invalid(_("Say on what evidence."), code="required", field="evidence")
    found.state, found.settled_by, found.settled_at = state, person, now
    found.version += 1
    found.save()


def _refuse_settled(found: Hypothesis) -> None:
    if found.state == HypothesisState.OPEN:
        return
    by = found.settled_by
    words = {
        "who": by.name if by else _("Somebody"),
        "state": found.get_state_display().lower(),
        "when": times.clock_time(found.settled_at) if found.settled_at else "",
    }
    extra = {"state": found.state, "settled_by": by.username if by else None}
    raise working.Settled(_("%(who)s settled this at %(when)s: %(state)s.") % words, extra=extra)


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(given)
    if "statement" in fields:
        missing = _("Say what may be the cause.")
        fields["statement"] = working.text(fields["statement"], field="statement", longest=300, missing=missing)
    if "evidence" in fields:
        fields["evidence"] = working.text(fields["evidence"], field="evidence", longest=2000)
    if "certainty" in fields and fields["certainty"] not in Certainty.values:
        raise Invalid(_("Choose low, medium or high."), field="certainty")
    return fields


def _record(
    incident: Incident, kind: EntryKind, found: Hypothesis, *, person: Person, now: datetime, **more: Any
) -> None:
    data = {
        "hypothesis": found.pk,
        "certainty": found.certainty,
        **{key: value for key, value in more.items() if value},
    }
    entry = Entry(kind=kind, at=now, actor_id=person.pk, text=found.statement, data=data)
    timeline.append(incident=incident, entries=[entry])
