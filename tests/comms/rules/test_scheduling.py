from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comms.choices import UpdateKind
from comms.rules import scheduling
from comms.rules.scheduling import Facts

NOW = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
KNOWN = Facts(
    impact=3, state="mitigating", priority="P1", is_private=False, is_exercise=False, marks=("security",), last_sent=4
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ()),
        ({"impact": 4}, ("The impact was revised after you chose the time.",)),
        ({"state": "monitoring"}, ("The incident is in another state than when you chose the time.",)),
        ({"priority": "P2"}, ("The priority changed after you chose the time.",)),
        ({"is_private": True}, ("Who may see the incident changed after you chose the time.",)),
        ({"is_exercise": True}, ("Whether this is an exercise changed after you chose the time.",)),
        ({"marks": ()}, ("What the incident is marked with changed after you chose the time.",)),
        ({"last_sent": 5}, ("These readers were sent another update after you chose the time.",)),
        (
            {"impact": 4, "priority": "P2"},
            ("The impact was revised after you chose the time.", "The priority changed after you chose the time."),
        ),
    ],
)
def test_every_fact_that_moved_is_named(change: dict[str, Any], words: tuple[str, ...]) -> None:
    assert scheduling.changes(before=KNOWN, after=replace(KNOWN, **change)) == words


@pytest.mark.parametrize(
    ("kind", "waits"),
    [*((kind, kind not in {"initial", "holding"}) for kind in UpdateKind.values), ("nonsense", False)],
)
def test_what_says_how_things_stand_now_is_not_written_ahead(kind: str, waits: bool) -> None:
    assert scheduling.can_wait(kind) is waits


@pytest.mark.parametrize(
    ("change", "objection"),
    [
        ({}, ""),
        ({"publish_at": NOW}, "This time has passed."),
        ({"publish_at": NOW - timedelta(seconds=1)}, "This time has passed."),
        ({"next_update_at": NOW + timedelta(minutes=10)}, "would be due before it leaves"),
        ({"next_update_at": NOW + timedelta(minutes=9)}, "would be due before it leaves"),
        ({"next_update_at": NOW + timedelta(minutes=11)}, ""),
        ({"earliest_due_at": NOW + timedelta(minutes=10)}, ""),
        ({"earliest_due_at": NOW + timedelta(minutes=9)}, "promised word by 22:09 (UTC+0)"),
        ({"earliest_due_at": NOW + timedelta(minutes=9), "after_deadline": True}, ""),
    ],
)
def test_which_times_stand(change: dict[str, Any], objection: str) -> None:
    facts: dict[str, Any] = {
        "publish_at": NOW + timedelta(minutes=10),
        "next_update_at": None,
        "earliest_due_at": None,
        "after_deadline": False,
        "now": NOW,
        "tz": UTC,
    }
    said = scheduling.objection(**{**facts, **change})
    assert objection in said
    assert bool(said) is bool(objection)
