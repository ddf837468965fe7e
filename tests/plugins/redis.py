"""Each test process claims a Redis database of its own on the shared server."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings

CLAIM_SECONDS = 3600
NUMBERS = range(1, 128)


def with_database(url: str, number: int) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))


@pytest.fixture(scope="session", autouse=True)
def own_redis_database() -> Iterator[str]:
    """Claim a free number in database 0, point the settings at it, and empty it before and after."""
    shared, patch = settings.REDIS_URL, pytest.MonkeyPatch()
    registry = redis.Redis.from_url(with_database(shared, 0), socket_connect_timeout=2)
    try:
        number = next(n for n in NUMBERS if registry.set(f"mim-test:{n}", os.getpid(), nx=True, ex=CLAIM_SECONDS))
    except redis.ConnectionError:
        yield shared
        return
    url = with_database(shared, number)
    with redis.Redis.from_url(url) as own:
        own.flushdb()
        patch.setattr(settings, "REDIS_URL", url)
        patch.setattr(settings, "CELERY_BROKER_URL", url)
        yield url
        own.flushdb()
    patch.undo()
    registry.delete(f"mim-test:{number}")
    registry.close()


@pytest.fixture
def redis_client(own_redis_database: str) -> Iterator["redis.Redis"]:
    """A client of this process's own database, empty at the start of the test."""
    with redis.Redis.from_url(own_redis_database, socket_timeout=5) as client:
        client.flushdb()
        yield client
        client.flushdb()
