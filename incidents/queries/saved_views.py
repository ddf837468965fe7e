"""The views that a person can choose from: their own, then what others share."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from incidents.models import SavedView
from mim_portal.lib import prepared
from teams.models import Person

SHOWN = 30


def visible(person: Person | int) -> QuerySet[SavedView]:
    """Own ones first, by name."""
    is_other = Case(When(owner=person, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = SavedView.objects.filter(Q(owner=person) | Q(is_shared=True)).select_related("owner")
    return found.annotate(is_other=is_other).order_by("is_other", "name", "pk")


def shown(person: Person) -> list[SavedView]:
    """As many as the page has room for."""
    return _shown(person=person)


def ask(person: Person) -> prepared.Ask:
    """What `shown` asks, to be asked together with more."""
    return _shown.ask(person=person)


@prepared.query
def _shown(*, person: int) -> QuerySet[SavedView]:
    return visible(person)[:SHOWN]
