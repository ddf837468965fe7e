"""A raised candidate is told at once to whoever is on shift as incident manager."""

from comms.services import raised
from incidents.models import Candidate


def react(candidate: Candidate) -> None:
    """In the transaction that raises it."""
    raised.tell(candidate)
