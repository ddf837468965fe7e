"""The disk under VAR_DIR is full: what is refused is refused aloud, pages are read, and freeing it is all it takes."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from comms.models import UpdateDeadline
from mim_portal.lib import dbtime
from tests.faults import checker
from tests.faults.client import Raiser, Reader
from tests.faults.house import House
from tests.faults.test_postgres_faults import page_of, renders
from tests.faults.town import Town
from tests.faults.waiting import wait_until

BLOCK = 4 * 2**20


def fill(path: Path) -> int:
    """Take all the space there is; how many megabytes that was."""
    with path.open("wb") as ballast:
        size = BLOCK
        while size >= 4096:
            try:
                os.posix_fallocate(ballast.fileno(), ballast.tell(), size)
                ballast.seek(size, os.SEEK_CUR)
            except OSError:
                size //= 2
        return ballast.tell() // 2**20


def test_the_disk_is_full(house: House, town: Town, counted: Callable[..., None]) -> None:
    if not house.has_own_disk:
        pytest.skip("a disk of its own can be made by root only")
    house.run("web", "clock", "beat", "worker")
    town.readers(10)
    page = page_of(town)
    town.tell(town.declare())
    reader = Reader(f"{house.base_url}/status/{page.slug}/", words=town.service.name)
    wait_until(lambda: renders(reader), seconds=30, why=house.parts["clock"].last_lines)
    incidents = town.promises(6, first=1.0, last=5.0)
    ballast = house.folder.path / "ballast"
    with Raiser(house.base_url, town.mia, town.service.slug) as raiser, reader:
        filled = fill(ballast)
        time.sleep(6)
        during = len(raiser.told)
        ballast.unlink()
        connection.close()
        house.restart_postgres()
        back_at = dbtime.now()
        wait_until(lambda: checker.all_recorded(incidents), seconds=60, why=house.parts["clock"].last_lines)
        wait_until(lambda: len(raiser.told) >= during + 5, seconds=60, why=house.parts["web"].last_lines)
    checker.lateness(incidents)
    late = max(
        (row.missed_at - max(row.due_at, back_at)).total_seconds()
        for row in UpdateDeadline.objects.filter(incident__in=incidents)
        if row.missed_at is not None
    )

    counted(
        filled_mb=filled,
        missed=len(incidents),
        caught_up_s=round(late, 2),
        told_while_full=during,
        **raiser.check(),
        read=reader.read,
        unread=len(reader.failed),
    )
    assert late <= checker.CAUGHT_UP_WITHIN
    assert reader.read > 0
    assert not reader.failed, reader.failed[:3]
