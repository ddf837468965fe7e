"""The clock needs no broker and no single process: what beat and the clock worker run by themselves (DESIGN 1a)."""

import logging

from comms.adapters import smtp
from comms.services import heartbeats
from comms.services.promises import sweep
from comms.services.telling import raised
from comms.services.writing import scheduling
from comms.tasks import deliver

log = logging.getLogger(__name__)

SILENT_AFTER_SECONDS = 1.5
NOTICES_SECONDS = 5.0


class StandIn:
    """Sweeps for as long as nobody else does. Each instance belongs to one thread."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._name = heartbeats.this_process(f"{part} by itself")
        self.is_sweeping = False

    def tick(self) -> bool:
        """Sweep if the heartbeat is old, or if the last one was our own: until the clock worker shows itself again."""
        last = heartbeats.last(name=sweep.HEARTBEAT)
        is_needed = last is None or last.by == self._name or last.age_seconds > SILENT_AFTER_SECONDS
        if is_needed != self.is_sweeping:
            self.is_sweeping = is_needed
            log.warning("%s: %s", self._part, "nobody sweeps, so I do" if is_needed else "the clock is swept again")
        if is_needed:
            sweep.sweep_deadlines(by=self._name)
        return is_needed


def send_notices() -> int:
    """Send what is waiting for managers, deputies and practice leads; how many left.

    Between the two, what people approved for a time leaves at its time, or is held with a notice, as the clock worker
    would have done: a promise is not broken by a worker that died. Where that fails, the notices leave all the same.
    """
    raised.tell_due()
    try:
        scheduling.send_due()
    finally:
        sent = deliver.run(smtp.Smtp(), seconds=NOTICES_SECONDS, notices_only=True)
    return sent
