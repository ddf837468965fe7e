"""The months of the desk: every handed-over record that the person may see, as the rules of trends want them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from incidents.choices import CandidateState, EntrySource
from incidents.models import Candidate, ClarificationRequest, DeskRating, IntakeDispute, IntakeFix
from incidents.queries import desk, visibility
from incidents.rules import intake_trends as rules
from incidents.rules import waiting
from teams.models import Person

_HANDED_OVER = (CandidateState.OPEN, CandidateState.ACCEPTED, CandidateState.MERGED, CandidateState.REJECTED)
_FIX_LIMIT = 12


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """What the desk says about being told enough; below five answers there is only their number."""

    n: int
    is_shown: bool
    middle: float | None = None
    counts: Sequence[tuple[int, int]] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Fix:
    """An agreed fix and what it brought."""

    fix: IntakeFix
    words: str
    result: rules.Remeasured


def months(person: Person | AnonymousUser, *, last: date) -> list[rules.Month]:
    """Six months up to `last`, in one read."""
    firsts = rules.months_until(last)
    records = _records(_between(_handed_over(person), firsts[0], rules.next_month(firsts[-1])))
    return rules.by_month(records, last=last)


def fixes(person: Person | AnonymousUser) -> list[Fix]:
    """Agreed fixes, the newest first, each with the ten handovers before and after it."""
    found = []
    for fix in IntakeFix.objects.select_related("agreed_by").order_by("-month")[:_FIX_LIMIT]:
        handed = _handed_over(person)
        before = _records(handed.filter(raised_at__lt=fix.agreed_at).order_by("-raised_at", "-pk")[: rules.HANDOVERS])
        after = _records(handed.filter(raised_at__gte=fix.agreed_at).order_by("raised_at", "pk")[: rules.HANDOVERS])
        result = rules.remeasured(deficit=fix.deficit, before=before[::-1], after=after)
        found.append(Fix(fix=fix, words=rules.DEFICITS.get(fix.deficit, fix.deficit), result=result))
    return found


def told_enough(person: Person | AnonymousUser, *, first: date) -> Pooled:
    """All answers about incidents that were resolved in the month, together; five people or nothing."""
    start, end = _start(first), _start(rules.next_month(first))
    ratings = DeskRating.objects.filter(
        incident__in=visibility.visible_incidents(person), incident__resolved_at__gte=start,
        incident__resolved_at__lt=end,
    )  # fmt: skip
    return pooled(ratings, with_lines=False)


def pooled(ratings: QuerySet[DeskRating], *, with_lines: bool = True) -> Pooled:
    """Answers together, never one by one: shown from five people on, lines in the order of the alphabet."""
    rows = list(ratings.values_list("person_id", "score", "line"))
    if len({person_id for person_id, _score, _line in rows}) < rules.FEWEST_PEOPLE:
        return Pooled(n=len(rows), is_shown=False)
    scores = sorted(score for _person, score, _line in rows)
    middle = (scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2
    return Pooled(
        n=len(rows),
        is_shown=True,
        middle=middle,
        counts=[(score, scores.count(score)) for score in range(1, 6)],
        lines=sorted(line for _person, _score, line in rows if line) if with_lines else (),
    )


def _handed_over(person: Person | AnonymousUser) -> QuerySet[Candidate]:
    """Scored records that people or integrations raised; imports and exercises are no handovers."""
    return (
        desk.visible_candidates(person)
        .filter(state__in=_HANDED_OVER, intake_score__isnull=False)
        .exclude(source=EntrySource.IMPORT)
        .exclude(incident__is_exercise=True)
    )


def _between(found: QuerySet[Candidate], first: date, end: date) -> QuerySet[Candidate]:
    return found.filter(raised_at__gte=_start(first), raised_at__lt=_start(end)).order_by("raised_at", "pk")


def _records(found: QuerySet[Candidate]) -> list[rules.Record]:
    asked = ClarificationRequest.objects.filter(candidate=OuterRef("pk")).order_by().values("candidate")
    corrected = IntakeDispute.objects.filter(candidate=OuterRef("pk"), score_after__isnull=False)
    rows = found.annotate(
        holds=Coalesce(Subquery(corrected.order_by("-answered_at", "-pk").values("score_after")[:1]), "intake_score"),
        first_asked_at=Subquery(asked.annotate(first=Min("asked_at")).values("first")),
    ).values_list("raised_at", "raised_by_id", "state", "intake_score", "holds", "first_asked_at", "intake_detail")
    return [_record(*row) for row in rows if row[0] is not None]


def _record(
    raised_at: Any,
    raised_by: int | None,
    state: str,
    score: int | None,
    holds: int,
    first_asked_at: datetime | None,
    detail: dict[str, object],
) -> rules.Record:
    capped_at = detail.get("capped_at")
    is_due = waiting.needs_asking(score=score, capped_at=capped_at if isinstance(capped_at, int) else None)
    found = detail.get("deficits")
    deficits = [str(code) for code in found] if isinstance(found, list) else []
    if state == CandidateState.MERGED:
        deficits.append("duplicate_not_linked")
    return rules.Record(
        raised_at=raised_at,
        raised_by=raised_by,
        score=holds,
        deficits=tuple(deficits),
        asked_in_time=waiting.asked_in_time(raised_at=raised_at, first_asked_at=first_asked_at) if is_due else None,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
