"""What communications have against a step of the incident (settings.TRANSITION_GUARDS)."""

from datetime import datetime

from django.utils.translation import gettext as _

from comms.queries import audiences
from incidents.choices import IncidentState
from incidents.models import Incident
from mim_portal.lib.refusals import Refusal


def restored_sent(*, incident: Incident, to: str, now: datetime) -> list[Refusal]:
    """Resolved needs the restored message sent to every audience that was told of the incident (domain.md 1.8)."""
    if to != IncidentState.RESOLVED:
        return []
    restored = {audience.pk for audience in audiences.told_restored(incident)}
    missing = [audience for audience in audiences.told(incident) if audience.pk not in restored]
    if not missing:
        return []
    return [
        Refusal(
            _("Send the restored message first to: %(audiences)s.")
            % {"audiences": ", ".join(audience.name for audience in missing)},
            code="restored_not_sent",
            extra={"audiences": [audience.code for audience in missing]},
        )
    ]
