"""A raised candidate is told at once to whoever is on shift as incident manager."""

from comms.services.sending import outbox
from incidents.models import Candidate
from mim_portal.lib import nudge

# When hundreds are raised in a second, one nudge serves them all; the deliveries' own tick finds what it left.
NUDGE_EVERY_SECONDS = 0.2


def react(_candidate: Candidate) -> None:
    """In the transaction that raises it: its row is what waits, comms.services.telling.raised takes it from there."""
    nudge.nudge(outbox.DELIVER, at_most_every=NUDGE_EVERY_SECONDS)
