from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comms.rules import approval
from comms.rules.approval import Decision

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AUTHOR, READER = 1, 2


def decide(**change: Any) -> Decision:
    facts: dict[str, Any] = {
        "kind": "update",
        "audiences": ("end_users",),
        "author_ids": (AUTHOR,),
        "reader_ids": (),
        "asked_at": None,
        "earliest_due_at": NOW + timedelta(minutes=20),
        "now": NOW,
        "tz": UTC,
    }
    return approval.decide(**{**facts, **change})


@pytest.mark.parametrize(
    ("kind", "audiences", "checked", "needed"),
    [
        ("initial", ("public", "end_users"), True, False),
        ("holding", ("executives",), True, False),
        ("holding", ("executives",), False, False),
        ("update", ("end_users",), True, True),
        ("update", ("technical", "executives"), True, True),
        ("correction", ("public",), True, True),
        ("restored", ("end_users",), True, True),
        ("update", ("technical", "service_desk", "service_owners"), True, False),
        ("update", ("technical",), False, True),
        ("update", (), True, False),
    ],
)
def test_who_needs_a_second_reader(kind: str, audiences: tuple[str, ...], checked: bool, needed: bool) -> None:
    assert approval.needs_second_reader(kind=kind, audiences=audiences, language_checked=checked) is needed


def test_a_second_reader_wrote_none_of_it() -> None:
    assert approval.may_read(reader_id=READER, author_ids=(AUTHOR,))
    assert not approval.may_read(reader_id=AUTHOR, author_ids=(AUTHOR, READER))


@pytest.mark.parametrize(
    ("change", "released", "reason"),
    [
        ({"kind": "holding"}, True, "not_needed"),
        ({"reader_ids": (READER,)}, True, "read"),
        ({"reader_ids": (AUTHOR,)}, False, "not_asked"),
        ({}, False, "not_asked"),
        ({"asked_at": NOW}, False, "waiting"),
        ({"asked_at": NOW - timedelta(minutes=2, seconds=59)}, False, "waiting"),
        ({"asked_at": NOW - timedelta(minutes=3)}, True, "timer_ran_out"),
        ({"earliest_due_at": NOW + timedelta(minutes=3)}, False, "not_asked"),
        ({"earliest_due_at": NOW + timedelta(minutes=2, seconds=59)}, True, "deadline_near"),
        ({"earliest_due_at": NOW - timedelta(minutes=9)}, True, "deadline_near"),
        ({"earliest_due_at": None}, False, "not_asked"),
        ({"earliest_due_at": None, "asked_at": NOW - timedelta(minutes=4)}, True, "timer_ran_out"),
        ({"audiences": ("technical",), "language_checked": False}, False, "not_asked"),
    ],
)
def test_the_check_never_breaks_the_promise(change: dict[str, object], released: bool, reason: str) -> None:
    decision = decide(**change)
    assert (decision.released, decision.reason) == (released, reason)
    assert decision.message


@pytest.mark.parametrize(
    ("due_in", "release_in"),
    [(20, 3), (None, 3), (6, 3), (5, 2)],
)
def test_waiting_says_from_when_it_may_leave(due_in: int | None, release_in: int) -> None:
    due = None if due_in is None else NOW + timedelta(minutes=due_in)
    decision = decide(asked_at=NOW, earliest_due_at=due)
    assert decision.release_at == NOW + timedelta(minutes=release_in)
    assert decision.message == f"Waiting for a second reader. You can send it alone from 10:0{release_in} (UTC+0)."
