"""People by what others call them."""

from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from teams.models import Person

LIKELY = 100


def named(text: str) -> list[Person]:
    """Active people with this username or address, or else with this full name; in any case of letters."""
    wanted = " ".join(text.split())
    active = Person.objects.filter(is_active=True)
    found = list(active.filter(Q(username__iexact=wanted) | Q(email__iexact=wanted))[:2])
    if found:
        return found
    whole = active.annotate(whole_name=Concat("first_name", Value(" "), "last_name"))
    return list(whole.filter(whole_name__iexact=wanted).order_by("username")[:2])


def name(path: str = "") -> Coalesce:
    """`Person.name` of whoever stands at the end of a path such as `manager__`, for lists that show nothing else."""
    whole = Trim(Concat(f"{path}first_name", Value(" "), f"{path}last_name"))
    return Coalesce(NullIf(whole, Value("")), f"{path}username")


def likely(*, roles: frozenset[str], team_ids: list[int]) -> list[Person]:
    """Whom somebody probably means: holders of these roles and members of these teams, by name."""
    found = Person.objects.filter(is_active=True).filter(
        Q(roles__overlap=sorted(roles)) | Q(memberships__team__in=team_ids)
    )
    return list(found.order_by("first_name", "last_name", "username").distinct()[:LIKELY])
