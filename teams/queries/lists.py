"""The organisation's lists as administrators keep them: teams, services, sites, words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from teams.models import Contact, GlossaryTerm, Membership, Service, Site, Team
from teams.rules import fingerprints

# What rows of a list are found by, and listed in the order of.
KEYS: Mapping[str, str] = {"teams": "slug", "services": "slug", "sites": "slug", "words": "pk"}
ORDERS: Mapping[str, str] = {"teams": "slug", "services": "slug", "sites": "slug", "words": "folded"}


def rows(of: str, *, q: str = "", active: bool | None = None) -> QuerySet[Any]:
    """A list with what a line of it shows, in a fixed number of queries."""
    found = _ROWS[of]()
    if q:
        name = "term" if of == "words" else "name"
        also = "meaning" if of == "words" else "slug"
        found = found.filter(Q(**{f"{name}__icontains": q}) | Q(**{f"{also}__icontains": q}))
    if active is not None and of != "words":
        found = found.filter(is_active=active)
    return found.order_by(ORDERS[of])


def one(of: str, key: Any) -> Any:
    """One row, or None."""
    if KEYS[of] == "pk" and not (str(key).isdecimal() and len(str(key)) < 19):
        return None
    return _ROWS[of]().filter(**{KEYS[of]: key}).first()


def with_members(found: QuerySet[Team]) -> QuerySet[Team]:
    """Teams with the active people in them, leads first."""
    members = Membership.objects.filter(person__is_active=True).select_related("person")
    return found.prefetch_related(Prefetch("memberships", members.order_by("-is_lead", "person__username")))


def state(of: str, row: Any) -> dict[str, Any]:
    """What can be changed about the row, as plain values."""
    return _STATES[of](row)


def version(of: str, row: Any) -> str:
    """Changes with every change of the row's state."""
    return fingerprints.of(state(of, row))


def _teams() -> QuerySet[Team]:
    contacts = Contact.objects.order_by("position", "pk")
    return Team.objects.prefetch_related(
        Prefetch("contacts", contacts), Prefetch("services", Service.objects.order_by("name"))
    )


def _services() -> QuerySet[Service]:
    return Service.objects.select_related("owner_team").prefetch_related(
        Prefetch("sites", Site.objects.order_by("slug")), Prefetch("depends_on", Service.objects.order_by("slug"))
    )


def _team_state(row: Team) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("name", "description", "time_zone", "is_active")}
    return plain | {
        "contacts": [[one.kind, one.value, one.note, one.position, one.hours] for one in row.contacts.all()]
    }


def _site_state(row: Site) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("name", "country", "time_zone", "headcount", "is_active")}


def _service_state(row: Service) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("name", "description", "tier", "is_active")} | {
        "owner_team": row.owner_team.slug if row.owner_team else "",
        "sites": [site.slug for site in row.sites.all()],
        "depends_on": [needed.slug for needed in row.depends_on.all()],
    }


def _word_state(row: GlossaryTerm) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("term", "meaning", "is_plain")}


_ROWS: Mapping[str, Callable[[], QuerySet[Any]]] = {
    "teams": _teams,
    "services": _services,
    "sites": lambda: Site.objects.all(),
    "words": lambda: GlossaryTerm.objects.annotate(folded=Lower("term")),  # as term_once_in_any_case has them
}
_STATES: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "teams": _team_state,
    "services": _service_state,
    "sites": _site_state,
    "words": _word_state,
}
