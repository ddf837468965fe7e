"""The measures, each with the definition that is printed beside it (domain.md 1.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reviews.rules import statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One measure: its code, what people call it, from which times, and whether it is a length or a share.

    `start` and `end` are times of the incident where the measure is the length between two of them.
    """

    code: str
    name: str
    text: str
    unit: str = "duration"
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """What was measured: usable lengths in seconds, and how many records contradict themselves."""

    values: tuple[float, ...]
    invalid: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of n were kept."""

    hits: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What may be shown of one measure, for everything or for one audience. Lengths are in seconds.

    Below eight values there is no figure: `dots` are the values themselves.
    """

    n: int
    evidence: str  # too_few, exploratory or sound
    median: float | None = None
    p90: float | None = None
    rate: float | None = None
    interval: tuple[float, float] | None = None
    dots: tuple[float, ...] = ()
    invalid: int = 0


DEFINITIONS: Final = (
    Definition(
        code="ttr_restore",
        name="Time to restore service",
        text="From the first harm to users until they had the service back.",
        start="impact_started_at",
        end="service_restored_at",
    ),
    Definition(
        code="mi_ttr",
        name="Time to restore under command",
        text="From declaration until users had the service back: the part of the outage under an incident manager.",
        start="declared_at",
        end="service_restored_at",
    ),
    Definition(
        code="ttd",
        name="Time to detect",
        text="From the first harm to users until the first signal anywhere.",
        start="impact_started_at",
        end="detected_at",
    ),
    Definition(
        code="tt_declare",
        name="Time to declare",
        text="From the first signal anywhere until a major incident was declared.",
        start="detected_at",
        end="declared_at",
    ),
    Definition(
        code="tta",
        name="Time to acknowledge",
        text="From asking a team for help until the team answered; each request counts once.",
    ),
    Definition(
        code="tte",
        name="Time to engage",
        text="From asking a team for help until the right person had joined; each request counts once.",
    ),
    Definition(
        code="ttfc",
        name="Time to first communication",
        text="From declaration until the first update was published, for each audience that was owed one.",
    ),
    Definition(
        code="promise_kept_rate",
        name="Promises kept",
        text="Updates published by their promised time, out of all promised updates that fell due or were published.",
        unit="share",
    ),
    Definition(
        code="first_comms_on_time_rate",
        name="First communication on time",
        text="First updates published by their promised time, out of all first updates that were owed.",
        unit="share",
    ),
    Definition(
        code="ttr_resolve",
        name="Time to resolve",
        text="From the first signal anywhere until the incident was resolved.",
        start="detected_at",
        end="resolved_at",
    ),
    Definition(
        code="ttr_close",
        name="Time to close",
        text="From the first signal anywhere until the incident was closed; administrative.",
        start="detected_at",
        end="closed_at",
    ),
)
BY_CODE: Final = {definition.code: definition for definition in DEFINITIONS}


def length(starts_and_ends: Sequence[tuple[datetime | None, datetime | None]]) -> Length:
    """The lengths where both times are recorded; an end before its start is counted as invalid, never as zero."""
    seconds = [(end - start).total_seconds() for start, end in starts_and_ends if start and end]
    return Length(
        values=tuple(value for value in seconds if value >= 0),
        invalid=sum(value < 0 for value in seconds),
    )


def of_length(sample: Length) -> Measure:
    """Median, 90th percentile and interval, or the dots."""
    figure = statistics.figure(sample.values)
    return Measure(
        n=figure.n,
        evidence=figure.label,
        median=figure.median,
        p90=figure.p90,
        interval=figure.interval,
        dots=tuple(sorted(sample.values)) if figure.median is None else (),
        invalid=sample.invalid,
    )


def of_share(share: Share) -> Measure:
    """The share with its interval, or only how many there were."""
    evidence = statistics.standing(share.n)
    if evidence is statistics.Standing.TOO_FEW:
        return Measure(n=share.n, evidence=evidence)
    return Measure(
        n=share.n,
        evidence=evidence,
        rate=share.hits / share.n,
        interval=statistics.rate_interval(hits=share.hits, n=share.n),
    )
