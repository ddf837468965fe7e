"""Search engines are led to status pages and away from everything else."""

import urllib.robotparser

from django.test import Client


def test_crawlers_read_status_pages_alone() -> None:
    """Also while the database is down: this test has none."""
    answer = Client().get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    said = urllib.robotparser.RobotFileParser()
    said.parse(answer.content.decode().splitlines())
    for path in ("/status/public/", "/status/public/incidents/MI-2026-0001/", "/static/status.css"):
        assert said.can_fetch("AnyBot", path)
    for path in ("/", "/incidents/", "/subscription/x/", "/customer-page/x/", "/account/login/"):
        assert not said.can_fetch("AnyBot", path)
