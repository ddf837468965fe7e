from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from incidents.choices import FINAL_STATES, LIVE_STATES, IncidentState, RestorationSource
from incidents.rules import lifecycle
from incidents.rules.lifecycle import Transition

DECLARED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOW = DECLARED + timedelta(hours=2)
ASKED = Transition(state="declared", to="investigating", at=NOW, declared_at=DECLARED)


def codes(transition: Transition) -> list[str]:
    return [problem.code for problem in lifecycle.check(transition, now=NOW)]


def test_every_state_has_its_followers() -> None:
    assert set(lifecycle.TRANSITIONS) == set(IncidentState)
    for state in FINAL_STATES:
        assert lifecycle.allowed(state) == ()
    for state in LIVE_STATES:
        assert IncidentState.CANCELLED in lifecycle.allowed(state)
        assert state not in lifecycle.allowed(state)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        ("declared", "investigating"),
        ("resolved", "closed"),
    ],
)
def test_these_forward_steps_need_nothing(state: str, to: str) -> None:
    assert codes(replace(ASKED, state=state, to=to)) == []


CAUSE = {"confirmer": 7, "evidence": "the log of the gateway"}
FIX = {"action": "roll back", "owner": 7, "time_box": 30, "rollback": "restore the snapshot"}


@pytest.mark.parametrize(
    ("state", "to", "facts"),
    [
        ("declared", "identified", CAUSE),
        ("investigating", "identified", CAUSE),
        ("identified", "mitigating", FIX),
        ("declared", "mitigating", FIX),
    ],
)
def test_a_cause_and_a_fix_are_entered_with_their_facts(state: str, to: str, facts: dict[str, object]) -> None:
    asked = replace(ASKED, state=state, to=to)
    assert codes(replace(asked, facts=facts)) == []
    for lacking in facts:
        [problem] = lifecycle.check(replace(asked, facts={**facts, lacking: ""}), now=NOW)
        assert (problem.code, problem.field) == ("fact_missing", lacking)
        assert "give the reason and go on" in problem.message
    assert codes(replace(asked, reason="nobody knows yet")) == []
    assert lifecycle.unknown_facts(to=to, facts={}) == tuple(facts)


@pytest.mark.parametrize(
    ("to", "given", "words"),
    [
        ("identified", {}, "Say who confirmed the cause and on what evidence."),
        ("identified", {"confirmer": 7}, "Say on what evidence."),
        (
            "mitigating",
            {},
            "Say what is being done, who owns it, how long it may take and what happens if it does not work.",
        ),
    ],
)
def test_what_is_missing_is_asked_for_in_one_sentence(to: str, given: dict[str, object], words: str) -> None:
    [problem] = lifecycle.check(replace(ASKED, to=to, facts=given), now=NOW)
    assert problem.message.startswith(words)


@pytest.mark.parametrize("to", ["declared", "investigating", "monitoring", "resolved", "closed", "cancelled"])
def test_other_states_ask_for_no_facts(to: str) -> None:
    assert lifecycle.unknown_facts(to=to, facts={}) == ()


@pytest.mark.parametrize(
    ("state", "to", "words"),
    [
        ("declared", "resolved", "cannot become resolved. It can become: investigating, identified"),
        ("closed", "investigating", "that is final"),
        ("investigating", "investigating", "already investigating"),
        ("resolved", "cancelled", "cannot become cancelled"),
        ("mitigating", "resolved", "cannot become resolved"),
    ],
)
def test_other_steps_are_refused_with_what_is_possible(state: str, to: str, words: str) -> None:
    [problem] = lifecycle.check(replace(ASKED, state=state, to=to), now=NOW)
    assert problem.code == "not_allowed"
    assert words in problem.message


@pytest.mark.parametrize(
    ("state", "to", "words"),
    [
        ("investigating", "cancelled", "declared in error"),
        ("monitoring", "investigating", "affected again"),
        ("resolved", "mitigating", "affected again"),
        ("monitoring", "identified", "affected again"),
        ("mitigating", "identified", "goes back to identified"),
        ("mitigating", "investigating", "goes back to investigating"),
        ("identified", "investigating", "goes back"),
    ],
)
def test_steps_that_need_a_reason(state: str, to: str, words: str) -> None:
    asked = replace(ASKED, state=state, to=to)
    [problem] = lifecycle.check(asked, now=NOW)
    assert (problem.code, problem.field) == ("reason_missing", "reason")
    assert words in problem.message
    assert codes(replace(asked, reason="  ")) == ["reason_missing"]
    assert codes(replace(asked, reason="seen again at 10:58 (UTC+0)")) == []


