"""The timeline, a page at a time, each entry as one sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup, escape

from incidents.choices import EntryKind, EntrySource, IncidentState
from incidents.models import Incident, TimelineEntry
from incidents.queries import wording
from incidents.rules import mentions
from mim_portal.lib import markdown, prepared
from teams.models import Person, Team

PAGE = 60  # about four screens; older ones are one tap away
# A difference of more than this between happening and writing down is shown.
WRITTEN_LATER = timedelta(minutes=2)
# Which shape stands before an entry on the page: the first prefix that fits its kind.
SHAPES = (
    ("update", "update"),
    ("deadline", "clock"),
    ("cadence", "clock"),
    ("waiting", "clock"),
    ("engagement", "team"),
    ("impact", "impact"),
    ("handover", "command"),
    ("takeover", "command"),
    ("command", "command"),
    ("role", "command"),
    ("commitment", "team"),
    ("note", "note"),
)
# What can be shown alone, by the beginnings of kinds; every other kind is work on the incident.
GROUPS = {
    "notes": (_("Notes"), ("note",)),
    "comms": (_("Updates and promises"), ("update", "deadline", "cadence", "waiting")),
    "teams": (_("Teams"), ("engagement", "reassigned")),
    "impact": (_("Impact"), ("impact", "desk_report", "time_recorded")),
    "command": (
        _("Command"),
        ("declared", "state", "reopened", "cancelled", "priority", "command", "handover", "takeover", "role", "shift"),
    ),
    "work": (_("Work"), ()),
}
_MARK = ("\ue000", "\ue001")  # around a mention while Markdown is read; private-use characters mean nothing else


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which entries are shown: of one group, by one person (a username), or all."""

    group: str = ""
    by: str = ""

    @property
    def query(self) -> dict[str, str]:
        """As it stands in the address."""
        return {name: value for name, value in (("show", self.group), ("by", self.by)) if value}


@dataclass(frozen=True, kw_only=True)
class Worded:
    """An entry with the person who did it and the sentence that says what happened."""

    entry: TimelineEntry
    actor: Person | None
    words: str
    names: wording.Names

    @property
    def shape(self) -> str:
        """What kind of line it is for the eye."""
        return next((shape for prefix, shape in SHAPES if self.entry.kind.startswith(prefix)), "state")

    @property
    def recorded_late_at(self) -> datetime | None:
        """When it was written down, where that was later than it happened."""
        is_late = self.entry.recorded_at - self.entry.at > WRITTEN_LATER
        return self.entry.recorded_at if is_late else None

    @property
    def html(self) -> Markup | None:
        """A note as its writer set it, with whoever is mentioned by the name of today; None for plain sentences."""
        if self.entry.kind != EntryKind.NOTE:
            return None
        opened, closed = _MARK
        names: list[str] = []

        def put(letter: str, pk: int) -> str:
            names.append(self.names.mention(letter, pk))
            return f"{opened}{len(names) - 1}{closed}"

        plain = self.entry.text.translate({ord(opened): None, ord(closed): None})
        html = str(markdown.to_html(mentions.shown(plain, self.entry.data, name=put)))
        for number, name in enumerate(names):
            html = html.replace(f"{opened}{number}{closed}", f'<b class="mention">{escape(name)}</b>')
        return Markup(html)  # noqa: S704 -- cleaned Markdown with escaped names


@dataclass(frozen=True, kw_only=True)
class Day:
    """What happened on one day of the reader, the newest first."""

    on: date
    entries: tuple[Worded, ...]


def entries(incident: Incident, chosen: Filter = Filter()) -> QuerySet[TimelineEntry]:
    """All entries that the filter lets through, the newest first."""
    found = TimelineEntry.objects.filter(incident=incident).order_by("-seq")
    if chosen.group in GROUPS:
        found = found.filter(kind__in=kinds(chosen.group))
    if chosen.by:
        found = found.filter(actor__username=chosen.by)
    return found


def kinds(group: str) -> list[str]:
    """The kinds of a group."""
    _label, prefixes = GROUPS[group]
    if prefixes:
        return [kind for kind in EntryKind.values if kind.startswith(prefixes)]
    elsewhere = tuple(prefix for _label, named in GROUPS.values() for prefix in named)
    return [kind for kind in EntryKind.values if not kind.startswith(elsewhere)]


def asks(*, incident: Incident, chosen: Filter = Filter(), before_seq: int | None = None) -> list[prepared.Ask]:
    """Who did something here and, where that is what `page` shows, the newest page; to be asked together."""
    found = [_acted.ask(incident=incident)]
    if _is_newest(chosen=chosen, before_seq=before_seq):
        found.append(_newest.ask(incident=incident, after=_seen_before(incident)))
    return found


def people(incident: Incident) -> list[Person]:
    """Everybody who did something here, by name; one query."""
    return _acted(incident=incident)


