"""What makes the whole run shorter and changes no test: the longest first and never side by side (`--dist loadgroup`),
and a collector that looks at what is new.
"""

import gc

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

LONG = ("browser", "journeys", "embedded", "faults")  # folders whose tests wait for whole portals
LOOK_EVERY = 20_000  # objects; Python's 700 spends a sixth of a run on looking


class LongTogether(LoadScopeScheduling):  # type: ignore[misc]
    """One worker takes all that wait for whole portals, one after the other, and begins with them: two at once starve
    each other on two cores, and one that begins last is waited for by everybody. Within them the order stays random.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "long" if set(LONG).intersection(nodeid.partition("::")[0].split("/")) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """In place of xdist's own groups, whose names pytest 9.2 no longer takes into a test's."""
    return LongTogether(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_finish() -> None:
    """Thousands of collected tests and every module live until the end: they are not looked at again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_EVERY, *gc.get_threshold()[1:])
