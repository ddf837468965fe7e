"""A lost broker is looked for once a second, however long it is away."""

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
