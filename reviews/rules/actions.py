"""What makes an improvement action likely to work (domain.md 6.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mim_portal.lib import blame_lint
from mim_portal.lib.findings import Finding
from reviews.choices import ActionNotice, ActionStrength, FactorLayer

TIER: Final = {ActionStrength.STRONG: 3, ActionStrength.INTERMEDIATE: 2, ActionStrength.WEAK: 1}
MAXIMUM: Final = 10
REMINDED_BEFORE_DAYS: Final = 3
ESCALATED_AFTER_DAYS: Final = 7
FACTORS_OF_A_P1: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action as its owner wrote it."""

    what: str
    owner_id: int | None = None
    due_date: date | None = None
    done_means: str = ""
    measure: str = ""
    strength: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What an action still lacks; a required one stops it from being agreed."""

    field: str
    message: str
    required: bool


def gaps(action: Action) -> tuple[Gap, ...]:
    """What is missing, required things first: an owner, a day, and how we see that it is done."""
    wanted = (
        ("what", bool(action.what.strip()), True, "Say what will be done: a verb and an object."),
        ("owner", action.owner_id is not None, True, "Name one owner."),
        ("due_date", action.due_date is not None, True, "Say by which day."),
        ("done_means", bool(action.done_means.strip()), True, "Say what can be seen when it is done."),
        ("measure", bool(action.measure.strip()), False, "Say how we will measure that it works."),
        ("strength", action.strength in TIER, False, "Say how strong it is: strong, intermediate or weak."),
    )
    return tuple(
        Gap(field=field, message=message, required=required)
        for field, present, required, message in wanted
        if not present
    )


def is_agreed(action: Action) -> bool:
    """Whether nothing required is missing."""
    return not any(gap.required for gap in gaps(action))


def score(action: Action) -> int:
    """0 to 10: owner 2, day 1, done_means 2, measure 2, strength 0 to 3."""
    points = 2 * (action.owner_id is not None) + (action.due_date is not None)
    points += 2 * bool(action.done_means.strip()) + 2 * bool(action.measure.strip())
    return points + TIER.get(ActionStrength(action.strength), 0) if action.strength in TIER else points


def notice(*, due_date: date, told: str, today: date) -> ActionNotice | None:
    """What to say today that was not said yet: three days before, the day after, and a week after that to the lead.

    One step at a time is skipped where the portal was away: only the latest is said.
    """
    late = (today - due_date).days
    if late > ESCALATED_AFTER_DAYS:
        wanted = ActionNotice.ESCALATED
    elif late > 0:
        wanted = ActionNotice.OVERDUE
    elif late >= -REMINDED_BEFORE_DAYS:
        wanted = ActionNotice.SOON
    else:
        return None
    order = list(ActionNotice)
    return wanted if order.index(wanted) > order.index(ActionNotice(told)) else None


def speaks_until(*, told: str, today: date) -> date | None:
    """The latest due day of which something new is to be said today, after what was said last; None after the last."""
    days = {
        ActionNotice.NONE: REMINDED_BEFORE_DAYS,
        ActionNotice.SOON: -1,
        ActionNotice.OVERDUE: -ESCALATED_AFTER_DAYS - 1,
    }.get(ActionNotice(told))
    return None if days is None else today + timedelta(days=days)


def plan_is_weak(actions: Iterable[Action]) -> bool:
    """A plan of weak actions only: a P1 review needs at least one that does not rest on people remembering."""
    return not any(TIER[ActionStrength(a.strength)] >= 2 for a in actions if a.strength in TIER)


def advice(*, is_p1: bool, layers: Sequence[str], actions: Iterable[Action]) -> tuple[str, ...]:
    """What a P1 review usually has and this one has not (domain.md 6.3 and 6.4). Advice: nothing is refused for it."""
    rows = list(actions)
    found = []
    if is_p1 and len(layers) < FACTORS_OF_A_P1:
        found.append("A P1 has three contributing factors at least: what enabled it, what made it worse, what delayed.")
    if is_p1 and layers and set(layers) <= {FactorLayer.TECHNOLOGY}:
        found.append("All factors lie in technology. What about procedures, information, staffing, suppliers?")
    if rows and plan_is_weak(rows):
        found.append("Every action rests on people remembering. Which one removes the hazard, or watches for it?")
    unmeasured = sum(not action.measure.strip() for action in rows)
    if unmeasured:
        one = "One action does" if unmeasured == 1 else f"{unmeasured} actions do"
        found.append(f"{one} not say how we will measure that it works.")
    return tuple(found)


def weak_words(action: Action) -> tuple[Finding, ...]:
    """Words that show an action resting on memory (remind, retrain, be more careful)."""
    return blame_lint.lint(action.what, codes=("B10",))
