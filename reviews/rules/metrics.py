"""The measures, each with the definition that is printed beside it (domain.md 1.10)."""

from dataclasses import dataclass
from typing import Final

from reviews.rules import classes, statistics
from reviews.rules.classes import Classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One measure: its code, what people call it, from which times, and whether it is a length, a share or a score.

    `start` and `end` are times of the incident where the measure is the length between two of them. `phase` names the
    part of the incident that it stands for, where it is one.
    """

    code: str
    name: str
    text: str
    unit: str = "duration"
    start: str = ""
    end: str = ""
    phase: str = ""


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
        text="From the first harm to users until they had the service back. Also called MTRS.",
        start="impact_started_at",
        end="service_restored_at",
    ),
    Definition(
        code="mi_ttr",
        name="Time to restore under command",
        text=(
            "From declaration until users had the service back: the part of the outage under an incident manager. "
            "Also called MIMTTR; not to be mixed with MTRS."
        ),
        start="declared_at",
        end="service_restored_at",
    ),
    Definition(
        code="ttd",
        name="Time to detect",
        text="From the first harm to users until the first signal anywhere. Also called MTTD.",
        start="impact_started_at",
        end="detected_at",
        phase="detect",
    ),
    Definition(
        code="tt_declare",
        name="Time to declare",
        text="From the first signal anywhere until a major incident was declared.",
        start="detected_at",
        end="declared_at",
        phase="raise",
    ),
    Definition(
        code="tta",
        name="Time to acknowledge",
        text="From asking a team for help until the team answered; each request counts once. Also called MTTA.",
    ),
    Definition(
        code="tte",
        name="Time to engage",
        text="From asking a team for help until the right person joined; each request counts once. Also called MTTE.",
        phase="engage",
    ),
    Definition(
        code="response_hours",
        name="Time a team gave",
        text="From the team's joining until it was released; each request counts once, whoever and however many came.",
    ),
    Definition(
        code="ttk",
        name="Time to know",
        text="From declaration until it was known what is wrong. Also called MTTK.",
        start="declared_at",
        end="diagnosed_at",
        phase="diagnose",
    ),
    Definition(
        code="ttr_repair",
        name="Time to repair",
        text="From knowing what is wrong until users had the service back; an earlier workaround makes no difference.",
        start="diagnosed_at",
        end="service_restored_at",
        phase="fix",
    ),
    Definition(
        code="tt_confirm",
        name="Time to confirm",
        text="From the service being back until users confirmed it.",
        start="service_restored_at",
        end="restored_confirmed_at",
        phase="confirm",
    ),
    Definition(
        code="ttm",
        name="Time to mitigate",
        text="From the first harm to users until the harm was made smaller.",
        start="impact_started_at",
        end="mitigated_at",
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
        code="comms_defect_rate",
        name="Updates with a defect",
        text="Sent updates that were corrected later, or in which an error was found after sending, out of all sent.",
        unit="share",
    ),
    Definition(
        code="time_to_correct",
        name="Time to correct",
        text="From when a mistake in a sent update was known until its correction was published. It was known when "
        "the portal told of it, the impact was revised as wrong or the correction was begun, whichever was first.",
    ),
    Definition(
        code="impact_accuracy_rate",
        name="Impact captured right",
        text="Incidents whose impact was never found to be recorded wrongly, out of all. News is no mistake.",
        unit="share",
    ),
    Definition(
        code="intake_score_median",
        name="Intake score",
        text="What the record held when it was raised, by the rubric: 0 to 100. Records are scored, never people.",
        unit="score",
    ),
    Definition(
        code="intake_first_time_right",
        name="Intake complete at once",
        text="Raised records with 85 or more, out of all that became or joined an incident.",
        unit="share",
    ),
    Definition(
        code="reopen_rate",
        name="Reopened",
        text="Incidents that were reopened after users had the service back, out of all where they had.",
        unit="share",
    ),
    Definition(
        code="repeat_rate_90d",
        name="Came back within 90 days",
        text="Incidents that people linked as a recurrence of one declared at most 90 days earlier, out of all.",
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
# The parts of an incident in their order, each the measure that stands for it.
PHASES: Final = ("detect", "raise", "engage", "diagnose", "fix", "confirm")
BY_CODE: Final = {definition.code: definition for definition in DEFINITIONS}


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


def of_classes(definition: Definition, found: Classes) -> Measure:
    """The same from counts in classes; dots are the middles of their classes."""
    if definition.unit == "share":
        return of_share(Share(hits=found.hits, n=found.n))
    is_score = definition.unit == "score"
    figure = classes.figure(found, is_score=is_score)
    return Measure(
        n=figure.n,
        evidence=figure.label,
        median=figure.median,
        p90=figure.p90,
        interval=figure.interval,
        dots=classes.values(found, is_score=is_score) if figure.median is None else (),
        invalid=found.invalid,
    )
