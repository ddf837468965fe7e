"""A lost broker is looked for once a second, however long it is away, and never takes a worker with it."""

import pytest

from mim_portal.celery import app


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
