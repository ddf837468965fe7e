"""What comes due next in an incident, from everywhere: what the next manager says back in own words."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from incidents.choices import OPEN_ENGAGEMENTS, DecisionState, TaskState
from incidents.models import Commitment, Decision, Engagement, Incident, Task
from incidents.rules import handover as rules
from incidents.rules.handover import Due
from mim_portal.lib import hooks


def next_due(incidents: Sequence[Incident]) -> dict[int, tuple[Due, ...]]:
    """The next three items of each incident; a fixed number of reads whatever their number.

    settings.DUE_SOURCES add what is due in the apps above: they take primary keys and answer items by key.
    """
    ids = [incident.pk for incident in incidents]
    found: dict[int, list[Due]] = {pk: [] for pk in ids}
    sources = [source(ids) for source in (*_OWN, *hooks.registered("DUE_SOURCES"))]
    for source in sources:
        for pk, items in source.items():
            found[pk] += items
    return {pk: rules.next_due(items) for pk, items in found.items()}


def _commitments(ids: Sequence[int]) -> dict[int, list[Due]]:
    rows = Commitment.objects.filter(incident__in=ids, kept_at=None, due_at__isnull=False).select_related("team")
    found: dict[int, list[Due]] = {}
    for row in rows:
        assert row.due_at is not None
        words = _("Promised to %(team)s: %(text)s") % {"team": row.team.name, "text": row.text}
        found.setdefault(row.incident_id, []).append(Due(at=row.due_at, what=words))
    return found


def _tasks(ids: Sequence[int]) -> dict[int, list[Due]]:
    rows = Task.objects.filter(incident__in=ids, state=TaskState.OPEN, due_at__isnull=False)
    found: dict[int, list[Due]] = {}
    for pk, title, due_at in rows.values_list("incident_id", "title", "due_at"):
        assert due_at is not None
        found.setdefault(pk, []).append(Due(at=due_at, what=_("Task: %s") % title))
    return found


def _decisions(ids: Sequence[int]) -> dict[int, list[Due]]:
    rows = Decision.objects.filter(incident__in=ids, state=DecisionState.NEEDED, needed_by__isnull=False)
    found: dict[int, list[Due]] = {}
    for pk, question, needed_by in rows.values_list("incident_id", "question", "needed_by"):
        assert needed_by is not None
        found.setdefault(pk, []).append(Due(at=needed_by, what=_("Decision: %s") % question))
    return found


def _relief(ids: Sequence[int]) -> dict[int, list[Due]]:
    rows = Engagement.objects.filter(incident__in=ids, state__in=OPEN_ENGAGEMENTS, joined_at__isnull=False)
    found: dict[int, list[Due]] = {}
    for row in rows.select_related("team"):
        assert row.joined_at is not None
        due = Due(at=row.joined_at + settings.RELIEF_AFTER, what=_("Relief for %s") % row.team.name)
        found.setdefault(row.incident_id, []).append(due)
    return found


_OWN = (_commitments, _relief, _tasks, _decisions)
