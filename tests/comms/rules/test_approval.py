from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comms.choices import Reading
from comms.rules import approval
from comms.rules.approval import Decision

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AUTHOR, READER = 1, 2


def decide(**change: Any) -> Decision:
    facts: dict[str, Any] = {
        "needs": Reading.SECOND_READER,
        "author_ids": (AUTHOR,),
        "reader_ids": (),
        "asked_at": None,
        "earliest_due_at": NOW + timedelta(minutes=20),
        "now": NOW,
        "tz": UTC,
    }
    return approval.decide(**{**facts, **change})


@pytest.mark.parametrize(
    ("kind", "code", "is_plain", "reading"),
    [
        ("initial", "public", True, Reading.ALONE),
        ("holding", "executives", True, Reading.ALONE),
        ("update", "end_users", True, Reading.GATE_WHEN_MARKED),
        ("update", "executives", True, Reading.SECOND_READER),
        ("correction", "public", True, Reading.GATE_WHEN_MARKED),
        ("restored", "our_customers", True, Reading.GATE_WHEN_MARKED),
        ("update", "technical", False, Reading.ALONE),
        ("closure", "service_desk", False, Reading.ALONE),
    ],
)
def test_what_is_usual(kind: str, code: str, is_plain: bool, reading: Reading) -> None:
    assert approval.usual(kind=kind, code=code, is_plain=is_plain) == reading


GATE = {"needs": Reading.GATE}


@pytest.mark.parametrize(
    ("facts", "needs"),
    [
        # Nothing makes initial and holding updates wait, whatever a policy says.
        ({"kind": "initial", "readings": ["gate"], "is_marked": True}, Reading.ALONE),
        ({"kind": "holding", "readings": ["gate"], "is_marked": True, "language_checked": False}, Reading.ALONE),
        ({"readings": []}, Reading.ALONE),
        ({"readings": ["alone", "alone"]}, Reading.ALONE),
        ({"readings": ["alone"], "language_checked": False}, Reading.SECOND_READER),
        ({"readings": ["alone"], "is_marked": True}, Reading.ALONE),
        ({"readings": ["alone", "second_reader"]}, Reading.SECOND_READER),
        ({"readings": ["second_reader"], "is_marked": True}, Reading.SECOND_READER),
        ({"readings": ["gate_when_marked"]}, Reading.SECOND_READER),
        ({"readings": ["gate_when_marked"], "is_marked": True}, Reading.GATE),
        ({"readings": ["gate_when_marked", "second_reader"], "is_marked": True}, Reading.GATE),
        ({"readings": ["gate", "alone"]}, Reading.GATE),
        ({"readings": ["gate"], "language_checked": False}, Reading.GATE),
        # A gate that nobody keeps would be a wall.
        ({"readings": ["gate"], "has_gate": False}, Reading.SECOND_READER),
        ({"readings": ["gate_when_marked"], "is_marked": True, "has_gate": False}, Reading.SECOND_READER),
    ],
)
def test_who_has_to_read_it(facts: dict[str, Any], needs: Reading) -> None:
    assert approval.needed(**{"kind": "update", "is_marked": False, **facts}) == needs


@pytest.mark.parametrize(
    ("change", "released", "reason"),
    [
        ({}, False, "not_asked"),
        ({"asked_at": NOW}, False, "waiting_for_gate"),
        # What was said about a breach cannot be taken back: no timer, no deadline and no other reader lets it out.
        ({"asked_at": NOW - timedelta(hours=1)}, False, "waiting_for_gate"),
        ({"asked_at": NOW, "earliest_due_at": NOW + timedelta(seconds=5)}, False, "waiting_for_gate"),
        ({"asked_at": NOW, "reader_ids": (READER,)}, False, "waiting_for_gate"),
        ({"cleared_by": READER}, True, "cleared"),
        ({"cleared_by": AUTHOR}, False, "not_asked"),
    ],
)
def test_no_timer_opens_the_gate(change: dict[str, object], released: bool, reason: str) -> None:
    decision = decide(**GATE, **change)
    assert (decision.released, decision.reason, decision.release_at) == (released, reason, None)
    assert released or "neutral words can leave at any time" in decision.message


def test_a_second_reader_wrote_none_of_it() -> None:
    assert approval.may_read(reader_id=READER, author_ids=(AUTHOR,))
    assert not approval.may_read(reader_id=AUTHOR, author_ids=(AUTHOR, READER))


@pytest.mark.parametrize(
    ("change", "released", "reason"),
    [
        ({"needs": Reading.ALONE}, True, "not_needed"),
        ({"reader_ids": (READER,)}, True, "read"),
        ({"reader_ids": (AUTHOR,)}, False, "not_asked"),
        ({}, False, "not_asked"),
        ({"asked_at": NOW}, False, "waiting"),
        ({"asked_at": NOW - timedelta(minutes=2, seconds=59)}, False, "waiting"),
        ({"asked_at": NOW - timedelta(minutes=3)}, True, "timer_ran_out"),
        ({"earliest_due_at": NOW + timedelta(minutes=3)}, False, "not_asked"),
        ({"earliest_due_at": NOW + timedelta(minutes=2, seconds=59)}, True, "deadline_near"),
        ({"earliest_due_at": NOW}, True, "deadline_near"),
        ({"earliest_due_at": NOW - timedelta(minutes=9)}, True, "deadline_passed"),
        ({"earliest_due_at": None}, False, "not_asked"),
        ({"earliest_due_at": None, "asked_at": NOW - timedelta(minutes=4)}, True, "timer_ran_out"),
        ({"cleared_by": READER}, True, "cleared"),
        ({"cleared_by": AUTHOR}, False, "not_asked"),
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
    assert (
        decision.message == f"Waiting for a second reader. The manager can send it alone from 10:0{release_in} (UTC+0)."
    )


def test_the_moment_of_release_is_said_to_the_second() -> None:
    """Asked at 10:00:51, it may leave at 10:03:51: “from 10:03” would be refused for most of a minute."""
    decision = decide(asked_at=NOW + timedelta(seconds=51))
    assert "The manager can send it alone from 10:03:51 (UTC+0)." in decision.message


@pytest.mark.parametrize("asked_at", [None, NOW, NOW - timedelta(minutes=4)])
@pytest.mark.parametrize("due_in", [-2, 2, 20])
def test_only_the_manager_is_said_to_send_it_alone(asked_at: datetime | None, due_in: int) -> None:
    """Writers of communications and second readers read the same words, and may not."""
    decision = decide(asked_at=asked_at, earliest_due_at=NOW + timedelta(minutes=due_in))
    assert "the manager can send it" in decision.message.replace("The", "the")
    assert "you can" not in decision.message.casefold()
