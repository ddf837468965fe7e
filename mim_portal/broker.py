"""The line to the broker: whoever lost it looks for it once a second and for ever, so that work goes on at once when
Redis is back. Celery's own pause grows to half a minute.
"""

from typing import Any

import kombu
import redis
from celery.app import amqp
from kombu.transport import redis as transport
from kombu.transport import virtual

LOOK_SECONDS = 1.0


class QoS(transport.QoS):
    """A message that was done and could not be acknowledged gives its place free all the same.

    Kombu keeps the place: after as many lost acknowledgements as a worker takes messages at once (two of the clock's),
    the worker lives, is connected, and never takes a message again. The message itself stays with Redis until it
    becomes visible again, and a tick that comes twice finds nothing to do.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except self.channel.connection_errors:  # type: ignore[attr-defined]
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(transport.Channel):
    """A channel that outlives its connection for a moment says that the line is lost. Kombu's own trips over it with an
    AttributeError, which ends a worker for good (seen once in ten times that Redis came back).
    """

    QoS = QoS

    def _connparams(self, asynchronous: bool = False) -> Any:
        if getattr(self.connection, "client", None) is None:
            raise redis.ConnectionError("The connection to the broker was closed meanwhile.")
        return super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]


class Transport(transport.Transport):
    """Redis, by our channels."""

    Channel = Channel


class Connection(kombu.Connection):
    """A connection with our patience."""

    def get_transport_cls(self) -> Any:
        found = super().get_transport_cls()
        return Transport if found is transport.Transport else found

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        pauses = {"interval_start": LOOK_SECONDS, "interval_step": 0, "interval_max": LOOK_SECONDS}
        return super().ensure_connection(*args, **(pauses | kwargs))


class AMQP(amqp.AMQP):
    """What mim_portal.celery names, so that workers, beat and web make these connections."""

    Connection = Connection
