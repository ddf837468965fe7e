"""What the desk may tell callers: the last message to the desk and when the next one is due."""

from typing import Any

from comms.models import UpdateDeadline
from comms.models.deadline import OPEN
from comms.queries.writing import texts, updates
from incidents.models import Incident

DESK = "service_desk"
# Whose next message the desk may announce: its own, or else that of the people who call.
_ANNOUNCED = (DESK, "end_users")


def source(incident: Incident) -> dict[str, Any]:
    """`said` and `said_at` of the last message to the desk, `next_at` of the next one, in two queries."""
    last = updates.last_to(DESK, [incident.pk]).get(incident.pk)
    promised = dict(
        UpdateDeadline.objects.filter(OPEN, incident=incident, audience__code__in=_ANNOUNCED).values_list(
            "audience__code", "due_at"
        )
    )
    return {
        "said": texts.read_by(last, DESK).body if last else "",
        "said_at": last.published_at if last else None,
        "next_at": next((promised[code] for code in _ANNOUNCED if code in promised), None),
    }
