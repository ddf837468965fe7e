"""Redis flushed, stopped, frozen, or behind a network that swallows packets: verbs and the clock go on without it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import redis

from tests.faults import checker
from tests.faults.house import House
from tests.faults.proxy import Mode
from tests.faults.town import Town
from tests.faults.waiting import wait_until


@contextmanager
def _stopped(house: House) -> Iterator[None]:
    house.redis.kill()
    try:
        yield
    finally:
        house.redis.start()


@contextmanager
def _frozen(house: House) -> Iterator[None]:
    house.redis.freeze()
    try:
        yield
    finally:
        house.redis.thaw()


@contextmanager
def _swallowed(house: House) -> Iterator[None]:
    house.redis_net.set(Mode.SWALLOW)
    try:
        yield
    finally:
        house.redis_net.set(Mode.FORWARD)


FAULTS = {"stopped": _stopped, "frozen": _frozen, "swallowed": _swallowed}


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        ("stopped", 8.0),
        ("frozen", 8.0),
        ("swallowed", 8.0),
        pytest.param("stopped", 60.0, marks=pytest.mark.long_fault),
        pytest.param("frozen", 30.0, marks=pytest.mark.long_fault),
        pytest.param("swallowed", 30.0, marks=pytest.mark.long_fault),
    ],
)
def test_redis_is_away(house: House, town: Town, counted: Callable[..., None], fault: str, seconds: float) -> None:
    house.run("clock", "beat", "worker")
    town.readers(20)
    began = time.monotonic()
    with FAULTS[fault](house):
        verb = time.monotonic()
        sent = town.tell(town.declare())
        verb_took = time.monotonic() - verb
        incidents = town.promises(8, first=1.5, last=seconds - 1.0 - verb_took)
        notices_meanwhile = _wait_for_notices(house, incidents, until=began + seconds)
    back = time.monotonic()
    wait_until(lambda: checker.all_recorded(incidents), seconds=30)
    late = checker.lateness(incidents)
    ids = [*sent, *checker.notices_of(incidents)]
    wait_until(lambda: checker.are_finished(ids), seconds=60)
    delivered_after = time.monotonic() - back
    house.wait_working("clock", seconds=60)

    found = checker.mail(ids, sink=house.sink)
    counted(
        missed=len(late),
        worst_s=round(late[-1], 2),
        verb_s=round(verb_took, 2),
        notices_meanwhile=notices_meanwhile,
        deliveries=found.deliveries,
        lost=found.lost,
        repeated=found.repeated,
        delivered_s_after=round(delivered_after, 1),
        clock_back_s_after=round(time.monotonic() - back, 1),
    )
    assert late[-1] <= checker.RECORDED_WITHIN
    assert notices_meanwhile >= 1
    assert (found.lost, found.repeated) == (0, 0)
    assert verb_took < seconds - 2.0, "declaring and publishing waited for Redis to come back"
    assert delivered_after <= checker.CAUGHT_UP_WITHIN


def _wait_for_notices(house: House, incidents: list, *, until: float) -> int:  # type: ignore[type-arg]
    """How many notices arrived while Redis was away: beat sends them itself."""
    time.sleep(max(0.0, until - time.monotonic()))
    ids = checker.notices_of(incidents)
    found = checker.mail(ids, sink=house.sink)
    return found.deliveries - found.unfinished


def test_redis_is_flushed(house: House, town: Town, counted: Callable[..., None]) -> None:
    house.run("clock", "beat", "worker")
    town.readers(500)
    incidents = town.promises(8, first=0.5, last=4.0)
    sent = town.tell(town.declare())
    client = redis.Redis.from_url(house.redis_url)
    for _ in range(8):
        client.flushall()
        time.sleep(0.5)
    client.close()
    wait_until(lambda: checker.all_recorded(incidents), seconds=30)
    late = checker.lateness(incidents)
    ids = [*sent, *checker.notices_of(incidents)]
    wait_until(lambda: checker.are_finished(ids), seconds=30)

    found = checker.mail(ids, sink=house.sink)
    counted(missed=len(late), worst_s=late[-1], deliveries=found.deliveries, lost=found.lost, repeated=found.repeated)
    assert late[-1] <= checker.RECORDED_WITHIN
    assert (found.lost, found.repeated) == (0, 0)
