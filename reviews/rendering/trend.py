"""A measure month by month as marks with whiskers, and the parts of an incident as bars; tables say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from reviews.queries.metrics.figures import Figures
from reviews.rules import metrics as rules
from reviews.rules.metrics import Measure

MONTHS: Final = 24
_MARGIN: Final = 4.0  # per cent of the width, so that marks at the ends are whole
_TOP, _BOTTOM = 8.0, 92.0


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month: what may be said of it, and where its mark and whisker stand in per cent; too few stand each."""

    month: date
    measure: Measure
    x: float
    y: float | None = None
    whisker: tuple[float, float] | None = None
    dots: Sequence[float] = ()


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Months from left to right; `most` is the value at the upper edge, nothing is at the lower."""

    months: Sequence[Month]
    most: float


def of_months(found: Sequence[tuple[date, Measure]]) -> Trend:
    """The last two years of it."""
    shown = found[-MONTHS:]
    most = max((max(measure.interval or measure.dots, default=0.0) for _, measure in shown), default=0.0) or 1.0
    step = (100 - 2 * _MARGIN) / max(len(shown) - 1, 1)

    def height(value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * value / most, 2)

    months = []
    for place, (month, measure) in enumerate(shown):
        middle = measure.rate if measure.median is None else measure.median
        x = round(_MARGIN + place * step, 2)
        if middle is None or measure.interval is None:
            months.append(Month(month=month, measure=measure, x=x, dots=[height(value) for value in measure.dots]))
        else:
            low, high = measure.interval
            whisker = (height(low), height(high))
            months.append(Month(month=month, measure=measure, x=x, y=height(middle), whisker=whisker))
    return Trend(months=months, most=most)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the incident: the measure that stands for it, and how long its bar is in per cent of the longest."""

    phase: str
    figures: Figures
    width: float


def parts(found: Sequence[Figures]) -> Sequence[Part]:
    """From detecting to confirming, in their order."""
    by_phase = {one.definition.phase: one for one in found if one.definition.phase}
    longest = max((one.total.median or 0.0 for one in by_phase.values()), default=0.0) or 1.0
    return [
        Part(phase=phase, figures=one, width=round(100 * (one.total.median or 0.0) / longest, 1))
        for phase, one in ((phase, by_phase[phase]) for phase in rules.PHASES)
    ]
