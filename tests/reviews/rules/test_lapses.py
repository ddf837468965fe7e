from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from reviews.choices import LapseCode
from reviews.rules import lapses
from reviews.rules.lapses import Promise, Suggestion

OPENED = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DUE = OPENED + timedelta(minutes=30)
LATER = DUE + timedelta(hours=9)
SECOND = timedelta(seconds=1)


def promise(**change: Any) -> Promise:
    facts: dict[str, Any] = {
        "audience": "end_users",
        "is_first": False,
        "opened_at": OPENED,
        "due_at": DUE,
        "interval": timedelta(minutes=30),
    }
    return Promise(**{**facts, **change})


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("change", "now", "code"),
    [
        ({}, DUE, None),
        ({}, DUE + SECOND, "L02"),
        ({}, DUE + minutes(30), "L02"),
        ({}, DUE + minutes(31), "L03"),
        ({"is_first": True}, DUE + SECOND, "L01"),
        ({"is_first": True}, DUE + minutes(31), "L01"),
        ({"kept_at": DUE}, LATER, None),
        ({"kept_at": DUE - minutes(5)}, LATER, None),
        ({"kept_at": DUE + SECOND}, LATER, "L02"),
        ({"kept_at": DUE + minutes(31)}, LATER, "L03"),
        ({"kept_at": DUE + minutes(2), "is_first": True}, LATER, "L01"),
        ({"ended_at": DUE}, LATER, None),
        ({"ended_at": DUE + minutes(2)}, LATER, "L02"),
        ({"ended_at": DUE + minutes(45)}, LATER, "L03"),
    ],
)
def test_a_promise_makes_at_most_one_suggestion(change: dict[str, Any], now: datetime, code: str | None) -> None:
    suggestion = lapses.from_promise(promise(**change), now=now)
    assert (suggestion.code if suggestion else None) == code
    if suggestion:
        assert suggestion.occurred_at == DUE
        assert suggestion.audience == "end_users"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kept_at": DUE + minutes(2)}, "An update promised to end users was 2 min late."),
        ({"kept_at": DUE + minutes(2), "is_first": True}, "The first update to end users was 2 min late."),
        (
            {"kept_at": DUE + timedelta(milliseconds=8)},
            "An update promised to end users was less than a second late.",
        ),
        (
            {"kept_at": DUE + minutes(2), "audience": "service_desk"},
            "An update promised to the service desk was 2 min late.",
        ),
        ({"ended_at": DUE + minutes(95)}, "An update promised to end users was not sent; 1 h 35 min passed."),
    ],
)
def test_a_sentence_names_the_practice_and_nobody(change: dict[str, Any], sentence: str) -> None:
    suggestion = lapses.from_promise(promise(**change), now=LATER)
    assert suggestion is not None
    assert suggestion.sentence == sentence


def test_late_twice_is_repeatedly() -> None:
    first = Suggestion(code=LapseCode.L01, occurred_at=DUE, sentence="s")
    second = Suggestion(code=LapseCode.L03, occurred_at=LATER, sentence="s")
    other = Suggestion(code=LapseCode.L16, occurred_at=LATER, sentence="s")
    repeated = lapses.repeated([second, other, first])
    assert repeated is not None
    assert (repeated.code, repeated.occurred_at, repeated.sentence) == (
        "L04",
        LATER,
        "Promised updates were late 2 times.",
    )
    assert lapses.repeated([first, other]) is None


def test_several_audiences_at_one_moment_were_late_once() -> None:
    late = [Suggestion(code=LapseCode.L02, occurred_at=DUE, sentence="s", audience=code) for code in ("a", "b", "c")]
    assert lapses.repeated(late) is None


@pytest.mark.parametrize(
    ("reason", "earlier", "codes"),
    [
        ("initial", 0, []),
        ("new_information", 3, []),
        ("situation_changed", 0, []),
        ("captured_incorrectly", 0, ["L07"]),
        ("communicated_incorrectly", 0, ["L08"]),
        ("captured_incorrectly", 1, ["L07", "L09"]),
    ],
)
def test_only_a_version_that_was_wrong_counts(reason: str, earlier: int, codes: list[str]) -> None:
    found = lapses.from_revision(reason=reason, version=2, wrong_at=DUE, earlier_wrong=earlier)
    assert [item.code for item in found] == codes


@pytest.mark.parametrize(
    ("corrected_after", "reached", "sentence"),
    [
        (15, {"end_users", "public"}, None),
        (16, {"end_users", "public"}, "A correction was 1 min late."),
        (None, set(), "A known mistake was not corrected; 45 min passed after it was due."),
        (10, {"end_users"}, "A correction did not reach the public."),
        (16, {"end_users"}, "A correction was 1 min late."),
    ],
)
def test_a_known_error_is_corrected_in_time_for_all_who_read_it(
    corrected_after: int | None,
    reached: set[str],
    sentence: str | None,
) -> None:
    suggestion = lapses.from_correction(
        error_known_at=OPENED,
        corrected_at=None if corrected_after is None else OPENED + minutes(corrected_after),
        original_audiences=frozenset({"end_users", "public"}),
        corrected_audiences=frozenset(reached),
        now=OPENED + minutes(60),
    )
    assert (suggestion.sentence if suggestion else None) == sentence
    assert suggestion is None or suggestion.code == "L10"


