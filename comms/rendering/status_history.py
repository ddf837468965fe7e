"""The history of a status page: the latest in full, and every month at an address of its own."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby

from django.utils import translation

from comms.queries import status_months
from comms.queries.status_facts import MonthFacts, PageFacts
from comms.queries.status_months import Entry, MonthPage
from comms.rendering import page_languages, status_frame
from comms.rendering.status_frame import Rendered
from mim_portal.lib import addresses, times

Month = tuple[date, list[Entry]]


def faces(facts: PageFacts, *, at: datetime) -> list[Rendered]:
    """The latest, and the months of which the page knows everything; older ones are rendered when somebody asks."""
    by_month, months = _by_month(facts), set(facts.months)
    whole = {first: listed for first, listed in by_month if MonthFacts(first=first, count=len(listed)) in months}
    latest = _latest(facts, by_month, held=whole, at=at)
    found = [status_frame.face(f"{facts.prefix}history/", at, status_frame.HTML, latest)]
    for month, listed in sorted(whole.items()):
        numbers = -(-len(listed) // status_months.LISTED)
        for number in range(1, numbers + 1):
            piece = listed[(number - 1) * status_months.LISTED : number * status_months.LISTED]
            body = _month(facts, month, piece, number=number, numbers=numbers, at=at)
            place = f"{facts.prefix}{addresses.month_path(month, number)}"
            found.append(status_frame.face(place, at, status_frame.HTML, body))
    return found


def month_html(found: MonthPage, *, at: datetime) -> bytes:
    """A piece of a month that the snapshots do not hold."""
    with page_languages.speaking(found.facts):
        listed = status_months.entries(found.facts)
        return _month(found.facts, found.first, listed, number=found.number, numbers=found.numbers, at=at)


def _latest(facts: PageFacts, by_month: Sequence[Month], *, held: Collection[date], at: datetime) -> bytes:
    months = [(first, _name(first), listed) for first, listed in by_month]
    others = [
        (addresses.month_path(month.first), _name(month.first), month.count, month.first in held)
        for month in facts.months
    ]
    return status_frame.html("status/history.html", facts, at=at, months=months, others=others)


def _month(facts: PageFacts, first: date, listed: Sequence[Entry], *, number: int, numbers: int, at: datetime) -> bytes:
    pieces = [(each, addresses.month_path(first, each)) for each in range(1, numbers + 1)] if numbers > 1 else []
    return status_frame.html(
        "status/month.html",
        facts,
        at=at,
        month=_name(first),
        listed=listed,
        number=number,
        pieces=pieces,
        path=addresses.month_path(first, number),
    )


def _by_month(facts: PageFacts) -> list[Month]:
    """What history lists of what the page itself knows, by the calendar of its zone, the last first."""
    zone = times.zone(facts.time_zone)
    grouped = groupby(status_months.entries(facts), key=lambda each: each[0].astimezone(zone).date().replace(day=1))
    return [(first, list(listed)) for first, listed in grouped]


def _name(first: date) -> str:
    return times.month(first, language=translation.get_language() or times.ENGLISH)
