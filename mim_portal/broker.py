"""The line to the broker: whoever lost it looks for it once a second and for ever, so that work goes on at once when
Redis is back. Celery's own pause grows to half a minute.
"""

from typing import Any

import kombu
from celery.app import amqp

LOOK_SECONDS = 1.0


class Connection(kombu.Connection):
    """A connection with our patience."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        pauses = {"interval_start": LOOK_SECONDS, "interval_step": 0, "interval_max": LOOK_SECONDS}
        return super().ensure_connection(*args, **(pauses | kwargs))


class AMQP(amqp.AMQP):
    """What mim_portal.celery names, so that workers, beat and web make these connections."""

    Connection = Connection
