"""What public readers see: times in their own zone, and honestly how late a promised update is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.site import Site

PAGE = """<!doctype html><html lang="en-GB"><head><title>Status</title>
<link rel="stylesheet" href="/static/status.css">
<script src="/static/status.js" defer></script></head>
<body><main class="status"><h1 class="status-sentence">Payroll</h1>
<time id="clock" datetime="2026-11-23T10:40:00.000Z" data-local="time">10:40 (UTC+0)</time>
<time id="date" datetime="2026-11-23T20:40:00.000Z" data-local="date">Mon 23 Nov 2026, 20:40 (UTC+0)</time>
<time id="bad" datetime="soon" data-local="time">soon</time>
<time id="next" datetime="{next}" data-next data-in="in {{length}}" data-late="late by {{length}}"></time>
</main></body></html>"""


def reader(browser: Any, site: Site, *, left: timedelta, zone: str = "Asia/Kolkata", scripts: bool = True) -> Page:
    moment = (datetime.now(tz=UTC) + left).isoformat(timespec="milliseconds")
    site.pages["/"] = PAGE.format(next=moment)
    context = browser.new_context(timezone_id=zone, java_script_enabled=scripts)
    page: Page = context.new_page()
    page.goto(site.url)
    return page


def test_times_are_shown_in_the_readers_zone_with_its_offset(browser: Any, site: Site) -> None:
    page = reader(browser, site, left=timedelta(minutes=6))
    assert page.inner_text("#clock") == "16:10 (UTC+5:30)"
    assert page.inner_text("#date") == "Tue 24 Nov, 02:10 (UTC+5:30)"
    assert page.inner_text("#bad") == "soon"
    page.context.close()


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(minutes=6, seconds=5), "in 6 min"),
        (timedelta(hours=2, minutes=4, seconds=5), "in 2 h 4 min"),
        (timedelta(minutes=-3), "late by 3 min"),
    ],
)
def test_the_next_update_is_counted_down_and_then_said_to_be_late(
    browser: Any,
    site: Site,
    left: timedelta,
    said: str,
) -> None:
    page = reader(browser, site, left=left, zone="UTC")
    assert page.inner_text("#next") == said
    assert (page.get_attribute("#next", "data-passed") is not None) == said.startswith("late")
    page.context.close()


def test_without_scripts_the_times_of_the_server_stand(browser: Any, site: Site) -> None:
    page = reader(browser, site, left=timedelta(minutes=6), scripts=False)
    assert page.inner_text("#clock") == "10:40 (UTC+0)"
    page.context.close()
