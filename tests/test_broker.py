"""A lost broker is looked for once a second, however long it is away, and never takes a worker with it."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from pytest_django import Settings

from mim_portal.celery import app
from tests.faults.background import Background
from tests.faults.proxy import Mode, Proxy


class Enough(Exception):
    """The test has seen what it wanted."""


def test_the_pause_between_two_looks_does_not_grow() -> None:
    pauses: list[float] = []

    def refused(_error: Exception, seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise Enough

    with app.connection_for_read(url="redis://127.0.0.1:1/0") as connection, pytest.raises(Enough):
        connection.ensure_connection(refused)

    assert pauses == [1.0, 1.0, 1.0]
    assert app.conf.broker_connection_max_retries is None


def test_a_channel_whose_connection_is_gone_says_that_the_line_is_lost() -> None:
    """Kombu's own channel answers with an AttributeError then, which ends the worker instead of reconnecting it."""
    connection = app.connection_for_read()
    channel = connection.channel()
    errors = connection.recoverable_connection_errors
    connection.collect()

    with pytest.raises(errors, match="closed meanwhile"):
        channel._connparams()  # type: ignore[attr-defined]


def test_an_acknowledgement_that_is_lost_takes_no_place_for_good(settings: Settings) -> None:
    """Kombu's own keeps the place: a worker that takes two at once is deaf for good after two of them."""
    background = Background()
    net = Proxy(background, to_port=urlsplit(settings.REDIS_URL).port or 0)
    address = settings.REDIS_URL.replace(f":{urlsplit(settings.REDIS_URL).port}/", f":{net.port}/")
    queue = f"test-broker-{uuid4().hex}"
    try:
        with app.connection_for_read(url=address) as connection:
            channel: Any = connection.channel()
            channel.queue_declare(queue)
            connection.Producer(channel).publish({}, routing_key=queue)
            channel.basic_qos(0, 1, False)
            message = channel.basic_get(queue)
            assert not channel.qos.can_consume()
            net.set(Mode.REFUSE)

            with pytest.raises(connection.recoverable_connection_errors):
                message.ack()

            assert channel.qos.can_consume()
            net.set(Mode.FORWARD)
            channel.queue_delete(queue)
    finally:
        net.close()
        background.stop()
