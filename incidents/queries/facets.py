"""What other apps know of incidents, as plain data, without importing them: settings.INCIDENT_FACETS."""

from collections.abc import Sequence
from typing import Any

from mim_portal.lib import hooks


def facets(incident_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By incident, everything that the listed callables add; each answers for a whole page at once."""
    gathered: dict[int, dict[str, Any]] = {pk: {} for pk in incident_ids}
    for facet in hooks.registered("INCIDENT_FACETS"):
        for pk, data in facet(list(incident_ids)).items():
            gathered[pk] |= data
    return gathered
