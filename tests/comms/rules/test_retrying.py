"""Waiting doubles, is spread by chance, and ends."""

from datetime import timedelta

import pytest

from comms.rules import retrying


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 1), (1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (60, 30), (30000, 30)]
)
def test_a_server_in_trouble_is_asked_again_within_half_a_minute(attempts: int, seconds: float) -> None:
    assert retrying.after_server_trouble(attempts=attempts, chance=0.5) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (5, 480), (6, 900), (50, 900)])
def test_a_mailbox_is_asked_again_after_minutes(attempts: int, seconds: float) -> None:
    wait = retrying.after_mailbox_trouble(attempts=attempts, age=timedelta(hours=6), chance=0.5)
    assert wait == timedelta(seconds=seconds)


def test_an_old_message_is_given_up() -> None:
    age = timedelta(hours=6, seconds=1)
    assert retrying.after_mailbox_trouble(attempts=2, age=age, chance=0.5) is None


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 3.0), (0.5, 4.0), (1.0, 5.0)])
def test_chance_spreads_what_failed_together(chance: float, seconds: float) -> None:
    assert retrying.after_server_trouble(attempts=3, chance=chance) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("minutes", "has_other_way", "tries"), [(4, True, True), (6, True, False), (6, False, True), (361, False, False)]
)
def test_a_silent_channel_is_left_soon_where_there_is_another_way(
    minutes: int, has_other_way: bool, tries: bool
) -> None:
    wait = retrying.after_endpoint_trouble(
        attempts=2, age=timedelta(minutes=minutes), has_other_way=has_other_way, chance=0.5
    )
    assert wait == (timedelta(seconds=2) if tries else None)


@pytest.mark.parametrize(
    ("age", "asked_to_wait", "has_other_way", "is_given_up"),
    [
        (0, 0, True, False),
        (61, 0, True, True),
        (0, 31, True, True),
        (0, 900, False, False),
        (3600, 0, False, False),
        (6 * 3600 + 1, 0, False, True),
    ],
)
def test_a_page_goes_another_way_sooner(age: int, asked_to_wait: int, has_other_way: bool, is_given_up: bool) -> None:
    wait = retrying.after_pager_trouble(
        attempts=1,
        age=timedelta(seconds=age),
        has_other_way=has_other_way,
        asked_to_wait=timedelta(seconds=asked_to_wait),
        chance=0.5,
    )
    assert (wait is None) == is_given_up
