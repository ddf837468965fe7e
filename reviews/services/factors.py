"""Contributing factors: what contributed, in which layer, on which evidence. Never who."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Invalid, Missing
from reviews.choices import Degree, EvidenceKind, FactorKind, FactorLayer
from reviews.models import ContributingFactor
from reviews.services import reviews
from teams.models import Person, Team

_WRITTEN = ("statement", "evidence_note", "kind", "layer", "evidence")


class UnknownFactor(Missing):
    """The review has no such factor."""


@transaction.atomic
def add(
    *,
    reference: str,
    person: Person,
    statement: str,
    kind: str,
    layer: str,
    evidence: str,
    evidence_note: str = "",
    effect: int | None = None,
    changeability: int | None = None,
    control_owner: Team | None = None,
    now: datetime,
) -> ContributingFactor:
    """Add a factor at the end of the list."""
    review = reviews.editable(reference=reference, person=person)
    _check(statement=statement, kind=kind, layer=layer, evidence=evidence, degrees=(effect, changeability))
    last = review.factors.aggregate(last=Max("position"))["last"]
    factor = ContributingFactor.objects.create(
        review=review,
        statement=statement.strip(),
        kind=kind,
        layer=layer,
        evidence=evidence,
        evidence_note=evidence_note.strip()[:500],
        effect=effect,
        changeability=changeability,
        control_owner=control_owner,
        position=0 if last is None else last + 1,
    )
    reviews.save(review, [], now=now)
    return factor


@transaction.atomic
def change(
    *,
    reference: str,
    factor_id: int,
    person: Person,
    statement: str,
    kind: str,
    layer: str,
    evidence: str,
    evidence_note: str = "",
    effect: int | None = None,
    changeability: int | None = None,
    control_owner: Team | None = None,
    now: datetime,
) -> ContributingFactor:
    """Write a factor again."""
    review = reviews.editable(reference=reference, person=person)
    _check(statement=statement, kind=kind, layer=layer, evidence=evidence, degrees=(effect, changeability))
    factor = review.factors.filter(pk=factor_id).first()
    if factor is None:
        raise UnknownFactor(_("This review has no factor %(number)s.") % {"number": factor_id})
    factor.statement, factor.evidence_note = statement.strip(), evidence_note.strip()[:500]
    factor.kind, factor.layer, factor.evidence = kind, layer, evidence
    factor.effect, factor.changeability, factor.control_owner = effect, changeability, control_owner
    factor.save(update_fields=[*_WRITTEN, "effect", "changeability", "control_owner"])
    reviews.save(review, [], now=now)
    return factor


@transaction.atomic
def remove(*, reference: str, factor_id: int, person: Person, now: datetime) -> None:
    """Take a factor out of a draft; its actions stay."""
    review = reviews.editable(reference=reference, person=person)
    gone, _by_model = review.factors.filter(pk=factor_id).delete()
    if not gone:
        raise UnknownFactor(_("This review has no factor %(number)s.") % {"number": factor_id})
    reviews.save(review, [], now=now)


def _check(*, statement: str, kind: str, layer: str, evidence: str, degrees: tuple[int | None, int | None]) -> None:
    if not statement.strip():
        raise Invalid(_("Say what contributed, and how."), field="statement")
    for field, value, known in (
        ("kind", kind, FactorKind.values),
        ("layer", layer, FactorLayer.values),
        ("evidence", evidence, EvidenceKind.values),
    ):
        if value not in known:
            raise Invalid(_("Choose one of the answers."), field=field)
    for field, degree in zip(("effect", "changeability"), degrees, strict=True):
        if degree is not None and degree not in Degree.values:
            raise Invalid(_("Choose one of the answers."), field=field)
