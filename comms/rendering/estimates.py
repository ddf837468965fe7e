"""Line four of an executive's four lines, from one function for board, signed link and status page."""

from datetime import datetime, tzinfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comms.models import Estimate
from comms.rules import estimates as rules
from incidents.choices import Certainty
from mim_portal.lib import times


def line(estimate: Estimate | None, *, at: datetime, zone: tzinfo) -> str:
    """The range with its confidence and its age, that it has passed, or that there is none; then the next decision."""
    if estimate is None:
        return _("No estimate.")
    decided = _decision(estimate, at=at, zone=zone)
    said = {"said": times.clock_time(estimate.said_at, zone)}
    state = rules.state(latest_at=estimate.latest_at, at=at)
    if state == rules.NONE or estimate.earliest_at is None or estimate.latest_at is None:
        return " ".join(filter(None, [_("No estimate."), decided]))
    if state == rules.PASSED:
        passed = _("The estimate given at %(said)s has passed, and there is no other one.") % said
        return " ".join(filter(None, [passed, decided]))
    words = said | {
        "earliest": times.clock_time(estimate.earliest_at, zone),
        "latest": times.date_time(estimate.latest_at, zone, language=get_language() or times.ENGLISH),
        "sure": str(Certainty(estimate.confidence).label).lower(),
    }
    held = _("Expected to work again between %(earliest)s and %(latest)s; confidence %(sure)s; given at %(said)s.")
    return " ".join(filter(None, [held % words, decided]))


def _decision(estimate: Estimate, *, at: datetime, zone: tzinfo) -> str:
    if estimate.next_decision_at is None or estimate.next_decision_at <= at:
        return ""
    return _("Next decision %(time)s.") % {"time": times.clock_time(estimate.next_decision_at, zone)}