@pytest.mark.parametrize(
    ("defects", "sentence"),
    [
        (0, None),
        (1, "Update 2 to end users, the public left with a mistake of language."),
        (4, "Update 2 to end users, the public left with 4 mistakes of language."),
    ],
)
def test_mistakes_found_after_sending(defects: int, sentence: str | None) -> None:
    found = lapses.from_recheck(number=2, audiences=("end_users", "public"), published_at=OPENED, defects=defects)
    assert (found.sentence if found else None) == sentence
    assert found is None or (found.code, found.occurred_at, found.audience) == ("L05", OPENED, "end_users")


def test_a_correction_that_is_not_due_yet_is_no_lapse() -> None:
    suggestion = lapses.from_correction(
        error_known_at=OPENED,
        corrected_at=None,
        original_audiences=frozenset({"public"}),
        corrected_audiences=frozenset(),
        now=OPENED + minutes(5),
    )
    assert suggestion is None


@pytest.mark.parametrize(
    ("score", "capped", "asked_after", "still_unknown", "expected"),
    [
        (69, False, None, True, True),
        (70, False, None, True, False),
        (70, True, None, True, True),
        (49, True, 5, True, False),
        (49, True, 6, True, True),
        (49, True, None, False, False),
    ],
)
def test_what_was_missing_is_asked_for(
    score: int,
    capped: bool,
    asked_after: int | None,
    still_unknown: bool,
    expected: bool,
) -> None:
    suggestion = lapses.from_intake(
        score=score,
        capped=capped,
        accepted_at=OPENED,
        asked_at=None if asked_after is None else OPENED + minutes(asked_after),
        unknown_at_second_update=still_unknown,
    )
    assert (suggestion is not None) is expected
    assert suggestion is None or (suggestion.code, suggestion.occurred_at) == ("L12", OPENED + minutes(5))


@pytest.mark.parametrize(
    ("against", "code", "sentence"),
    [
        ("channel", "L15", "The practice called a team by another way than the team's confirmed profile says."),
        ("hour", "L15", "The practice called a team at an hour that the team's confirmed profile rules out."),
        ("bridge", "L14", "Executives joined where a team worked, and the practice had not agreed it with the team."),
    ],
)
def test_what_a_team_says_is_the_practices(against: str, code: str, sentence: str) -> None:
    found = lapses.from_call(against=against, occurred_at=OPENED)
    assert (found.code, found.occurred_at, found.sentence) == (code, OPENED, sentence)


@pytest.mark.parametrize(
    ("gap", "restatement", "sentence"),
    [
        (timedelta(0), "10:40 users", None),
        (timedelta(seconds=40), "10:40 users", "Nobody was accountable for 40 s at a handover."),
        (timedelta(0), " ", "A handover was accepted without saying back what is due next."),
    ],
)
def test_a_handover_has_no_gap_and_is_said_back(gap: timedelta, restatement: str, sentence: str | None) -> None:
    suggestion = lapses.from_handover(accepted_at=OPENED, gap=gap, restatement=restatement)
    assert (suggestion.sentence if suggestion else None) == sentence


@pytest.mark.parametrize(
    ("confirmed_by", "reopened_after", "told_after", "sentence"),
    [
        ("desk", None, None, None),
        ("", None, None, "The service was called restored without confirmation from the users' side."),
        ("desk", 90, 30, "The service failed again 1 h after users were told that it works."),
        ("desk", 24 * 60 + 30, 30, None),
        ("desk", 90, None, None),
        ("desk", 20, 30, None),
    ],
)
def test_restored_means_that_users_work_and_keep_working(
    confirmed_by: str,
    reopened_after: int | None,
    told_after: int | None,
    sentence: str | None,
) -> None:
    suggestion = lapses.from_restoration(
        restored_at=OPENED,
        confirmed_by=confirmed_by,
        reopened_at=None if reopened_after is None else OPENED + minutes(reopened_after),
        restored_message_at=None if told_after is None else OPENED + minutes(told_after),
    )
    assert (suggestion.sentence if suggestion else None) == sentence


@pytest.mark.parametrize(
    ("kind", "code", "sentence"),
    [
        ("review", "L18", "The review was not published by its day."),
        ("action", "L18", "An action of the review passed its day."),
        ("desk", "L13", "The desk did not hear what helped and what was missing at hand-over."),
        ("measure", "L18", "An action of the published review does not say how we will see that it works."),
        ("plan", "L20", "What prevents the next one was not in place by its day."),
    ],
)
def test_what_learning_promised_has_its_day_as_well(kind: str, code: str, sentence: str) -> None:
    found = lapses.from_clock(kind=lapses.Clock(kind), due_date=DUE.date())
    assert (found.code, found.sentence) == (code, sentence)
    assert found.occurred_at == datetime.combine(DUE.date() + timedelta(days=1), time(), UTC)


@pytest.mark.parametrize(
    ("rule", "days", "code", "sentence"),
    [
        (lapses.late_again, 30, "L04", "Promised updates were late in 2 incidents within 30 days."),
        (lapses.wrong_again, 90, "L09", "The impact was wrong in 2 incidents within 90 days."),
    ],
)
def test_the_same_in_two_incidents(
    rule: Callable[..., lapses.Suggestion | None], days: int, code: str, sentence: str
) -> None:
    second = timedelta(seconds=1)
    within = [(1, DUE), (1, DUE + second), (2, DUE + timedelta(days=days) - second)]
    found = rule(within)
    assert found is not None
    assert (found.code, found.occurred_at, found.sentence) == (code, within[-1][1], sentence)
    assert rule([(1, DUE), (2, DUE + timedelta(days=days))]) is None
    assert rule(within[:2]) is None
    assert rule([]) is None
