"""Addresses that updates are kept from."""

from django.db.models import QuerySet

from comms.models import Suppression


def current(*, q: str = "") -> QuerySet[Suppression]:
    """What nobody has lifted; the last ones first."""
    found = Suppression.objects.filter(lifted_at=None).order_by("-pk")
    return found.filter(address__contains=q.strip().lower()) if q.strip() else found


def is_held(address: str) -> bool:
    """Whether nothing goes there: mail came back, or its reader called ours unwanted."""
    return current().filter(address=address).exists()


def one(pk: int) -> Suppression | None:
    return Suppression.objects.filter(pk=pk, lifted_at=None).first()
