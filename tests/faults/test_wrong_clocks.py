"""One process's own clock is wrong, or tells a night with two half past ones: the database's clock decides."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from comms.models import Delivery, Update
from mim_portal.lib import dbtime
from tests.faults import checker
from tests.faults.house import House
from tests.faults.sink import Manners
from tests.faults.town import Town
from tests.faults.waiting import wait_until

SHIFTED = str(Path(__file__).parent / "shifted")
# Two seconds before clocks in London go back from 02:00 to 01:00.
DST_NIGHT = {"MIM_FAULT_AT": "2026-10-25T00:59:58+00:00", "TZ": "Europe/London"}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("clock", {"MIM_FAULT_SHIFT": "10"}),
        pytest.param("clock", {"MIM_FAULT_SHIFT": "-10"}, marks=pytest.mark.long_fault),
        ("beat", {"MIM_FAULT_SHIFT": "-10"}),
        ("clock", DST_NIGHT),
        pytest.param("beat", {"MIM_FAULT_SHIFT": "10"}, marks=pytest.mark.long_fault),
        pytest.param("beat", DST_NIGHT, marks=pytest.mark.long_fault),
    ],
    ids=["clock+10", "clock-10", "beat-10", "clock-dst", "beat+10", "beat-dst"],
)
def test_deadlines_go_by_the_clock_of_the_database(
    house: House, town: Town, counted: Callable[..., None], name: str, wrong: dict[str, str]
) -> None:
    house.parts[name].stop()
    house.parts[name].start(PYTHONPATH=SHIFTED, **wrong)
    try:
        house.run("clock", "beat")
        soon = town.promises(6, first=0.5, last=2.5)
        later = town.promises(2, first=11.0, last=11.0)
        wait_until(lambda: checker.all_recorded(soon), seconds=30)
        late = checker.lateness(soon)
        early = [incident for incident in later if checker.all_recorded([incident])]
        counted(missed=len(late), worst_s=late[-1], too_early=len(early))
        assert not early
        assert late[0] >= 0
        assert late[-1] <= checker.RECORDED_WITHIN
    finally:
        house.parts[name].stop()


@pytest.mark.parametrize("shift", ["10", pytest.param("-10", marks=pytest.mark.long_fault)])
def test_a_worker_whose_clock_is_wrong_delivers_and_tries_again(
    house: House, town: Town, counted: Callable[..., None], shift: str
) -> None:
    house.parts["worker"].stop()
    house.parts["worker"].start(PYTHONPATH=SHIFTED, MIM_FAULT_SHIFT=shift)
    try:
        house.run("worker", "beat")
        town.readers(5)
        house.sink.manners = Manners(refuses=True)
        ids = town.tell(town.declare())
        rows = Delivery.objects.filter(pk__in=ids)
        wait_until(lambda: rows.filter(attempts__gte=1).exclude(last_error="").exists(), seconds=20)
        house.sink.manners = Manners()
        took = wait_until(lambda: checker.are_finished(ids), seconds=30)
        found = checker.mail(ids, sink=house.sink)
        counted(deliveries=len(ids), lost=found.lost, repeated=found.repeated, tried_again_s=round(took, 1))
        assert (found.lost, found.repeated) == (0, 0)
        assert took <= checker.CAUGHT_UP_WITHIN
    finally:
        house.parts["worker"].stop()


def test_what_a_person_sends_is_on_time_by_the_clock_of_the_database(house: House, town: Town) -> None:
    incident = town.declare()
    update = town.draft(incident)
    wrong = dbtime.now() + timedelta(seconds=10)
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'Europe/London'")
    town.publish(update, now=wrong)

    published_at = Update.objects.get(pk=update.pk).published_at
    assert published_at is not None
    assert published_at < wrong - timedelta(seconds=5)
    assert abs(published_at - dbtime.now()) < timedelta(seconds=5)
