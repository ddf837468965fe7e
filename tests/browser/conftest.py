"""Browser tests drive Debian's Chromium; they skip without it, unless MIM_REQUIRE_BROWSER=1."""

import os
import shutil
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from tests.browser.site import Site


def chromium() -> str | None:
    """The browser's path: MIM_CHROMIUM, or the first found on the PATH."""
    return os.environ.get("MIM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium()
    if path is None:
        message = "no Chromium: install the package `chromium` or set MIM_CHROMIUM"
        if os.environ.get("MIM_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return {**browser_type_launch_args, "executable_path": path, "args": ["--no-sandbox"]}


@pytest.fixture
def site() -> Iterator[Site]:
    """A server of its own that shows what a test puts into it."""
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="session")
def base_url() -> str:
    """Each test names its addresses in full; the plugin's own fixture warns under this pytest."""
    return ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What stood on the open pages when a test failed, under its failure."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and browser is not None:
        pages = [page for context in browser.contexts for page in context.pages]
        report.sections.append(("Open pages", "\n\n".join(_shown(page) for page in pages)))
    return report


def _shown(page: Page) -> str:
    try:
        words = page.locator("body").inner_text(timeout=2000)
    except Error as error:
        words = str(error)
    return f"{page.url}\n{words}"
