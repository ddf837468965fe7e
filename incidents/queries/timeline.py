"""The timeline, a page at a time, each entry as one sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from incidents.models import Incident, TimelineEntry
from incidents.queries import wording
from teams.models import Person, Team

PAGE = 100
# A difference of more than this between happening and writing down is shown.
WRITTEN_LATER = timedelta(minutes=2)
# Which shape stands before an entry on the page: the first prefix that fits its kind.
SHAPES = (
    ("update", "update"),
    ("deadline", "clock"),
    ("cadence", "clock"),
    ("engagement", "team"),
    ("impact", "impact"),
    ("handover", "command"),
    ("takeover", "command"),
    ("command", "command"),
    ("role", "command"),
    ("commitment", "team"),
    ("note", "note"),
)


@dataclass(frozen=True, kw_only=True)
class Worded:
    """An entry with the person who did it and the sentence that says what happened."""

    entry: TimelineEntry
    actor: Person | None
    words: str

    @property
    def shape(self) -> str:
        """What kind of line it is for the eye."""
        return next((shape for prefix, shape in SHAPES if self.entry.kind.startswith(prefix)), "state")

    @property
    def recorded_late_at(self) -> datetime | None:
        """When it was written down, where that was later than it happened."""
        is_late = self.entry.recorded_at - self.entry.at > WRITTEN_LATER
        return self.entry.recorded_at if is_late else None


def entries(incident: Incident) -> QuerySet[TimelineEntry]:
    """All entries, the newest first."""
    return TimelineEntry.objects.filter(incident=incident).order_by("-seq")


def page(incident: Incident, *, before_seq: int | None = None, limit: int = PAGE) -> list[Worded]:
    """The newest entries, or those before one that was seen; three queries whatever their number."""
    found = entries(incident)
    if before_seq is not None:
        found = found.filter(seq__lt=before_seq)
    return worded(list(found[:limit]))


def since(incident: Incident, *, after_seq: int, limit: int = PAGE) -> list[Worded]:
    """What came after an entry that was seen, the oldest first."""
    found = TimelineEntry.objects.filter(incident=incident, seq__gt=after_seq).order_by("seq")
    return worded(list(found[:limit]))


def worded(rows: Sequence[TimelineEntry]) -> list[Worded]:
    """Entries with their sentences. People and teams are read once for all of them: rows hold only their ids."""
    people = Person.objects.in_bulk(_people_ids(rows))
    teams = Team.objects.in_bulk({row.data["team"] for row in rows if isinstance(row.data.get("team"), int)})
    names = wording.Names(
        people={pk: person.name for pk, person in people.items()},
        teams={pk: team.name for pk, team in teams.items()},
    )
    return [
        Worded(
            entry=row,
            actor=people.get(row.actor_id) if row.actor_id is not None else None,
            words=wording.words(row, names=names),
        )
        for row in rows
    ]


def words(entry: TimelineEntry) -> str:
    """The sentence of one entry."""
    return worded([entry])[0].words


def _people_ids(rows: Iterable[TimelineEntry]) -> set[int]:
    found = {row.actor_id for row in rows if row.actor_id is not None}
    for row in rows:
        found |= set(_mentioned(row.data))
    return found


def _mentioned(data: Mapping[str, Any]) -> list[int]:
    return [value for key in wording.PEOPLE_KEYS if isinstance(value := data.get(key), int)]
