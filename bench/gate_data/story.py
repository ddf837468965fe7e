"""What a story for bench.gate is made of: one incident of one organisation, told in its own style."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bench.gate_data.updates import CHECKED, NOW
from comms.rules.checking.recorded import Recorded


@dataclass(frozen=True, kw_only=True)
class Story:
    """One incident: its record, messages (kind, audience, subject, body), and slips (what is right, what is wrong)."""

    name: str
    zone: str
    language: str = "en-GB"
    recorded: Recorded
    sites: tuple[str, ...] = ()
    glossary: dict[str, str] = field(default_factory=dict)
    messages: tuple[tuple[str, str, str, str], ...]
    numbers: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    times: tuple[tuple[str, str], ...] = ()


def today(zone: str, hour: int, minute: int, *, now: datetime = NOW) -> datetime:
    return now.astimezone(ZoneInfo(zone)).replace(hour=hour, minute=minute)


def record(zone: str, since: tuple[int, int], **facts: object) -> Recorded:
    return Recorded(
        since=today(zone, *since),
        priority="P1",
        reference="MI-2026-0042",
        as_of=NOW - CHECKED,
        interval=timedelta(minutes=30),
        **facts,  # type: ignore[arg-type]
    )


BERLIN, NEW_YORK, SYDNEY, LONDON, KOLKATA = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Europe/London",
    "Asia/Kolkata",
)
LOS_ANGELES, SAO_PAULO, JOHANNESBURG, PARIS, SINGAPORE, AUCKLAND = (
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Africa/Johannesburg",
    "Europe/Paris",
    "Asia/Singapore",
    "Pacific/Auckland",
)