@prepared.query
def _acted(*, incident: int) -> QuerySet[Person]:
    acted = TimelineEntry.objects.filter(incident=incident, actor__isnull=False).order_by().values("actor").distinct()
    return Person.objects.filter(pk__in=acted).order_by("first_name", "last_name", "username")


@prepared.query
def _newest(*, incident: int, after: int) -> QuerySet[TimelineEntry]:
    """Numbers have no gaps, so that the last page can be said in numbers: PostgreSQL, which takes every incident for an
    average one, would sort the five thousand entries of a long one.
    """
    return TimelineEntry.objects.filter(incident=incident, seq__gt=after).order_by("-seq")[:PAGE]


def _is_newest(*, chosen: Filter, before_seq: int | None, from_seq: int | None = None, limit: int = PAGE) -> bool:
    """Whether the page is the last one of the whole record."""
    return chosen == Filter() and before_seq is None and from_seq is None and limit == PAGE


def _seen_before(incident: Incident) -> int:
    return max(incident.last_seq - PAGE, 0)


@prepared.query
def _people(*, ids: list[int]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=ids)


@prepared.query
def _teams(*, ids: list[int]) -> QuerySet[Team]:
    return Team.objects.filter(pk__in=ids)


def page(
    incident: Incident,
    *,
    before_seq: int | None = None,
    from_seq: int | None = None,
    limit: int = PAGE,
    chosen: Filter = Filter(),
    known: Iterable[Person] = (),
) -> list[Worded]:
    """The newest entries, or those before or from one that was seen; three queries whatever their number. People who
    are `known` are not read again.
    """
    if _is_newest(chosen=chosen, before_seq=before_seq, from_seq=from_seq, limit=limit):
        return worded(_newest(incident=incident, after=_seen_before(incident)), known=known)
    found = entries(incident, chosen)
    if before_seq is not None:
        found = found.filter(seq__lt=before_seq)
    if from_seq is not None:
        found = found.filter(seq__gte=from_seq)
    return worded(list(found[:limit]), known=known)


def since(incident: Incident, *, after_seq: int, limit: int = PAGE) -> list[Worded]:
    """What came after an entry that was seen, the oldest first."""
    found = TimelineEntry.objects.filter(incident=incident, seq__gt=after_seq).order_by("seq")
    return worded(list(found[:limit]))


def days(rows: Sequence[Worded], tz: tzinfo) -> list[Day]:
    """Entries under the day on which they happened, in the reader's zone, in the order in which they were written."""
    found: list[tuple[date, list[Worded]]] = []
    for row in rows:
        on = row.entry.at.astimezone(tz).date()
        if not found or found[-1][0] != on:
            found.append((on, []))
        found[-1][1].append(row)
    return [Day(on=on, entries=tuple(group)) for on, group in found]


def worded(rows: Sequence[TimelineEntry], *, known: Iterable[Person] = ()) -> list[Worded]:
    """Entries with their sentences. People and teams are read once for all of them: rows hold only their ids."""
    people = {person.pk: person for person in known}
    people |= {person.pk: person for person in _people(ids=sorted(_people_ids(rows) - people.keys()))}
    teams = {team.pk: team for team in _teams(ids=sorted(_team_ids(rows)))}
    names = wording.Names(
        people={pk: person.name for pk, person in people.items()},
        teams={pk: team.name for pk, team in teams.items()},
        incidents=_incidents_named(rows),
    )
    return [
        Worded(
            entry=row,
            actor=people.get(row.actor_id) if row.actor_id is not None else None,
            words=wording.words(row, names=names),
            names=names,
        )
        for row in rows
    ]


def words(entry: TimelineEntry) -> str:
    """The sentence of one entry."""
    return worded([entry])[0].words


def _people_ids(rows: Iterable[TimelineEntry]) -> set[int]:
    found = {row.actor_id for row in rows if row.actor_id is not None}
    for row in rows:
        found |= {*_named(row.data), *mentions.people_in(row.data)}
    return found


def _team_ids(rows: Iterable[TimelineEntry]) -> set[int]:
    found = {row.data["team"] for row in rows if isinstance(row.data.get("team"), int)}
    for row in rows:
        found |= set(mentions.teams_in(row.data))
    return found


def _incidents_named(rows: Iterable[TimelineEntry]) -> dict[int, str]:
    """References of the incidents that links name; a private one is named to nobody here. No query without links."""
    ids = {row.data["other"] for row in rows if isinstance(row.data.get("other"), int)}
    if not ids:
        return {}
    return dict(Incident.objects.filter(pk__in=ids, is_private=False).values_list("pk", "reference"))


def _named(data: Mapping[str, Any]) -> list[int]:
    return [value for key in wording.PEOPLE_KEYS if isinstance(value := data.get(key), int)]


def resolutions(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """Those of the entries that resolved their incident; imported history resolves nothing now."""
    return [
        entry
        for entry in entries
        if entry.kind == EntryKind.STATE_CHANGED
        and entry.data.get("to") == IncidentState.RESOLVED
        and entry.source != EntrySource.IMPORT
    ]
