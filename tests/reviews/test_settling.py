"""Watched plans end by themselves: the lapse came back, or it held for 20 chances and 90 days."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from mim_portal.lib import dbtime
from reviews import tasks
from reviews.choices import LapseState
from reviews.models import EffectivenessCheck, Lapse
from reviews.queries import lapses as lapse_queries
from reviews.rendering import ledger
from reviews.services import lapses, settling
from tests.reviews import rows

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return dbtime.now()


def watched(cast: SimpleNamespace, *, since: datetime, **fields: Any) -> Lapse:
    made = rows.lapse(
        of=rows.incident(manager=cast.mia, declared_at=since - DAY), addressee=cast.mia, state=LapseState.WATCHING,
        occurred_at=since - HOUR, **fields,
    )  # fmt: skip
    rows.plan(of=made, owner=cast.mia, in_place_at=since)
    return made


def chances(lapse: Lapse, *, since: datetime, count: int) -> None:
    for number in range(count):
        at = since + (number + 1) * HOUR
        rows.deadline(of=lapse.incident, due_at=at, missed_at=at, ended_at=at + HOUR)


def state(lapse: Lapse) -> str:
    lapse.refresh_from_db()
    return lapse.state


@pytest.mark.parametrize(
    ("count", "days", "expected"),
    [(20, 91, LapseState.HELD), (19, 91, LapseState.WATCHING), (25, 89, LapseState.WATCHING)],
)
def test_held_after_enough_chances_and_time(
    cast: SimpleNamespace, now: datetime, count: int, days: int, expected: str
) -> None:
    lapse = watched(cast, since=now - days * DAY)
    chances(lapse, since=now - days * DAY, count=count)
    settling.settle(now=now)
    assert state(lapse) == expected
    checks = list(EffectivenessCheck.objects.values_list("chances", "repeats"))
    assert checks == ([(count, 0)] if expected == LapseState.HELD else [])


def test_what_held_says_by_what_it_was_called_so(cast: SimpleNamespace, now: datetime) -> None:
    """One that comes later has an entry of its own; here it would read “held” beside a repeat."""
    lapse = watched(cast, since=now - 91 * DAY)
    chances(lapse, since=now - 91 * DAY, count=20)
    settling.settle(now=now)
    rows.lapse(of=lapse.incident, addressee=cast.mia, state=LapseState.CONFIRMED, occurred_at=now + HOUR)
    lapse.refresh_from_db()
    (shown,) = ledger.rows([lapse], person=cast.mia, now=now + DAY)
    assert shown.watch_words == "No repeat in 20 chances; true rate may still be up to 14 %."


def test_the_first_repeat_asks_for_another_plan(cast: SimpleNamespace, now: datetime) -> None:
    lapse = watched(cast, since=now - 10 * DAY)
    chances(lapse, since=now - 10 * DAY, count=3)
    again = rows.lapse(
        of=rows.incident(manager=cast.omar), addressee=cast.omar, occurred_at=now - DAY, discovered_at=now - DAY
    )
    assert tasks.settle_plans() == 0  # what another manager has not confirmed moves nothing
    Lapse.objects.filter(pk=again.pk).update(state=LapseState.CONFIRMED)
    assert tasks.settle_plans() == 1
    assert state(lapse) == LapseState.RECURRED
    assert lapse in lapse_queries.waiting_for(cast.mia)
    assert EffectivenessCheck.objects.get().repeats == 1
    assert tasks.settle_plans() == 0
    lapses.plan(
        lapse_id=lapse.pk, person=cast.mia, text="Another way", strength="strong", owner=cast.mia,
        due_date=now.date() + DAY, measure="No repeat", now=now,
    )  # fmt: skip
    lapses.put_in_place(lapse_id=lapse.pk, person=cast.mia, now=now)
    assert tasks.settle_plans() == 0  # the repeat is older than the new plan
    assert state(lapse) == LapseState.WATCHING


def test_what_is_read_does_not_grow(
    cast: SimpleNamespace, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        chances(watched(cast, since=now - 100 * DAY), since=now - 100 * DAY, count=7)
    # begin, incidents, entries, plans, chances, repeats, then states in a block of their own, checks, and the end
    with django_assert_num_queries(10):
        assert settling.settle(now=now) == 3
