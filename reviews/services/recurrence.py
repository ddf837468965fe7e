"""Links between factors that are the same condition. People link; the text of a published review stays as it is."""

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from reviews.models import ContributingFactor, RecurringFactor
from reviews.queries import reviews as review_queries
from reviews.services.factors import UnknownFactor
from teams.models import Person


@transaction.atomic
def link(*, reference: str, factor_id: int, other_id: int, person: Person) -> ContributingFactor:
    """The same condition as the other: both and all that either was linked to are one from now on.

    Locks the factors in the order of their keys, and no incident: nothing of an incident or a review changes.
    """
    seen = review_queries.visible_factors(person)
    if not seen.filter(pk=factor_id, review__incident__reference=reference).exists():
        raise UnknownFactor(_("This review has no factor %(number)s.") % {"number": factor_id})
    if not seen.filter(pk=other_id).exists():
        raise Invalid(_("There is no factor %(number)s.") % {"number": other_id}, field="factor")
    rows = {
        row.pk: row
        for row in ContributingFactor.objects.select_for_update(no_key=True)
        .filter(pk__in=[factor_id, other_id])
        .order_by("pk")
    }
    if len(rows) < 2:  # taken out meanwhile, or the same twice
        raise Invalid(_("There is no factor %(number)s.") % {"number": other_id}, field="factor")
    factor, other = rows[factor_id], rows[other_id]
    if factor.review_id == other.review_id:
        raise Invalid(_("Both stand in this review: a factor recurs in another one."), field="factor")
    group = other.recurring_id or factor.recurring_id or RecurringFactor.objects.create().pk
    ContributingFactor.objects.filter(pk__in=rows).update(recurring=group)
    if factor.recurring_id not in {None, group}:
        ContributingFactor.objects.filter(recurring=factor.recurring_id).update(recurring=group)
    factor.recurring_id = group
    _audit("factor_linked", reference, person, factor=factor_id, other=other_id)
    return factor


@transaction.atomic
def unlink(*, reference: str, factor_id: int, person: Person) -> None:
    """Not the same after all: this factor stands alone again, the others stay linked."""
    seen = review_queries.visible_factors(person).filter(pk=factor_id, review__incident__reference=reference)
    if not seen.exists():
        raise UnknownFactor(_("This review has no factor %(number)s.") % {"number": factor_id})
    if ContributingFactor.objects.filter(pk=factor_id, recurring__isnull=False).update(recurring=None):
        _audit("factor_unlinked", reference, person, factor=factor_id)


def _audit(verb: str, reference: str, person: Person, **data: int) -> None:
    AuditEntry.objects.create(actor=person, verb=verb, subject=reference, data=data)
