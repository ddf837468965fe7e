"""What makes the whole run shorter and changes no test: the longest first, and a collector that looks at what is new.

Tests are dealt out as workers ask for them: a journey that begins last is waited for by everybody.
"""

import gc

import pytest

LONG = ("browser", "journeys", "embedded", "faults")  # folders whose tests wait for whole portals
LOOK_EVERY = 20_000  # objects; Python's 700 spends a sixth of a run on looking


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After they were shuffled: within both kinds their order stays random."""
    items.sort(key=lambda item: not set(LONG).intersection(item.path.parts))


def pytest_collection_finish() -> None:
    """Thousands of collected tests and every module live until the end: they are not looked at again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_EVERY, *gc.get_threshold()[1:])
