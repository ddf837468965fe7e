"""A comparison of times to come as a strip of dots, and in words that claim no more than it does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from mim_portal.lib import times
from reviews.rules.evidence import Comparison, Verdict
from reviews.rules.statistics import EXPLORATORY, TOO_FEW, Standing

# Minutes at which the axis carries a mark; people read 1 h and 4 h, not 100 and 200.
_MARKS: Final = (1 / 6, 1, 5, 15, 60, 240, 1440, 7 * 1440, 49 * 1440)
_MARGIN: Final = 4.0  # per cent of the width, so that marks at the ends are whole


@dataclass(frozen=True, kw_only=True)
class Strip:
    """Places from left to right in per cent, on a logarithmic axis: twice as long is as far everywhere."""

    marks: Sequence[tuple[float, str]]
    before: Sequence[float]
    after: Sequence[float]
    medians: tuple[float, float] | None


def strip(found: Comparison) -> Strip | None:
    """None without any value."""
    values = (*found.before, *found.after)
    if not values:
        return None
    low = max((mark for mark in _MARKS if mark <= min(values)), default=min(values))
    high = min((mark for mark in _MARKS if mark >= max(values) and mark > low), default=max(values))

    def place(minutes: float) -> float:
        share = (math.log(minutes) - math.log(low)) / (math.log(high) - math.log(low))
        return round(_MARGIN + (100 - 2 * _MARGIN) * share, 2)

    return Strip(
        marks=[(place(mark), times.duration(60 * mark)) for mark in _MARKS if low <= mark <= high],
        before=[place(value) for value in found.before],
        after=[place(value) for value in found.after],
        medians=(place(found.medians[0]), place(found.medians[1])) if found.medians else None,
    )


def sentence(found: Comparison) -> str:
    """What may be said."""
    n = {"before": len(found.before), "after": len(found.after)}
    if found.standing is Standing.TOO_FEW:
        return _("Too few to say: %(before)d before and %(after)d after. Figures begin at %(least)d on each side.") % {
            **n,
            "least": TOO_FEW,
        }
    numbers = {**n, **_numbers(found), "least": EXPLORATORY}
    if found.standing is Standing.EXPLORATORY:
        said = _("Exploratory: the middle time after is %(ratio)s times that before (95 %%: %(low)s to %(high)s).")
        return f"{said % numbers} {_('A verdict needs %(least)d on each side.') % numbers}"
    verdicts = {
        Verdict.FASTER: _("Faster: the middle time after is %(ratio)s times that before (95 %%: %(low)s to %(high)s)."),
        Verdict.SLOWER: _("Slower: the middle time after is %(ratio)s times that before (95 %%: %(low)s to %(high)s)."),
        Verdict.CANNOT_TELL: _(
            "Cannot tell: the middle time after is %(ratio)s times that before, but anything from %(low)s to %(high)s "
            "fits these numbers, and so does no difference."
        ),
    }
    return verdicts[found.verdict or Verdict.CANNOT_TELL] % numbers


def second_opinion(found: Comparison) -> str:
    """How often chance alone does as much; nothing where there are too few."""
    if found.chance is None:
        return ""
    words = _("Second opinion: with before and after shuffled, a difference this large comes up in %s of cases.")
    return words % ("< 0.1 %" if found.chance < 0.001 else f"{100 * found.chance:.1f} %")


def _numbers(found: Comparison) -> dict[str, str]:
    low, high = found.interval or (math.nan, math.nan)
    return {"ratio": f"{found.ratio:.2f}", "low": f"{low:.2f}", "high": f"{high:.2f}"}
