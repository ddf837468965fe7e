"""Rules are measured by their own tests alone.

Tracing costs every other test more than half as much again, and a rule that only a page happens to reach would pass for
tested.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage

RULES = "rules"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Stop measuring, if it is on, for the length of a test that is not in a folder of rules."""
    is_of_rules = RULES in Path(item.path).parts
    measured = None if is_of_rules else Coverage.current()
    if measured is None:
        if is_of_rules:
            _forget()
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


def _forget() -> None:
    """What rules keep of earlier questions: a test that was not measured may have asked the same."""
    for name, module in list(sys.modules.items()):
        if RULES in name.split(".")[1:2]:
            for kept in list(vars(module).values()):
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()
