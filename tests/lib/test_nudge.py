"""A nudge reaches the worker's queue, and costs a request next to nothing when the broker does not answer."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import redis
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from mim_portal.lib import nudge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def circuit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudge, "circuit", type(nudge.circuit)())


@pytest.fixture
def deaf(settings: Settings) -> Iterator[None]:
    """A server that takes connections and never says a word, as behind a network that drops packets."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        url = settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        yield
        nudge.hang_up(url)


def took(commit: DjangoCaptureOnCommitCallbacks) -> float:
    started = time.monotonic()
    with commit(execute=True):
        nudge.nudge("comms.tasks.deliver")
        nudge.live(reference="MI-2026-0001", kind="note", seq=1, panels=["timeline"])
    return time.monotonic() - started


def test_it_asks_the_worker_after_commit(
    redis_client: "redis.Redis", django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    took(django_capture_on_commit_callbacks)
    took(django_capture_on_commit_callbacks)

    assert redis_client.llen("deliveries") == 2
    assert nudge.circuit.failures == 0


@pytest.mark.usefixtures("deaf")
def test_a_deaf_broker_costs_half_a_second_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    first, second = took(django_capture_on_commit_callbacks), took(django_capture_on_commit_callbacks)

    assert first < 1.5
    assert second < 0.2
    assert nudge.circuit.failures == 1
    assert nudge.circuit.is_open()
