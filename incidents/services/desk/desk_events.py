"""What happens between desk and manager: open pages are told, and whoever serves from above may react.

Reactions are settings.DESK_REACTIONS; they run in the transaction of the verb and write rows only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from incidents.models import Candidate, ClarificationRequest
from mim_portal.lib import hooks, nudge

# The stream of everything that waits; a candidate's own page listens to its reference.
QUEUE = "candidates"
_PANELS = ("candidate", "candidates", "questions")


class DeskEventKind(StrEnum):
    """What somebody has to hear of at once."""

    ASKED = "asked"
    CHASED = "chased"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class DeskEvent:
    """One event: questions of one candidate, or candidates that nobody has decided."""

    kind: DeskEventKind
    candidates: Sequence[Candidate]
    questions: Sequence[ClarificationRequest] = ()


def announce(event: DeskEvent) -> None:
    """Let the reactions follow in the same transaction."""
    for react in hooks.registered("DESK_REACTIONS"):
        react(event)


def changed(*candidates: Candidate) -> None:
    """Open queues and candidate pages are fetched again; rooms of accepted ones look at their questions again."""
    pages = [(candidate.reference or "", "candidate", candidate.pk, _PANELS) for candidate in candidates]
    rooms = [
        (candidate.incident.reference, "candidate", 0, ("questions",))
        for candidate in candidates
        if candidate.incident is not None
    ]
    nudge.live_many([*pages, *rooms, (QUEUE, "candidate", 0, _PANELS)])
