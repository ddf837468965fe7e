"""A browser's event loop stays where the browser is.

Playwright's synchronous interface leaves its loop marked as running in the main thread for the rest of the process.
Tests without a browser must not see it: `asyncio.run` would refuse, and Django would take their queries for mistakes.
"""

import asyncio
from collections.abc import Iterator

import pytest

BROWSER_FIXTURES = frozenset({"playwright", "browser", "browser_type", "context", "page"})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Hide the mark for the length of a test that asks for no browser; in one that does, let Django query beside it."""
    loop = asyncio._get_running_loop()
    if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
            return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)
