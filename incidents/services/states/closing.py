"""Answering the closing checklist. Each answer is an entry of the timeline; a later one replaces it and both stay."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import FINAL_STATES, EntryKind
from incidents.models import Incident
from incidents.queries import closure as queries
from incidents.rules import closure as rules
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person

LONGEST_NOTE = 500


@transaction.atomic
def answer(*, reference: str, person: Person, answers: Mapping[str, Mapping[str, Any]], now: datetime) -> Incident:
    """Take the answers, by item: `answer` and `note`. All or none; the same again is no entry; empty takes it back."""
    incident = locking.lock(reference=reference, person=person)
    if incident.state in FINAL_STATES:
        raise Refusal(_("The incident has ended; its checklist stays as it was."), code="ended")
    checklist = queries.of(incident, now=now)
    items = {item.code: item for item in checklist.items}
    entries = []
    for code, given in answers.items():
        item = items.get(code)
        if item is None:
            raise Invalid(_("The checklist has no item %s.") % code, code="unknown_item", field=code)
        chosen, note = str(given.get("answer") or ""), str(given.get("note") or "").strip()
        before = (item.given.answer, item.given.note) if item.given else ("", "")
        if (chosen, note if chosen else "") == before:
            continue
        if chosen:
            _check(item, chosen, note, person=person, accountable=checklist.accountable)
        entries.append(_entry(item, chosen, note if chosen else "", person=person, now=now))
    if entries:
        timeline.append(incident=incident, entries=entries)
    return incident


def _check(item: rules.Item, chosen: str, note: str, *, person: Person, accountable: int | None) -> None:
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("Use at most %d characters.") % LONGEST_NOTE, field=item.code)
    problem = rules.check(item, answer=chosen, note=note, by=person.pk, accountable=accountable)
    if problem is not None:
        raise Invalid(problem.message, code=problem.code, field=item.code)


def _entry(item: rules.Item, chosen: str, note: str, *, person: Person, now: datetime) -> Entry:
    data: dict[str, Any] = {"item": item.code, "answer": chosen, "note": note}
    if item.version is not None:
        data["version"] = item.version
    return Entry(kind=EntryKind.CLOSURE_ANSWERED, at=now, actor_id=person.pk, data=data)