@pytest.mark.parametrize("source", RestorationSource.values)
def test_restored_is_confirmed_from_the_users_side(source: str) -> None:
    restored = replace(ASKED, state="mitigating", to="monitoring")
    assert codes(replace(restored, confirmed_by=source)) == []


@pytest.mark.parametrize("source", ["", "database team", "Desk"])
def test_the_fixing_team_alone_cannot_confirm(source: str) -> None:
    [problem] = lifecycle.check(replace(ASKED, state="mitigating", to="monitoring", confirmed_by=source), now=NOW)
    assert (problem.code, problem.field) == ("confirmation_missing", "confirmed_by")
    assert (f"“{source}” is none of desk, " in problem.message) is bool(source)
    assert "the desk, a business liaison" in problem.message


@pytest.mark.parametrize(
    ("restored_before", "expected"),
    [(timedelta(minutes=60), []), (timedelta(minutes=59), ["watch_period"])],
)
def test_resolved_waits_for_the_watch_period(restored_before: timedelta, expected: list[str]) -> None:
    asked = replace(
        ASKED,
        state="monitoring",
        to="resolved",
        service_restored_at=NOW - restored_before,
        watch_period=timedelta(minutes=60),
    )
    assert codes(asked) == expected


def test_the_watch_period_says_from_when() -> None:
    asked = replace(
        ASKED,
        state="monitoring",
        to="resolved",
        service_restored_at=NOW - timedelta(minutes=10),
        watch_period=timedelta(minutes=30),
    )
    [problem] = lifecycle.check(asked, now=NOW)
    assert problem.message == (
        "The service is watched for 30 min after restoration. You can resolve from 11:20 (UTC+0)."
    )


def test_resolved_needs_a_restoration_on_record() -> None:
    assert codes(replace(ASKED, state="monitoring", to="resolved")) == ["not_restored"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOW + timedelta(seconds=60), []),
        (NOW + timedelta(seconds=61), ["in_the_future"]),
        (DECLARED, []),
        (DECLARED - timedelta(seconds=1), ["before_declaration"]),
    ],
)
def test_the_time_lies_between_declaration_and_now(at: datetime, expected: list[str]) -> None:
    assert codes(replace(ASKED, at=at)) == expected


def test_all_reasons_against_it_come_at_once() -> None:
    asked = replace(ASKED, state="monitoring", to="cancelled", at=NOW + timedelta(hours=1))
    assert codes(asked) == ["in_the_future", "reason_missing"]


@pytest.mark.parametrize(
    ("state", "to", "reopening"),
    [
        ("monitoring", "mitigating", True),
        ("resolved", "investigating", True),
        ("monitoring", "resolved", False),
        ("identified", "investigating", False),
    ],
)
def test_reopening_is_from_restored_back_to_work(state: str, to: str, reopening: bool) -> None:
    assert lifecycle.is_reopening(state=state, to=to) is reopening


def test_a_step_back_lies_on_the_path_only() -> None:
    assert lifecycle.is_step_back(state="mitigating", to="identified")
    assert not lifecycle.is_step_back(state="identified", to="mitigating")
    assert not lifecycle.is_step_back(state="resolved", to="investigating")
    assert not lifecycle.is_step_back(state="mitigating", to="cancelled")


def test_watch_periods_are_a_setting_with_defaults() -> None:
    own = {"P1": timedelta(seconds=5), "P2": timedelta(0)}
    assert lifecycle.watch_period(priority="P1") == timedelta(minutes=60)
    assert lifecycle.watch_period(priority="P2") == timedelta(minutes=30)
    assert lifecycle.watch_period(priority="P1", settings=own) == timedelta(seconds=5)
    assert lifecycle.watch_period(priority="P2", settings=own) == timedelta(0)
    assert lifecycle.watch_period(priority="P3", settings=own) == timedelta(minutes=30)
    assert lifecycle.watch_period(priority="own", settings=own) == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("to", "facts", "confirmed_by", "names"),
    [
        ("identified", {"evidence": "logs", "confirmer": "omar"}, "", []),
        ("identified", {"evidence": "logs", "rollback": "back"}, "", ["rollback"]),
        ("investigating", {"evidence": "logs"}, "desk", ["evidence", "confirmed_by"]),
        ("monitoring", {"evidence": ""}, "desk", []),
    ],
)
def test_what_another_state_is_entered_with_has_no_place_in_this_step(
    to: str, facts: dict[str, object], confirmed_by: str, names: list[str]
) -> None:
    assert lifecycle.misplaced(to=to, facts=facts, confirmed_by=confirmed_by) == names
