"""Every live incident has exactly one open deadline for each audience that is owed updates; where one is missing, a
fault of ours took it, and it is put back.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from comms.models import OwedAudience, Update, UpdateDeadline
from comms.models.deadline import OPEN
from comms.rules.promises import cadence
from comms.services.promises import promises
from incidents.choices import LIVE_STATES, EntryKind, EntrySource
from incidents.models import Incident
from incidents.services import timeline
from mim_portal.lib import dbtime

# How many owed audiences one run looks at, so that its cost does not grow with what is open.
WINDOW = 5000

# Owed by a cadence, live, not imported, and nothing open. Audiences that hear of changes only need none.
_FIND = """
WITH looked_at AS (
    SELECT incident_id, audience_id, first_minutes, every_minutes FROM comms_owedaudience
    WHERE owed_until IS NULL AND incident_id > %s
    ORDER BY incident_id, audience_id
    LIMIT %s
)
SELECT (SELECT max(incident_id) FROM looked_at), (SELECT count(*) FROM looked_at), ARRAY(
    SELECT DISTINCT owed.incident_id
    FROM looked_at owed
    JOIN incidents_incident incident ON incident.id = owed.incident_id
    WHERE incident.state = ANY(%s) AND incident.source <> 'import'
      AND (owed.first_minutes IS NOT NULL OR owed.every_minutes IS NOT NULL)
      AND NOT EXISTS (
          SELECT 1 FROM comms_updatedeadline deadline
          WHERE deadline.incident_id = owed.incident_id AND deadline.audience_id = owed.audience_id
            AND deadline.kept_at IS NULL AND deadline.ended_at IS NULL)
    ORDER BY owed.incident_id)
"""


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """A promise that had been lost."""

    reference: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What one run put back, and the incident after which the next run goes on; zero begins again."""

    repaired: list[Repaired]
    go_on_after: int


def sweep_missing_deadlines(*, after: int = 0, window: int = WINDOW) -> Scan:
    """Open what is missing, due when it would have been, with an entry on each timeline; usually there is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [after, window, sorted(LIVE_STATES)])
        last, looked_at, incident_ids = cursor.fetchone()
    # An incident at the edge of the window is looked at again: its last audiences may lie beyond it.
    go_on_after = max(last - 1, after + 1) if looked_at == window else 0
    return Scan(repaired=[done for pk in incident_ids for done in _repair(pk)], go_on_after=go_on_after)


@transaction.atomic
def _repair(incident_id: int) -> list[Repaired]:
    """One incident, looked at again under its lock; one that a verb holds is left to the next run."""
    incident = (
        Incident.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(pk=incident_id, state__in=LIVE_STATES)
        .first()
    )
    if incident is None:
        return []
    has_one = UpdateDeadline.objects.filter(OPEN, incident=incident).values("audience")
    owed = OwedAudience.objects.filter(incident=incident, owed_until=None).exclude(audience__in=has_one)
    now = dbtime.now()
    rows = [row for each in owed.select_related("audience") for row in _missing(incident, each, now=now)]
    UpdateDeadline.objects.bulk_create(rows)
    if rows:
        timeline.append(incident=incident, entries=[_entry(rows, now=now)])
    return [Repaired(reference=incident.reference, audience=row.audience.code) for row in rows]


def _missing(incident: Incident, owed: OwedAudience, *, now: datetime) -> list[UpdateDeadline]:
    sent = Update.objects.filter(incident=incident, audiences=owed.audience, published_at__isnull=False)
    sent_at = sent.aggregate(last=Max("published_at"))["last"]
    planned = promises.cadence_of(owed)
    promised = None
    if sent_at is None:
        due_at = cadence.first_due(declared_at=max(incident.declared_at, owed.owed_since), cadence=planned)
    else:
        promised = sent.filter(published_at=sent_at).values_list("next_update_at", flat=True).first()
        due_at = cadence.next_due(
            sent_at=sent_at,
            declared_at=incident.declared_at,
            cadence=planned,
            promised_next_at=promised,
            timetable=owed.agreed_times,
        )
    if due_at is None:
        return []
    return promises.new_deadlines(
        incident=incident,
        planned=[promises.Planned(audience=owed.audience, due_at=due_at, promised_at=promised)],
        opened_at=sent_at or owed.owed_since,
        is_first=sent_at is None,
    )


def _entry(rows: list[UpdateDeadline], *, now: datetime) -> timeline.Entry:
    return timeline.Entry(
        kind=EntryKind.DEADLINE_REPAIRED,
        at=now,
        source=EntrySource.SYSTEM,
        data={"deadlines": [row.pk for row in rows], "audiences": [row.audience.code for row in rows]},
    )
