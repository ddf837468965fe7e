"""Feedback both ways: pooled for everybody, and its words for the facilitator of the review alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from incidents.models import DeskRating, EngagementFeedback
from reviews.models import Review
from reviews.queries.metrics import counting
from reviews.rules import feedback as rules
from teams.choices import Role
from teams.models import Person

Side = EngagementFeedback.Side
QUESTIONS = EngagementFeedback.QUESTIONS
DESK: Final = "desk"
# What is asked of the desk: its second question is whether it had what it needed to answer callers.
DESK_QUESTIONS: Final = ("told_what_was_needed", "could_answer_callers", "glad_to_work_again")
SIDES: Final = (*Side.values, DESK)


@dataclass(frozen=True, kw_only=True)
class Said:
    """Two lines of one side; whose they are is not kept, and of which team is not told."""

    side: str
    keep: str
    change: str


def pooled(person: Person | AnonymousUser, filters: counting.Filters) -> Mapping[str, rules.Pooled]:
    """By side, over all teams and the incidents that count for the person; two queries."""
    rows = EngagementFeedback.objects.filter(engagement__incident__in=counting.incidents(person, filters))
    found: dict[str, list[tuple[int, ...]]] = {side: [] for side in Side.values}
    for side, *answers in rows.values_list("side", *QUESTIONS):
        found[side].append(tuple(answers))
    together = {side: rules.pool(QUESTIONS, answers) for side, answers in found.items()}
    return together | {DESK: rules.pool(DESK_QUESTIONS, _of_desk(person, filters))}


def _of_desk(person: Person | AnonymousUser, filters: counting.Filters) -> list[tuple[int, ...]]:
    """What the desk answered by its links, all three questions."""
    rows = DeskRating.objects.filter(
        incident__in=counting.incidents(person, filters),
        told_what_was_needed__isnull=False,
        glad_to_work_again__isnull=False,
    )
    return list(rows.values_list(*DeskRating.QUESTIONS))


def lines(review: Review, person: Person) -> Sequence[Said]:
    """What was written about this incident, in no order that tells who; nothing for anybody but the facilitator.

    Where there is none, the practice lead reads it: nobody wrote for a drawer.
    """
    reads = person.has_role(Role.PRACTICE_LEAD) if review.facilitator_id is None else review.facilitator_id == person.pk
    if not reads:
        return []
    rows = EngagementFeedback.objects.filter(~Q(keep="", change=""), engagement__incident=review.incident_id)
    return [Said(side=row.side, keep=row.keep, change=row.change) for row in rows.order_by("side", "keep", "change")]
