"""/livez for proxies, /readyz for monitoring, and a clock that cannot stop unseen."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from mim_portal import context
from mim_portal.models import Heartbeat
from teams.models import Person

Browser = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


def beat(name: str, *, seconds_ago: float = 0) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now() - timedelta(seconds=seconds_ago)})


def test_livez_needs_nothing(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with connection.execute_wrapper(_no_database):
        answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def _no_database(*_: object) -> None:
    raise AssertionError("livez asked the database")


def test_readyz_is_green_when_everything_beats(client: Client) -> None:
    beat("sweep_deadlines")
    beat("deliver")
    beat("deliver_channels")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert set(answer.json()["components"]) == {"database", "redis", "clock", "worker", "channels", "languagetool"}


@pytest.mark.parametrize(
    ("name", "component"), [("sweep_deadlines", "clock"), ("deliver", "worker"), ("deliver_channels", "channels")]
)
def test_a_silent_part_turns_it_red_by_name(client: Client, name: str, component: str) -> None:
    beat("sweep_deadlines")
    beat("deliver")
    beat("deliver_channels")
    beat(name, seconds_ago=120)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["components"][component].startswith("down: last heartbeat")


def test_before_the_first_beat_it_is_red(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["components"]["clock"] == "down: no heartbeat yet"


def test_redis_away_is_named(client: Client, settings: Settings) -> None:
    beat("sweep_deadlines")
    beat("deliver")
    beat("deliver_channels")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["components"]["redis"].startswith("down:")
    assert answer.json()["components"]["database"] == "ok"


def test_the_language_checker_alone_is_no_alarm(client: Client, settings: Settings) -> None:
    beat("sweep_deadlines")
    beat("deliver")
    beat("deliver_channels")
    settings.LANGUAGETOOL_URL = "http://127.0.0.1:1"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["components"]["languagetool"].startswith("down:")


@pytest.mark.parametrize(
    ("seconds_ago", "state", "words"),
    [
        (0, "ok", "Deadlines are being watched."),
        (8, "late", "The clock is late by 8 s."),
        (90, "stopped", "The clock has stood still for 1 min"),
    ],
)
def test_the_clock_says_how_it_is(seconds_ago: float, state: str, words: str) -> None:
    beat("sweep_deadlines", seconds_ago=seconds_ago)
    clock = context.clock()
    assert clock.state == state
    assert clock.sentence.startswith(words)


def test_a_stopped_clock_stands_on_every_page(cast: SimpleNamespace, signed_in: Browser) -> None:
    beat("sweep_deadlines", seconds_ago=90)
    for address in ("/", "/raise/", "/incidents/", "/teams/", "/reviews/", "/ledger/", "/metrics/", "/updates/"):
        assert "The clock has stood still" in signed_in(cast.mia).get(address).content.decode(), address
    beat("sweep_deadlines")
    assert "The clock has stood still" not in signed_in(cast.mia).get("/").content.decode()
