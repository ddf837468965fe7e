"""What a status page says, as plain values: page, components, incidents and their published updates."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from comms.choices import RUNNING_MAINTENANCE, MaintenanceState, PageLanguage
from comms.models import Estimate
from comms.rules import maintenance, public_state
from incidents.models import ImpactStatement
from mim_portal.lib import addresses

# A page is rendered ahead for what windows that begin or end within this time may come to: many are announced weeks
# before, and each moment is one more page to keep.
WINDOWS_AHEAD: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentFacts:
    """One service as the page shows it."""

    id: int
    service_id: int
    name: str
    group: str
    position: int
    state: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFacts:
    """One published update with what it made of the incident; of a withdrawn one only when it was."""

    id: int
    kind: str
    sequence: int
    subject: str
    body: str
    language: str
    published_at: datetime
    next_update_at: datetime | None
    no_further_updates: bool
    status: str
    impact: str
    old_state: str
    new_state: str
    is_withdrawn: bool
    is_corrected: bool
    statement: ImpactStatement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """One incident as its readers know it; updates oldest first, at least one that stands."""

    id: int
    reference: str
    service_id: int
    service: str
    owes: bool  # someone still works on it and has promised to report
    updates: tuple[UpdateFacts, ...]

    @property
    def standing(self) -> list[UpdateFacts]:
        return [update for update in self.updates if not update.is_withdrawn]

    @property
    def latest(self) -> UpdateFacts:
        return self.standing[-1]

    @property
    def status(self) -> str:
        return self.latest.status

    @property
    def is_resolved(self) -> bool:
        return self.status == public_state.RESOLVED

    @property
    def subject(self) -> str:
        """What people cannot do, in the latest words that say it."""
        return next((update.subject for update in reversed(self.standing) if update.subject), "")

    @property
    def name(self) -> str:
        return f"{self.service}: {self.subject}" if self.subject else self.service

    @property
    def impact(self) -> str:
        return self.latest.impact

    @property
    def started_at(self) -> datetime:
        return self.updates[0].published_at

    @property
    def next_update_at(self) -> datetime | None:
        """What readers were promised, as long as it is still owed; it is late when this has passed."""
        return None if self.is_resolved or not self.owes else self.latest.next_update_at

    def since(self, status: str) -> datetime | None:
        """When the incident last came into this public status; None while it is in none such."""
        found: datetime | None = None
        before = ""
        for update in self.standing:
            if update.status == status and before != status:
                found = update.published_at
            before = update.status
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowUpdateFacts:
    """What readers were told of a window at a moment."""

    id: int
    state: str
    body: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFacts:
    """One planned window as readers know it; updates oldest first, the announcement among them."""

    id: int
    title: str
    state: str
    scheduled_for: datetime
    scheduled_until: datetime
    started_at: datetime | None
    ended_at: datetime | None
    services: tuple[int, ...]
    service_names: tuple[str, ...]
    updates: tuple[WindowUpdateFacts, ...]
    body: str = ""  # what readers will notice, as it was announced
    series: int | None = None
    repeat: str = ""  # how often it comes back, where it does

    def is_again(self, other: "WindowFacts") -> bool:
        """Whether it is nothing but the same as a later one of its series."""
        mine, others = (
            (each.title, each.body, each.services, each.scheduled_until - each.scheduled_for, len(each.updates))
            for each in (self, other)
        )
        return self.series is not None and self.series == other.series and mine == others and len(self.updates) == 1

    @property
    def announced_at(self) -> datetime:
        return self.updates[0].published_at

    @property
    def latest(self) -> WindowUpdateFacts:
        return self.updates[-1]

    @property
    def hours(self) -> tuple[datetime, datetime]:
        """As it ran; where it has not begun or ended, as it is planned."""
        return maintenance.hours(
            state=self.state,
            scheduled_for=self.scheduled_for,
            scheduled_until=self.scheduled_until,
            started_at=self.started_at,
            ended_at=self.ended_at,
        )

    @property
    def late_from(self) -> datetime | None:
        """From when on it is late to begin, or to end; None of one that is over."""
        step = maintenance.next_step_at(
            state=self.state, scheduled_for=self.scheduled_for, scheduled_until=self.scheduled_until
        )
        return step + maintenance.LATE_AFTER if step else None

    def is_late(self, at: datetime) -> bool:
        return self.late_from is not None and self.late_from <= at

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING_MAINTENANCE

    @property
    def is_over(self) -> bool:
        return self.state == MaintenanceState.COMPLETED

    @property
    def is_ahead(self) -> bool:
        return self.state == MaintenanceState.SCHEDULED


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoFacts:
    """The picture in the head of the page."""

    content: bytes
    content_type: str
    width: int
    height: int

    @property
    def shown_width(self) -> int:
        """In the pixels of a page: the picture has two for each."""
        return max(1, self.width // 2)

    @property
    def shown_height(self) -> int:
        return max(1, self.height // 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFacts:
    """One month of the history: how many incidents began in it and how much maintenance that is over."""

    first: date
    count: int

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Everything that one page shows; incidents newest first."""

    id: int
    slug: str
    name: str
    intro: str
    time_zone: str
    is_public: bool
    is_executive: bool
    changed_at: datetime
    components: tuple[ComponentFacts, ...]
    incidents: tuple[IncidentFacts, ...]
    windows: tuple[WindowFacts, ...] = ()  # planned maintenance, the latest to begin first
    is_cut: bool = False  # there may be older incidents or windows than these
    months: tuple[MonthFacts, ...] = ()  # of the whole history, the newest first
    language: str = PageLanguage.EN  # of the page's known address
    other_languages: tuple[str, ...] = ()
    spoken: str = ""  # the language in which it is being rendered; none is the page's own
    first_slug: str = ""  # where the page was renamed: the address that ids were made from
    only_its_services: bool = False
    footer: str = ""
    accent: str = ""
    accent_dark: str = ""
    logo: LogoFacts | None = None
    # By incident; on executives' pages alone.
    estimates: Mapping[int, Estimate] = field(default_factory=dict, hash=False)

    @property
    def prefix(self) -> str:
        """What the addresses of this rendition begin with, below the page's."""
        return f"{self.spoken}/" if self.spoken and self.spoken != self.language else ""

    @property
    def root(self) -> str:
        """The page in the language that is being rendered."""
        return f"{addresses.status_page(self.slug)}{self.prefix}"

    def subscribing(self, incident: str = "") -> str:
        """Where readers ask for updates in the language that is being rendered, of one incident where it is named."""
        return addresses.subscribe(self.slug, incident=incident, language=self.prefix.rstrip("/"))

    @property
    def languages(self) -> tuple[str, ...]:
        """In which it is read, its own first."""
        return (self.language, *self.other_languages)

    def renditions(self) -> list["PageFacts"]:
        """The page in each of its languages, its own first."""
        return [replace(self, spoken=language) for language in self.languages]

    @property
    def groups(self) -> list[tuple[str, list[ComponentFacts]]]:
        """The services under their headings, in the page's order."""
        return [(name, list(members)) for name, members in groupby(self.components, key=lambda each: each.group)]

    @property
    def running_windows(self) -> list[WindowFacts]:
        return [window for window in reversed(self.windows) if window.is_running]

    @property
    def windows_ahead(self) -> list[WindowFacts]:
        """Those that have not begun, the next one first."""
        return [window for window in reversed(self.windows) if window.is_ahead]

    @property
    def announced(self) -> list[list[WindowFacts]]:
        """Those that have not begun, the next one first, each with those that repeat it."""
        found: list[list[WindowFacts]] = []
        for window in self.windows_ahead:
            alike = next((each for each in found if each[0].is_again(window)), None)
            if alike is None:
                found.append([window])
            else:
                alike.append(window)
        return found

    @property
    def live(self) -> list[IncidentFacts]:
        return [incident for incident in self.incidents if not incident.is_resolved]

    @property
    def ended(self) -> list[IncidentFacts]:
        return [incident for incident in self.incidents if incident.is_resolved]

    def turns(self, at: datetime) -> list[datetime]:
        """When the page says something else by itself after `at`: a promise passes, an estimate ends, a decision is
        made, or within a day a window has not begun or ended as planned."""
        ends = [end for each in self.estimates.values() for end in (each.latest_at, each.next_decision_at) if end]
        late = [each.late_from for each in self.windows if each.late_from and each.late_from <= at + WINDOWS_AHEAD]
        return sorted(turn for turn in {*self.promises, *ends, *late} if turn > at)

    @property
    def promises(self) -> list[datetime]:
        """The times until which live incidents promise an update, soonest first."""
        return sorted({at for incident in self.live if (at := incident.next_update_at) is not None})
