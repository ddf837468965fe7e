"""What the blame lint says about a whole review, part by part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mim_portal.lib import blame_lint
from mim_portal.lib.findings import ERROR, Finding
from reviews.choices import ReviewSection
from reviews.models import ContributingFactor, ImprovementAction, Review
from reviews.queries import naming


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One finding in one part of the review; with an override reason it stands as the author decided."""

    part: str
    part_name: str
    finding: Finding
    override_reason: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it stands between the review and its publication."""
        return self.finding.severity == ERROR and not self.override_reason


def texts(
    review: Review, factors: Iterable[ContributingFactor], actions: Iterable[ImprovementAction]
) -> dict[str, tuple[str, str]]:
    """Every text that will be published, by part: (name of the part, text)."""
    parts = {code: (str(label), str(review.sections.get(code, ""))) for code, label in ReviewSection.choices}
    for factor in factors:
        parts[f"factor:{factor.pk}"] = (_("Contributing factor"), factor.statement)
    for action in actions:
        parts[f"action:{action.pk}"] = (_("Action"), f"{action.title}\n{action.done_means}")
    return parts


def of_draft(
    review: Review,
    factors: Iterable[ContributingFactor],
    actions: Iterable[ImprovementAction],
    *,
    phrases: Mapping[str, str],
) -> list[Remark]:
    """What is said of a review that is not published yet, with those whom it names.

    Whoever is in `phrases` becomes a role. Others who may be meant, by a first name or a surname alone, are for the
    author to reword: both may be a word, a town or somebody else.
    """
    return remarks(
        texts(review, factors, actions), review.lint_overrides, names=phrases, not_people=naming.not_people()
    )


def remarks(
    parts: Mapping[str, tuple[str, str]],
    overrides: Sequence[Mapping[str, Any]],
    *,
    names: Iterable[str] = (),
    not_people: Iterable[str] | None = None,
) -> list[Remark]:
    """Findings of every part in its order, each with the reason that somebody gave for letting it stand.

    An override holds for the same words in the same part; `names` are people, `not_people` what may be called as they
    are.
    """
    reasons = {(row["part"], row["code"], row["text"]): str(row["reason"]) for row in overrides}
    known = list(names)
    return [
        Remark(
            part=part,
            part_name=name,
            finding=finding,
            override_reason=reasons.get((part, finding.code, finding.text), ""),
        )
        for part, (name, text) in parts.items()
        if text
        for finding in blame_lint.lint(text, names=known, not_people=not_people)
    ]
