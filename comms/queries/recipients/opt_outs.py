"""Readers who said no to an audience's updates."""

from django.db.models import QuerySet

from comms.models import OptOut


def current(*, q: str = "") -> QuerySet[OptOut]:
    """The last ones first."""
    found = OptOut.objects.select_related("audience").order_by("-pk")
    return found.filter(address__contains=q.strip().lower()) if q.strip() else found


def one(pk: int) -> OptOut | None:
    return current().filter(pk=pk).first()
