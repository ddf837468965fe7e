"""Rules are measured by their own tests alone.

Tracing costs every other test more than half as much again, and a rule that only a page happens to reach would pass for
tested.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage

RULES = "rules"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Stop measuring, if it is on, for the length of a test that is not in a folder of rules."""
    measured = None if RULES in Path(item.path).parts else Coverage.current()
    if measured is None:
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()
