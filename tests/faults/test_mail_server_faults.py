"""The mail server refuses, is slow, hangs up in the middle, or turns single recipients down: the others get theirs."""

from collections.abc import Callable

import pytest
from django.db import connection

from comms.adapters import smtp
from comms.choices import DeliveryState
from comms.models import Delivery
from tests.faults import checker
from tests.faults.house import House
from tests.faults.sink import Manners
from tests.faults.town import Town
from tests.faults.waiting import wait_until

READERS = 24


def finished(house: House, ids: list[int], *, seconds: float = 60.0) -> checker.Mail:
    wait_until(
        lambda: checker.are_finished(ids),
        seconds=seconds,
        why=house.parts["worker"].last_lines,
    )
    return checker.mail(ids, sink=house.sink)


def tried_again_now(ids: list[int]) -> None:
    """The wait of those that failed is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE comms_delivery SET due_at = clock_timestamp() WHERE state = 'failed' AND id = ANY(%s)", [ids]
        )


@pytest.mark.parametrize("fault", ["refuses", "down", "hangs up in the text", "hangs up before its answer"])
def test_a_server_in_trouble(house: House, town: Town, counted: Callable[..., None], fault: str) -> None:
    house.run("worker", "beat")
    town.readers(READERS)
    times = 3
    if fault == "refuses":
        house.sink.manners = Manners(refuses=True)
    elif fault == "down":
        house.sink.stop()
    elif fault == "hangs up in the text":
        house.sink.manners = Manners(closes_in_data=times)
    else:
        house.sink.manners = Manners(closes_after_data=times)
    ids = town.tell(town.declare())
    rows = Delivery.objects.filter(pk__in=ids)
    try:
        wait_until(lambda: rows.filter(attempts__gte=1).exclude(last_error="").exists(), seconds=30)
    finally:
        if fault == "down":
            house.sink.start()
        house.sink.manners.refuses = False

    found = finished(house, ids)

    counted(deliveries=len(ids), lost=found.lost, repeated=found.repeated)
    assert not rows.exclude(state=DeliveryState.SENT).exists(), "a server in trouble is no reason to give up"
    assert found.lost == 0
    assert found.repeated <= (times if fault == "hangs up before its answer" else 0)


def test_a_slow_server_is_waited_for(house: House, town: Town, counted: Callable[..., None]) -> None:
    house.run("worker", "beat")
    town.readers(READERS)
    house.sink.manners = Manners(seconds_each=0.1)
    ids = town.tell(town.declare())

    found = finished(house, ids)

    counted(deliveries=len(ids), lost=found.lost, repeated=found.repeated)
    assert (found.lost, found.repeated) == (0, 0)


def test_single_recipients_are_turned_down_for_now_or_for_good(
    house: House, town: Town, counted: Callable[..., None]
) -> None:
    house.run("worker", "beat")
    town.readers(READERS)
    domain = f"{town.service.slug}.example.org"
    gone, full = f"reader3@{domain}", f"reader7@{domain}"
    house.sink.manners = Manners(answers={gone: "550 No such user", full: "452 Mailbox full"})
    ids = town.tell(town.declare())
    rows = {row.address: row for row in Delivery.objects.filter(pk__in=ids)}
    others = [row.pk for address, row in rows.items() if address not in {gone, full}]
    finished(house, others)

    wait_until(lambda: _state(rows[full]) == DeliveryState.FAILED, seconds=30)
    assert _state(rows[gone]) == DeliveryState.DEAD
    house.sink.manners = Manners()
    tried_again_now(ids)
    found = finished(house, ids)

    copies = house.sink.copies(smtp.message_id(row.pk) for row in rows.values())
    counted(deliveries=len(ids), dead=1, lost=found.lost, repeated=found.repeated)
    assert copies[smtp.message_id(rows[gone].pk)] == 0
    assert all(copies[smtp.message_id(row.pk)] == 1 for address, row in rows.items() if address != gone)


def _state(row: Delivery) -> str:
    row.refresh_from_db()
    return row.state
