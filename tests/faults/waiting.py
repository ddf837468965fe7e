"""Waiting for something to happen, and no longer."""

import time
from collections.abc import Callable

import pytest

LOOK_SECONDS = 0.05


def wait_until(condition: Callable[[], bool], *, seconds: float, why: Callable[[], str] = str) -> float:
    """How long it took; fails the test when it does not happen, with the words of `why`."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            pytest.fail(f"did not happen within {seconds:g} s. {why()}")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - started
