"""No draft, private incident, drill, technical name or internal link in any byte of a public page (issue 7).

Whatever the portal does, and in whatever order: after each operation every byte that the public can have is read.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, strategies
from hypothesis import settings as hypothesis_settings

from comms.choices import UpdateKind, UpdateState
from comms.models import Update
from comms.services import snapshots
from mim_portal.lib import dbtime
from tests import status_pages
from tests.comms import planted_operations, update_kit
from tests.comms.planted import PUBLIC_BODY, WORDS, World
from tests.comms.planted_operations import OPERATIONS

pytestmark = pytest.mark.django_db(transaction=True)
SEQUENCES = int(os.environ.get("MIM_SEQUENCES", "4"))  # of one run; more of them look further
STEPS = 12


@pytest.fixture
def world(cast: SimpleNamespace, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"
    settings.MEDIA_ROOT = tmp_path / "media"
    made = World(tmp_path, roles=cast)
    yield made
    made.close()


def test_after_any_sequence_of_operations_nothing_planted_is_public(world: World) -> None:
    steps = strategies.tuples(strategies.sampled_from(sorted(OPERATIONS)), strategies.integers(0, 2))

    @given(sequence=strategies.lists(steps, min_size=STEPS, max_size=STEPS))
    @hypothesis_settings(
        max_examples=SEQUENCES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],  # a sequence takes seconds: the one that failed is named, not made shorter
    )
    def run(sequence: list[tuple[str, int]]) -> None:
        world.begin()
        for name, which in sequence:
            planted_operations.take(world, name, which)
            assert world.found() == set(), f"after {name!r} in {sequence}"

    run()


@pytest.mark.parametrize("which", [0, 1, 2])
def test_every_operation_once_on_each_incident(world: World, which: int) -> None:
    """In an order in which each has something to do; the open one is told of in public, the others never."""
    world.begin()
    for name in ORDER:
        planted_operations.take(world, name, which)
        assert world.found() == set(), f"after {name!r}"
    if which == 0:
        assert world.refused == {}
        assert world.published >= 5
        assert world.leaks_refused == 3
        assert not Update.objects.filter(state=UpdateState.PUBLISHED, body__icontains="wiki").exists()
    assert any(PUBLIC_BODY.encode() in said for _, said in world.bytes()) == (which == 0)


ORDER = (
    *("raise", "draft", "edit", "initial", "others", "host", "internal link", "name", "work", "believe", "decide"),
    "estimate",
    *("impact", "engage", "assign", "hand over", "details", "priority", "link", "holding", "withdraw", "update"),
    *("correct", "ready words", "maintain", "advance", "holding", "end"),
)


def test_what_turns_private_leaves_the_pages(world: World) -> None:
    world.begin()
    planted_operations.take(world, "initial", 0)
    reference = world.incidents[0].reference.encode()
    assert any(reference in said for _, said in world.bytes())
    assert "Payroll does not work." in status_pages.html(world.page, at=dbtime.now())
    planted_operations.take(world, "hide", 0)
    assert "Everything works." in status_pages.html(world.page, at=dbtime.now())
    assert not any(reference in said or PUBLIC_BODY.encode() in said for _, said in world.bytes())


def test_the_look_finds_a_word_in_every_form(world: World) -> None:
    """The scan itself: a planted word in a published text is seen in rows, files, answers of each encoding, copies."""
    world.begin()
    made = update_kit.drafted(
        world.incidents[0], world.mia, "public", kind=UpdateKind.INITIAL, body=f"We know {WORDS['note']}."
    )
    update_kit.published(made, world.mia, send_now=True)
    snapshots.render_due()
    found = {each.removeprefix("note in ") for each in world.found()}
    assert {each.split(" ")[0] for each in found} == {"row", "file", "plain", "gzipped", "brotli", "copy"}
    assert {"row feed.atom", "row feed.rss", "row api/v2/incidents.json"} <= found
