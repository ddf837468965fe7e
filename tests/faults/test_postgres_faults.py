"""PostgreSQL is restarted, crashes or is away: nothing told is lost, pages are read, the clock catches up."""

import signal
import time
from collections.abc import Callable

import pytest
from django.db import connection

from comms.models import Audience, Component, StatusPage, UpdateDeadline
from mim_portal.lib import dbtime
from tests.faults import checker
from tests.faults.client import Raiser, Reader
from tests.faults.house import House
from tests.faults.town import Town
from tests.faults.waiting import wait_until


@pytest.mark.parametrize(
    ("how", "seconds"),
    [
        (signal.SIGINT, 0.0),
        (signal.SIGKILL, 5.0),
        pytest.param(signal.SIGINT, 60.0, marks=pytest.mark.long_fault),
        pytest.param(signal.SIGKILL, 60.0, marks=pytest.mark.long_fault),
    ],
    ids=["restarted", "crashed", "stopped-60", "crashed-60"],
)
def test_postgres_goes_and_comes_back(
    house: House, town: Town, counted: Callable[..., None], how: signal.Signals, seconds: float
) -> None:
    house.run("web", "clock", "beat", "worker")
    town.readers(50)
    page = page_of(town)
    sent = town.tell(town.declare())
    reader = Reader(f"{house.base_url}/status/{page.slug}/", words=town.service.name)
    wait_until(lambda: renders(reader), seconds=30, why=house.parts["clock"].last_lines)
    incidents = town.promises(6, first=1.5, last=2.5 + seconds)
    with Raiser(house.base_url, town.mia, town.service.slug) as raiser, reader:
        time.sleep(1)
        before = len(raiser.told)
        connection.close()
        house.postgres.stop(how)
        time.sleep(seconds)
        house.restart_postgres()
        back_at = dbtime.now()
        wait_until(lambda: checker.all_recorded(incidents), seconds=60, why=house.parts["clock"].last_lines)
        wait_until(lambda: len(raiser.told) >= before + 5, seconds=60, why=house.parts["web"].last_lines)
    checker.lateness(incidents)
    ids = [*sent, *checker.notices_of(incidents)]
    wait_until(lambda: checker.are_finished(ids), seconds=90)

    late = max(
        (row.missed_at - max(row.due_at, back_at)).total_seconds()
        for row in UpdateDeadline.objects.filter(incident__in=incidents)
        if row.missed_at is not None
    )
    found = checker.mail(ids, sink=house.sink)
    counted(
        missed=len(incidents),
        caught_up_s=round(late, 2),
        **raiser.check(),
        read=reader.read,
        unread=len(reader.failed),
        lost=found.lost,
        repeated=found.repeated,
    )
    assert late <= checker.CAUGHT_UP_WITHIN
    assert reader.read > 0
    assert not reader.failed, reader.failed[:3]
    assert found.lost == 0


def page_of(town: Town) -> StatusPage:
    """A public page of the town's service."""
    page = StatusPage.objects.create(
        slug=town.service.slug, name="Cards", audience=Audience.objects.get(code="public"), is_public=True
    )
    Component.objects.create(page=page, service=town.service)
    return page


def renders(reader: Reader) -> bool:
    """Every web process shows the page: asked as often as there are processes, and more."""
    reader.failed.clear()
    with reader:
        time.sleep(1)
    return reader.read >= 5 and not reader.failed
