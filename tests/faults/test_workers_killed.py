"""kill -9 of delivery workers in the middle of their work: nothing is lost, and only what was in flight is repeated."""

from collections.abc import Callable

import pytest
from django.db import connection

from comms.services.sending import delivery
from tests.faults import checker
from tests.faults.house import House
from tests.faults.town import Town
from tests.faults.waiting import wait_until

WORKER_THREADS = 4


def held() -> int:
    """Deliveries that a worker holds at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM comms_delivery WHERE state = 'sending'")
        count: int = cursor.fetchone()[0]
    return count


def let_leases_run_out() -> None:
    """A minute passes for what a dead worker held."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE comms_delivery SET leased_until = clock_timestamp() WHERE state = 'sending'")


@pytest.mark.parametrize(("mails", "kills"), [(2000, 3), pytest.param(20_000, 10, marks=pytest.mark.long_fault)])
def test_kill_9_of_delivery_workers(
    house: House, town: Town, counted: Callable[..., None], mails: int, kills: int
) -> None:
    town.readers(mails)
    house.run("worker", "beat")
    arrived_before = house.sink.count()
    sent = town.tell(town.declare())
    assert len(sent) == mails
    worker, in_flight, patience = house.parts["worker"], 0, 60 + mails / 20
    for number in range(1, kills + 1):
        goal = arrived_before + number * mails // (kills + 1)
        house.sink.wait_for(goal, seconds=patience)
        worker.kill()
        holding = held()
        assert holding <= WORKER_THREADS * delivery.CHUNK
        in_flight += holding
        let_leases_run_out()
        worker.start()
    wait_until(lambda: checker.are_finished(sent), seconds=patience, why=worker.last_lines)

    found = checker.mail(sent, sink=house.sink)
    counted(deliveries=mails, kills=kills, lost=found.lost, repeated=found.repeated, in_flight=in_flight)
    assert found.lost == 0
    assert found.repeated <= in_flight
    assert found.repeated <= kills * delivery.CHUNK
