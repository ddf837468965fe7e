"""Ninety days of a service as one small picture: a bar a day, and in words for those who do not see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.choices import ComponentState
from comms.queries.status_facts import ComponentFacts, PageFacts
from comms.queries.status_history import PageHistory
from comms.rules import availability
from comms.rules.availability import Day
from mim_portal.lib import times

STEP: Final = 4  # a bar of three and a gap of one


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubledDay:
    """One bar that is not green: where it stands, how bad it was, and how long."""

    x: int
    state: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The picture of one service. Good days are one dashed line from `first` on; days before that are not known."""

    first: int
    width: int
    troubled: list[TroubledDay]
    words: str


def of(component: ComponentFacts, history: PageHistory, *, facts: PageFacts, at: datetime) -> Bars:
    """The last days of the component as the page shows them at `at`."""
    zone = times.zone(facts.time_zone)
    days = availability.days(
        history.troubles.get(component.service_id, ()),
        maintenance=history.maintenance.get(component.service_id, ()),
        since=component.created_at,
        now=at,
        zone=zone,
    )
    share = availability.share(days, since=component.created_at, now=at, zone=zone)
    unknown = sum(not day.is_known for day in days)
    return Bars(
        first=unknown * STEP,
        width=len(days) * STEP,
        troubled=[
            TroubledDay(x=number * STEP, state=day.state.value, words=_day(day))
            for number, day in enumerate(days)
            if day.state != ComponentState.OPERATIONAL
        ],
        words=_words(share, len(days) - unknown, sum(day.down >= availability.SHOWN_FROM for day in days)),
    )


def _day(day: Day) -> str:
    lasted = max((length for state, length in day.lasted.items() if state == day.state), default=timedelta(0))
    on = times.day(day.on, language=translation.get_language() or times.ENGLISH)
    return f"{on}: {day.state.label}, {times.duration(lasted)}"


def _words(share: float | None, known: int, down: int) -> str:
    """“Worked 99.86 % of the last 90 days; trouble on 2 days.” Never rounded up to all of it."""
    if share is None:
        return _("The page has only just begun to report on it.")
    given = {"share": f"{formats.number_format(int(share * 10_000) / 100, 2)} %", "days": known}
    said = ngettext("Worked %(share)s of today", "Worked %(share)s of the last %(days)d days", known) % given
    if not down:
        return f"{said}."
    return f"{said}; " + ngettext("trouble on %(down)d day.", "trouble on %(down)d days.", down) % {"down": down}
