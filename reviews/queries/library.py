"""The library of reviews: by words, state, service, and what contributed."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from incidents.queries.finding_questions import Words
from incidents.rules import finding
from reviews.choices import EDITABLE_REVIEWS, ReviewState
from reviews.models import ContributingFactor, Review

WRITING, PUBLISHED, ALL = "writing", str(ReviewState.PUBLISHED), "all"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody looks for; empty fields ask for nothing. `kind` and `layer` are of one and the same factor."""

    q: str = ""
    state: str = ""
    service: str = ""
    kind: str = ""
    layer: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether more than a state is asked for."""
        return bool(self.q or self.service or self.kind or self.layer)

    @property
    def shown_state(self) -> str:
        """The state that counts: those being written where nothing is asked for, all where something is."""
        return self.state or (ALL if self.is_narrowed else WRITING)


def found(visible: QuerySet[Review], asked: Asked) -> QuerySet[Review]:
    """The visible reviews that fit. Words are found from three letters on by their beginning, all of them."""
    rows = in_state(visible, asked.state)
    if words := finding.question(asked.q):
        rows = rows.filter(words=Words.of(words))  # references are words too
    elif asked.q.strip():
        return rows.none()  # signs alone are in no text
    if asked.service:
        rows = rows.filter(incident__service__slug=asked.service)
    same = {name: value for name, value in (("kind", asked.kind), ("layer", asked.layer)) if value}
    if same:
        rows = rows.filter(Exists(ContributingFactor.objects.filter(review=OuterRef("pk"), **same)))
    return rows


def in_state(rows: QuerySet[Review], state: str) -> QuerySet[Review]:
    """Of one state; `writing` is all that is not published yet, nothing and `all` are every state."""
    if state == WRITING:
        return rows.filter(state__in=EDITABLE_REVIEWS)
    return rows if state in {"", ALL} else rows.filter(state=state)
