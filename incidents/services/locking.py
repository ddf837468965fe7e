"""One lock order for the project: the Incident row first, then whatever hangs on it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.queries.visibility import visible_incidents
from mim_portal.lib.refusals import Missing, Refusal
from teams.models import Person


class UnknownIncident(Missing):
    """No incident has this reference, or the person may not see it."""


class Changed(Refusal):
    """Somebody else changed it since it was read."""

    code = "changed_meanwhile"
    status = 412


def lock(*, reference: str, person: Person | None = None, field: str = "") -> Incident:
    """The incident, locked against every other verb and against the sweeps until the transaction ends.

    NO KEY UPDATE: rows that refer to the incident can still be inserted elsewhere. With `person`, a private incident
    that they may not see does not exist for them, whatever the caller forgot to ask. `field` is the input that named
    the incident.
    """
    incident = Incident.objects.select_for_update(no_key=True, of=("self",)).filter(reference=reference).first()
    if incident is None or not _visible(incident, person):
        raise UnknownIncident(_("There is no incident %s.") % reference, field=field)
    return incident


def lock_by_id(incident_id: int, *, person: Person | None = None) -> Incident:
    """The same by primary key."""
    incident = Incident.objects.select_for_update(no_key=True, of=("self",)).get(pk=incident_id)
    if not _visible(incident, person):
        raise UnknownIncident(_("There is no such incident."))
    return incident


def lock_many(incident_ids: Iterable[int]) -> list[Incident]:
    """Several at once, in ascending order of their keys, so that two who lock several never wait for each other."""
    wanted = sorted(set(incident_ids))
    rows = Incident.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted)
    return list(rows.order_by("pk"))


def check_version(incident: Incident, version: int | None) -> None:
    """Refuse an edit of something that has changed since it was read; None: the caller did not read it."""
    if version is not None and version != incident.version:
        raise Changed(_("Somebody else changed the incident in the meantime. Read it again and repeat your change."))


def _visible(incident: Incident, person: Person | None) -> bool:
    if person is None or not incident.is_private:
        return True
    return visible_incidents(person).filter(pk=incident.pk).exists()
