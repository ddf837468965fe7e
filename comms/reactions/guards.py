"""What communications have against a step of the incident, and what they ask before its record is closed
(settings.TRANSITION_GUARDS, settings.CLOSURE_ITEMS).
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from comms.choices import UpdateKind
from comms.models import Audience
from comms.queries.recipients import audiences
from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.rules import closure
from mim_portal.lib import addresses
from mim_portal.lib.refusals import Refusal


def restored_sent(*, incident: Incident, to: str, now: datetime) -> list[Refusal]:
    """Resolved needs the restored message sent to every audience that was told of the incident (domain.md 1.8)."""
    if to != IncidentState.RESOLVED:
        return []
    missing = _missing(audiences.told(incident), audiences.told_restored(incident))
    message = _("Send the restored message first to: %(audiences)s.")
    return _refusal(message, missing, code="restored_not_sent")


def retraction_sent(*, incident: Incident, to: str, now: datetime) -> list[Refusal]:
    """Cancelled needs everybody who was told of the incident to hear that it was none: by a closure or a correction,
    or because what they got was withdrawn (domain.md 1.1).
    """
    if to != IncidentState.CANCELLED:
        return []
    missing = _missing(audiences.told(incident), audiences.told_last(incident, kinds=audiences.RETRACTIONS))
    message = _("Tell them first that it was no incident, by a closure, a correction or a withdrawal: %(audiences)s.")
    return _refusal(message, missing, code="retraction_not_sent")


def closing(*, incident: Incident, now: datetime) -> list[closure.Item]:
    """Every audience that got a first message got the restored one, and one that says that no more follow."""
    told = audiences.told(incident)
    unrestored = _missing(told, audiences.told_restored(incident))
    unclosed = _missing(told, audiences.told_no_more(incident))
    everyone = _("Nobody was told of it.") if not told else _("Sent to all who were told.")
    return [
        closure.Item(
            code="restored_told",
            question=_("The restored message went to every audience that was told"),
            met=not unrestored,
            detail=_("Missing: %s.") % _names(unrestored) if unrestored else everyone,
            fix=addresses.new_update(incident.reference, UpdateKind.RESTORED) if unrestored else "",
        ),
        closure.Item(
            code="closure_told",
            question=_("Every audience that was told knows that no more updates follow"),
            met=not unclosed,
            detail=_("Missing: %s.") % _names(unclosed) if unclosed else everyone,
            fix=addresses.new_update(incident.reference, UpdateKind.CLOSURE) if unclosed else "",
            answers=closure.EVERY_ANSWER if unclosed else (),
        ),
    ]


def _missing(told: Sequence[Audience], heard: Sequence[Audience]) -> list[Audience]:
    known = {audience.pk for audience in heard}
    return [audience for audience in told if audience.pk not in known]


def _refusal(message: str, missing: Sequence[Audience], *, code: str) -> list[Refusal]:
    if not missing:
        return []
    extra = {"audiences": [audience.code for audience in missing]}
    return [Refusal(message % {"audiences": _names(missing)}, code=code, extra=extra)]


def _names(missing: Sequence[Audience]) -> str:
    return ", ".join(audience.name for audience in missing)
