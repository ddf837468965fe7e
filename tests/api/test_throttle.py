"""A token that runs wild is slowed down, with Retry-After."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from mim_portal.api import throttling
from mim_portal.api.throttling import TokenRate

Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def empty_buckets() -> Iterator[None]:
    TokenRate._buckets.clear()
    yield
    TokenRate._buckets.clear()


@pytest.fixture
def two_a_minute(settings: Any) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"token": "2/min"}}


@pytest.mark.usefixtures("two_a_minute")
def test_over_the_rate_is_429_with_a_time(cast: SimpleNamespace, api: Api) -> None:
    wild, calm = api(cast.mia), api(cast.omar)
    answers = [wild.get("/api/v1/people/me/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert 1 <= int(answers[2]["Retry-After"]) <= 30
    assert calm.get("/api/v1/people/me/").status_code == 200


@pytest.mark.usefixtures("two_a_minute")
def test_the_bucket_fills_again(cast: SimpleNamespace, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [1000.0]
    monkeypatch.setattr(throttling, "time", SimpleNamespace(monotonic=lambda: at[0]))
    client = api(cast.mia)
    statuses = [client.get("/api/v1/people/me/").status_code for _ in range(3)]
    at[0] += 31
    statuses.append(client.get("/api/v1/people/me/").status_code)
    assert statuses == [200, 200, 429, 200]


@pytest.mark.parametrize(("rate", "per_minute"), [("60/min", 60), ("2/s", 120), ("10/m", 10)])
def test_rates(settings: Any, rate: str, per_minute: int) -> None:
    settings.REST_FRAMEWORK = {"DEFAULT_THROTTLE_RATES": {"token": rate}}
    assert throttling._per_minute() == per_minute


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    TokenRate._buckets.update({str(number): (1.0, 0.0) for number in range(10_001)})
    request: Any = SimpleNamespace(auth=None, user=SimpleNamespace(pk=7), META={"REMOTE_ADDR": "127.0.0.1"})
    view: Any = None
    assert TokenRate().allow_request(request, view)
    assert len(TokenRate._buckets) == 0
