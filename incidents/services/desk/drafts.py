"""Unfinished forms of the desk: nothing typed is lost, and two windows never overwrite each other in silence.

A form knows which version of its draft it shows (`seen`, the time at which that was saved) and which window it is
(`window`, random, empty without JavaScript). What another window saved meanwhile stays as it is; this window's words
become a draft of their own, and both can be opened from the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import CandidateState
from incidents.models import Candidate
from incidents.services.desk import candidates, desk_facts
from mim_portal.lib import times
from mim_portal.lib.refusals import Refusal
from teams.models import Person


class AlreadySent(Refusal):
    """This form was raised before, from this window or another; the message says as what."""

    code = "already_sent"


@dataclass(frozen=True, kw_only=True)
class Form:
    """Which draft a form shows, as it says itself."""

    draft_id: int | None = None
    seen: datetime | None = None
    window: str = ""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The draft that holds these words now; `other` is what another window has made of it meanwhile."""

    draft: Candidate
    other: Candidate | None = None


@transaction.atomic
def save(*, person: Person, facts: Mapping[str, Any], form: Form, now: datetime) -> Saved:
    """Keep an unfinished form as it stands: nothing is required, nothing is scored, nobody else sees it."""
    mine = _locked(person=person, form=form)
    if mine is None or mine.state != CandidateState.DRAFT or not _is_current(mine, form):
        fresh = Candidate(raised_by=person, created_at=now)
        return Saved(draft=_write(fresh, facts, form=form, now=now), other=mine)
    return Saved(draft=_write(mine, facts, form=form, now=now))


@transaction.atomic
def raise_form(*, person: Person, facts: Mapping[str, Any], form: Form, now: datetime) -> Candidate:
    """Raise what the form says. Its draft is used up, unless another window has something else in it."""
    mine = _locked(person=person, form=form)
    if mine is not None and mine.state != CandidateState.DRAFT:
        sent_at = times.clock_time(mine.raised_at or now, times.zone(person.time_zone))
        values = {"reference": mine.reference or "", "time": sent_at}
        message = _(
            "This form was already sent as %(reference)s at %(time)s. Send it again only to raise a second one."
        )
        raise AlreadySent(message % values, extra={"reference": mine.reference})
    is_used_up = mine is not None and (_is_current(mine, form) or _says(mine, facts))
    return candidates.raise_candidate(
        person=person,
        facts=facts,
        now=now,
        draft_id=mine.pk if mine is not None and is_used_up else None,
    )


def _locked(*, person: Person, form: Form) -> Candidate | None:
    """The person's own row behind the form: by its number, or by its window where an answer of ours was lost."""
    own = Candidate.objects.select_for_update(no_key=True, of=("self",)).filter(raised_by=person)
    if form.draft_id is not None:
        return own.filter(pk=form.draft_id).first()
    if not form.window:
        return None
    return own.filter(state=CandidateState.DRAFT, draft_window=form.window).order_by("-saved_at").first()


def _is_current(draft: Candidate, form: Form) -> bool:
    """Whether the form shows the draft's last version: it was saved from there, or has been read since."""
    if form.window and form.window == draft.draft_window:
        return True
    return form.seen is None or form.seen == draft.saved_at


def _says(draft: Candidate, facts: Mapping[str, Any]) -> bool:
    sent = Candidate()
    desk_facts.fill(sent, facts)
    return desk_facts.facts_of(sent) == desk_facts.facts_of(draft)


def _write(draft: Candidate, facts: Mapping[str, Any], *, form: Form, now: datetime) -> Candidate:
    desk_facts.fill(draft, facts)
    draft.state, draft.saved_at, draft.draft_window = CandidateState.DRAFT, now, form.window
    draft.save()
    return draft
