"""One lock order for the project: the Incident row first, then whatever hangs on it."""

from incidents.models import Incident
from mim_portal.lib.refusals import Refusal


class UnknownIncident(Refusal):
    """No incident has this reference, or the person may not see it."""

    code = "not_found"
    status = 404


def lock(*, reference: str) -> Incident:
    """The incident, locked against every other verb and against the sweeps until the transaction ends.

    NO KEY UPDATE: rows that refer to the incident can still be inserted elsewhere.
    """
    incident = Incident.objects.select_for_update(no_key=True, of=("self",)).filter(reference=reference).first()
    if incident is None:
        raise UnknownIncident(f"There is no incident {reference}.")
    return incident


def lock_by_id(incident_id: int) -> Incident:
    """The same by primary key."""
    return Incident.objects.select_for_update(no_key=True, of=("self",)).get(pk=incident_id)
