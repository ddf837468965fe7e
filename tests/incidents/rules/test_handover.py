from datetime import UTC, datetime, timedelta

import pytest

from incidents.rules import handover
from incidents.rules.handover import Due

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def due(minutes: int, what: str) -> Due:
    return Due(at=NOON + timedelta(minutes=minutes), what=what)


def test_the_next_three_items_soonest_first_and_one_moment_once() -> None:
    items = [due(30, "Rollback"), due(10, "Update to End users"), due(10, "Update to Desk"), due(60, "Relief")]
    assert handover.next_due([*items, due(90, "Vendor call"), due(10, "Update to Desk")]) == (
        due(10, "Update to Desk; Update to End users"),
        due(30, "Rollback"),
        due(60, "Relief"),
    )
    assert handover.next_due([]) == ()


def test_what_is_not_sent_is_stored_as_none() -> None:
    brief = handover.brief({"actions_in_flight": " rollback, Rosa, 10:45 ", "contingency": "  "})
    assert list(brief) == list(handover.FIELD_CODES)
    assert brief["actions_in_flight"] == "rollback, Rosa, 10:45"
    assert brief["contingency"] == handover.NONE
    assert brief["impact"] == "none"


def test_fields_that_do_not_exist_are_named() -> None:
    assert handover.unknown_fields({"zebra": "1", "impact": "2", "mood": "3"}) == ("mood", "zebra")


@pytest.mark.parametrize(
    ("giver", "receiver", "accountable", "code"),
    [(1, 2, 1, None), (3, 2, 1, "not_accountable"), (1, 1, 1, "same_person")],
)
def test_only_the_accountable_manager_hands_over_to_someone_else(
    giver: int,
    receiver: int,
    accountable: int,
    code: str | None,
) -> None:
    problem = handover.check_offer(giver_id=giver, receiver_id=receiver, accountable_id=accountable)
    assert (problem.code if problem else None) == code


@pytest.mark.parametrize("words", ["", "   \n", "ok", "OK.", "got it", "Understood!", "none", "Yes"])
def test_an_empty_restatement_is_refused(words: str) -> None:
    problem = handover.check_restatement(words)
    assert problem is not None
    assert problem.field == "restatement"
    assert "next 3 items" in problem.message


@pytest.mark.parametrize(
    "words", ["10:40 users, 10:45 Dublin desk, 11:00 rollback", "Update due 10:40", "Ok, so rollback"]
)
def test_own_words_are_accepted(words: str) -> None:
    assert handover.check_restatement(words) is None
