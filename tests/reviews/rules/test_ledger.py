from datetime import UTC, date, datetime, timedelta

import pytest

from reviews.choices import LapseCode, LapseState
from reviews.rules import ledger
from reviews.rules.ledger import Tenure

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MIA, OMAR, PETRA = 1, 2, 3


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def test_every_state_has_its_followers() -> None:
    assert set(ledger.TRANSITIONS) == set(LapseState)
    reached = {state for followers in ledger.TRANSITIONS.values() for state in followers}
    assert reached == set(LapseState) - {LapseState.SUGGESTED}


@pytest.mark.parametrize(
    ("state", "to", "given", "missing"),
    [
        ("suggested", "confirmed", {}, []),
        ("suggested", "dismissed", {}, ["reason"]),
        ("suggested", "dismissed", {"reason": "the clock of the import"}, []),
        ("confirmed", "owned", {"acknowledgement": "  "}, ["acknowledgement"]),
        ("confirmed", "owned", {"acknowledgement": "we did not keep 14:30"}, []),
        ("owned", "corrected", {}, ["correction"]),
        ("owned", "planned", {}, ["plan", "plan_owner", "plan_due", "effectiveness_measure"]),
        (
            "corrected",
            "planned",
            {"plan": "p", "plan_owner": 7, "plan_due": date(2026, 12, 1), "effectiveness_measure": "m"},
            [],
        ),
        ("planned", "watching", {}, ["plan_in_place_at"]),
        ("watching", "held", {"check_result": "no repeat"}, []),
        ("watching", "recurred", {}, ["recurrence"]),
        ("held", "recurred", {"recurrence": 12}, []),
    ],
)
def test_each_step_asks_for_its_fields(state: str, to: str, given: dict[str, object], missing: list[str]) -> None:
    problems = ledger.check(state=state, to=to, given=given)
    assert [problem.field for problem in problems] == missing
    assert all(problem.code == "missing" and problem.message for problem in problems)


@pytest.mark.parametrize(
    ("state", "to", "words"),
    [
        ("suggested", "owned", "This lapse is suggested. Next can be: confirmed, dismissed."),
        ("dismissed", "confirmed", "This lapse is dismissed. That is final."),
        ("planned", "planned", "This lapse is planned. Next can be: watching."),
    ],
)
def test_steps_cannot_be_skipped(state: str, to: str, words: str) -> None:
    [problem] = ledger.check(state=state, to=to, given={})
    assert (problem.code, problem.message) == ("not_allowed", words)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (T0, MIA),
        (T0 + hours(2) - timedelta(microseconds=1), MIA),
        (T0 + hours(2), OMAR),
        (T0 + hours(99), OMAR),
        (T0 - hours(1), None),
    ],
)
def test_the_manager_whose_tenure_covered_the_moment(at: datetime, expected: int | None) -> None:
    tenures = [
        Tenure(person_id=MIA, started_at=T0, ended_at=T0 + hours(2)),
        Tenure(person_id=OMAR, started_at=T0 + hours(2)),
    ]
    assert ledger.addressee(tenures, at=at) == expected


@pytest.mark.parametrize(
    ("ends_after", "expected_after"),
    [
        (None, 48),
        ([], None),
        ([8], None),
        ([8, 32], 32),
        ([56, 8, 32], 32),
        ([-8, 0], None),
        ([-8, 8, 32], 32),
    ],
)
def test_after_two_worked_shifts_the_practice_lead_is_asked(
    ends_after: list[int] | None,
    expected_after: int | None,
) -> None:
    ends = None if ends_after is None else [T0 + hours(after) for after in ends_after]
    passes = ledger.passes_on_at(suggested_at=T0, worked_shift_ends=ends)
    assert passes == (None if expected_after is None else T0 + hours(expected_after))


@pytest.mark.parametrize(
    ("state", "viewer", "roles", "passed_on", "expected"),
    [
        ("suggested", MIA, [], False, True),
        ("suggested", OMAR, ["incident_manager"], True, False),
        ("suggested", PETRA, ["practice_lead"], False, False),
        ("suggested", PETRA, ["practice_lead"], True, True),
        ("suggested", 9, ["administrator", "auditor"], True, False),
        ("dismissed", PETRA, ["practice_lead"], False, False),
        ("dismissed", MIA, [], False, True),
        ("confirmed", OMAR, ["incident_manager"], False, True),
        ("owned", 9, ["auditor"], False, True),
        ("owned", 9, ["administrator", "executive", "responder", "service_desk"], True, False),
        ("watching", MIA, [], False, True),
    ],
)
def test_unconfirmed_lapses_are_private(
    state: str,
    viewer: int,
    roles: list[str],
    passed_on: bool,
    expected: bool,
) -> None:
    assert (
        ledger.may_see(state=state, viewer_id=viewer, viewer_roles=roles, addressee_id=MIA, passed_on=passed_on)
        is expected
    )


@pytest.mark.parametrize(
    ("viewer", "roles", "passed_on", "expected"),
    [
        (MIA, [], False, True),
        (PETRA, ["practice_lead"], False, False),
        (PETRA, ["practice_lead"], True, True),
        (OMAR, ["incident_manager"], True, False),
    ],
)
def test_who_decides(viewer: int, roles: list[str], passed_on: bool, expected: bool) -> None:
    decides = ledger.may_decide(viewer_id=viewer, viewer_roles=roles, addressee_id=MIA, passed_on=passed_on)
    assert decides is expected


@pytest.mark.parametrize(
    ("chances", "days", "expected"),
    [(20, 90, True), (19, 200, False), (200, 89, False)],
)
def test_a_plan_holds_after_enough_chances_and_time(chances: int, days: int, expected: bool) -> None:
    assert ledger.held(plan_in_place_at=T0, chances=chances, now=T0 + timedelta(days=days)) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [("held", "held"), ("watching", "watched"), ("dismissed", "dismissed"), ("suggested", "unanswered")],
)
def test_how_an_entry_that_is_over_is_counted(state: str, expected: str) -> None:
    assert ledger.outcome(state) == expected


@pytest.mark.parametrize("state", ["confirmed", "owned", "corrected", "planned", "recurred"])
def test_what_somebody_still_owes_is_not_over(state: str) -> None:
    with pytest.raises(KeyError):
        ledger.outcome(state)


@pytest.mark.parametrize(
    ("code", "audience", "expected"),
    [
        ("L01", "public", ("initial", "public")),
        ("L02", "executives", ("update", "executives")),
        ("L10", "", ("correction", "end_users")),
        ("L07", "", ("update", "end_users")),
    ],
)
def test_which_template_a_lapse_is_about(code: str, audience: str, expected: tuple[str, str]) -> None:
    assert ledger.template_of(code=code, audience=audience) == expected


@pytest.mark.parametrize(
    ("cause", "later", "expected"),
    [("form", "form", True), ("form", "tool", False), ("form", "", None), ("", "tool", True), ("", "", True)],
)
def test_a_plan_is_made_against_a_cause(cause: str, later: str, expected: bool | None) -> None:
    assert ledger.is_repeat(cause=cause, later_cause=later) is expected


def test_every_code_has_something_that_it_may_come_back_at() -> None:
    assert set(LapseCode) - set(ledger.CHANCE_OF) == {LapseCode.L19}
    assert set(ledger.CHANCE_OF.values()) == set(ledger.Chance)
