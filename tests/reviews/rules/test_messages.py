from datetime import UTC, datetime, timedelta

import pytest

from reviews.rules import messages
from reviews.rules.messages import Said

SENT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
USERS, DESK = ("end_users",), ("service_desk",)


def said(rule: str, *audiences: str) -> Said:
    return Said(rule=rule, audiences=frozenset(audiences))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], []),
        ([said("B02", *USERS)], [("L11", "Update 3 to end users left with words that pass blame.")]),
        ([said("B07", *DESK)], [("L11", "Update 3 to the service desk left with words that pass blame.")]),
        ([said("party", "technical")], [("L11", "Update 3 to technical teams left with words that pass blame.")]),
        (
            [said("B02", "public"), said("B04", "end_users")],
            [("L11", "Update 3 to end users, the public left with words that pass blame.")],
        ),
        # One name is one question, about the people who read it.
        ([said("B00", *USERS)], [("L14", "Update 3 to end users named a person or a team.")]),
        ([said("B00", *DESK)], [("L11", "Update 3 to the service desk left with words that pass blame.")]),
        ([said("B00", "executives", *DESK)], [("L14", "Update 3 to executives named a person or a team.")]),
        ([said("team_named", "public")], [("L14", "Update 3 to the public named a person or a team.")]),
        ([said("team_named", *DESK)], []),
        (
            [said("contradicts", *USERS)],
            [("L08", "Update 3 to end users said something else than the impact on record.")],
        ),
        # What advises is none.
        ([said("B08", *USERS), said("B10", *USERS)], []),
        (
            [said("B01", *USERS), said("team_named", "public")],
            [
                ("L11", "Update 3 to end users left with words that pass blame."),
                ("L14", "Update 3 to the public named a person or a team."),
            ],
        ),
    ],
)
def test_what_a_message_said_of_people(found: list[Said], expected: list[tuple[str, str]]) -> None:
    made = messages.from_words(number=3, published_at=SENT, said=found)
    assert [(one.code, one.sentence) for one in made] == expected
    assert {one.occurred_at for one in made} <= {SENT}


def test_the_audience_of_a_suggestion_is_one_that_read_it() -> None:
    (found,) = messages.from_words(number=1, published_at=SENT, said=[said("B02", "public", "end_users")])
    assert found.audience == "end_users"


@pytest.mark.parametrize(("blames", "is_one"), [(0, False), (1, True), (4, True)])
def test_a_published_review_passes_no_blame(blames: int, is_one: bool) -> None:
    found = messages.from_review(published_at=SENT, blames=blames)
    assert (found is not None) is is_one
    assert found is None or (found.code, found.occurred_at) == ("L11", SENT)


@pytest.mark.parametrize(
    ("days_before", "times_found"),
    [
        ([], None),
        ([0], None),
        ([29, 0], 2),
        ([30, 0], None),
        ([30, 29, 0], 2),
        ([5, 0, 0], 3),
        ([40, 35], 2),
    ],
)
def test_language_that_failed_again_within_thirty_days(days_before: list[int], times_found: int | None) -> None:
    found = messages.language_again([SENT - days * DAY for days in days_before])
    if times_found is None:
        assert found is None
    else:
        assert found is not None
        assert found.code == "L06"
        assert found.occurred_at == SENT - min(days_before) * DAY
        assert found.sentence == f"Language failed in {times_found} messages to people outside within 30 days."


@pytest.mark.parametrize(
    ("audiences", "expected"), [(["end_users"], True), (["technical", "public"], True), (["service_desk"], False)]
)
def test_who_is_outside(audiences: list[str], expected: bool) -> None:
    assert messages.is_outside(audiences) is expected
