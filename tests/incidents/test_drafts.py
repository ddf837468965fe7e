"""Unfinished forms: two windows never overwrite each other, and what was sent is not sent twice by accident."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.choices import CandidateState
from incidents.models import Candidate
from incidents.services.desk import drafts
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


def save(person: Person, text: str, *, after: int = 0, **form: Any) -> drafts.Saved:
    at = NOON + timedelta(seconds=after)
    return drafts.save(person=person, facts={"cannot_do": text}, form=drafts.Form(**form), now=at)


def shown(draft: Candidate, window: str = "") -> dict[str, Any]:
    """What a form says that was opened when the draft stood like this."""
    return {"draft_id": draft.pk, "seen": draft.saved_at, "window": window}


def texts() -> list[str]:
    found = Candidate.objects.filter(state=CandidateState.DRAFT).order_by("pk")
    return [draft.cannot_do for draft in found]


def test_one_window_goes_on_in_its_draft(cast: SimpleNamespace) -> None:
    first = save(cast.desmond, "sub", window="a").draft
    again = save(cast.desmond, "submit", after=1, **shown(first, "a"))
    assert (again.draft.pk, again.other) == (first.pk, None)
    assert texts() == ["submit"]


def test_the_second_window_keeps_its_own_words_and_is_told(cast: SimpleNamespace) -> None:
    first = save(cast.desmond, "submit", window="a").draft
    both = shown(first, "b")
    save(cast.desmond, "submit timesheets", after=1, **shown(first, "a"))
    second = save(cast.desmond, "pay wages", after=2, **both)
    assert second.other == first
    assert second.draft.pk != first.pk
    assert texts() == ["submit timesheets", "pay wages"]
    onward = save(cast.desmond, "pay wages today", after=3, **shown(second.draft, "b"))
    assert onward.other is None
    assert texts() == ["submit timesheets", "pay wages today"]


def test_an_answer_that_was_lost_makes_no_second_draft(cast: SimpleNamespace) -> None:
    save(cast.desmond, "sub", window="a")
    assert save(cast.desmond, "submit", after=1, window="a").other is None
    stale = {"draft_id": Candidate.objects.get().pk, "seen": NOON, "window": "a"}
    assert save(cast.desmond, "submit it", after=2, **stale).other is None
    assert texts() == ["submit it"]


def test_a_window_without_scripts_goes_by_what_it_has_seen(cast: SimpleNamespace) -> None:
    first = save(cast.desmond, "submit").draft
    old = shown(first)
    save(cast.desmond, "submit more", after=1, **old)
    assert save(cast.desmond, "other words", after=2, **old).other == first


def test_nobody_reaches_the_draft_of_another(cast: SimpleNamespace) -> None:
    first = save(cast.desmond, "secret", window="a").draft
    theirs = save(cast.dara, "mine", after=1, **shown(first, "a"))
    assert theirs.other is None
    assert theirs.draft.raised_by == cast.dara
    assert texts() == ["secret", "mine"]


def raised(person: Person, draft: Candidate | None, *, after: int, **form: Any) -> Candidate:
    facts = kit.facts(**form.pop("facts", {}))
    at: datetime = NOON + timedelta(seconds=after)
    return drafts.raise_form(person=person, facts=facts, form=drafts.Form(**form), now=at)


def test_raising_uses_the_draft_up(cast: SimpleNamespace) -> None:
    first = save(cast.desmond, "submit", window="a").draft
    candidate = raised(cast.desmond, first, after=5, **shown(first, "a"))
    assert candidate.pk == first.pk
    assert texts() == []


def test_raising_leaves_what_another_window_has_typed(cast: SimpleNamespace) -> None:
    first = save(cast.desmond, "submit", window="a").draft
    old = shown(first, "b")
    save(cast.desmond, "pay wages", after=1, **shown(first, "a"))
    candidate = raised(cast.desmond, first, after=5, **old)
    assert candidate.pk != first.pk
    assert texts() == ["pay wages"]


def test_a_form_that_was_sent_says_as_what(cast: SimpleNamespace) -> None:
    first = save(cast.desmond, "submit", window="a").draft
    candidate = raised(cast.desmond, first, after=5, **shown(first, "a"))
    service = candidate.service
    with pytest.raises(drafts.AlreadySent, match=f"already sent as {candidate.reference} at 12:00") as refused:
        raised(cast.desmond, first, after=6, facts={"service": service}, **shown(first, "a"))
    assert refused.value.extra == {"reference": candidate.reference}
    late = save(cast.desmond, "more words", after=7, **shown(first, "a"))
    assert late.other == candidate
    assert texts() == ["more words"]
