"""What makes the whole run shorter and changes no test: the longest first and never side by side (`--dist loadgroup`),
and a collector that looks at what is new.
"""

import gc

import pytest

LONG = ("browser", "journeys", "embedded", "faults")  # folders whose tests wait for whole portals
LOOK_EVERY = 20_000  # objects; Python's 700 spends a sixth of a run on looking


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker takes all that wait for whole portals, one after the other, and begins with them: two at once starve
    each other on two cores, and one that begins last is waited for by everybody. Within them the order stays random.
    """
    for item in items:
        if set(LONG).intersection(item.path.parts):
            item.add_marker(pytest.mark.xdist_group("long"))


def pytest_collection_finish() -> None:
    """Thousands of collected tests and every module live until the end: they are not looked at again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_EVERY, *gc.get_threshold()[1:])
