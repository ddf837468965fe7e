"""The browsable description of the API in a real browser, under the portal's own policy."""

import os
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def playwright_runs_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's synchronous interface keeps an event loop in this thread, beside which Django refuses to read."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def test_operations_are_listed_and_nothing_is_refused(
    page: Page, cast: SimpleNamespace, live_server: LiveServer
) -> None:
    client = Client()
    client.force_login(cast.mia, backend="mim_portal.signed_in.Password")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    refused: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/docs/")
    expect(page.locator("#swagger-ui .opblock").first).to_be_visible(timeout=20_000)
    raising = page.get_by_text("/api/v1/candidates/", exact=True)
    for _ in range(40):  # the page holds only the operations that are in sight
        if raising.count():
            break
        page.mouse.wheel(0, 250)
        page.wait_for_timeout(100)
    expect(raising.first).to_be_visible()
    assert refused == []
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {live_server.url.split("/")[2]}
