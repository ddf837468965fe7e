"""Factory functions, keywords only: each makes one believable row and what it must hang on."""

import itertools
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from comms.models import Audience, Endpoint, Recipient
from mim_portal.lib import sealing
from teams.choices import Role
from teams.models import EngagementProfile, Membership, Person, ProfileProposal, Service, Site, Team

_numbers = itertools.count(1)

# A Monday morning in London, offset zero: the moment at which most tests begin.
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def person(*, username: str = "", roles: tuple[str, ...] = (), **fields: Any) -> Person:
    """An active person; the password of every test person is `correct horse battery`."""
    made = unsaved_person(username=username, roles=roles, **fields)
    made.save()
    return made


def unsaved_person(*, username: str = "", roles: tuple[str, ...] = (), **fields: Any) -> Person:
    """A person for a test that saves many at once."""
    username = username or f"person{next(_numbers)}"
    fields.setdefault("first_name", username.capitalize())
    fields.setdefault("last_name", "Example")
    fields.setdefault("email", f"{username}@example.org")
    return Person(username=username, roles=list(roles), password=_password(), **fields)


@cache
def _password() -> str:
    return make_password(PASSWORD)


def site(*, slug: str = "", **fields: Any) -> Site:
    slug = slug or f"site-{next(_numbers)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    return Site.objects.create(slug=slug, **fields)


def team(*, slug: str = "", members: tuple[Person, ...] = (), **fields: Any) -> Team:
    slug = slug or f"team-{next(_numbers)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    made = Team.objects.create(slug=slug, **fields)
    Membership.objects.bulk_create([Membership(team=made, person=member) for member in members])
    return made


def profile(*, of: Team, **fields: Any) -> EngagementProfile:
    fields.setdefault("version", of.profiles.count() + 1)
    fields.setdefault("reach", "Chat first by day, phone by night.")
    fields.setdefault("opening", "Say what is affected, since when, and what you need from us.")
    fields.setdefault("facts_wanted", ["symptom", "since when", "recent change"])
    return EngagementProfile.objects.create(team=of, **fields)


def proposal(*, of: Team, by: Person, **fields: Any) -> ProfileProposal:
    fields.setdefault("field", "avoid")
    fields.setdefault("text", "No question about the end before the first finding.")
    fields.setdefault("reason", "The first finding came late because of calls.")
    fields.setdefault("proposed_at", NOON)
    return ProfileProposal.objects.create(team=of, proposed_by=by, **fields)


def service(*, slug: str = "", owner_team: Team | None = None, **fields: Any) -> Service:
    slug = slug or f"service-{next(_numbers)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    return Service.objects.create(slug=slug, owner_team=owner_team, **fields)


def recipient(*, audience: str, address: str, **fields: Any) -> Recipient:
    return Recipient.objects.create(audience=Audience.objects.get(code=audience), address=address, **fields)


def endpoint(*, kind: str = "webhook", address: str = "https://hooks.example.org/x", **fields: Any) -> Endpoint:
    """A way out other than mail, its address and secret sealed."""
    secret = fields.pop("secret", "")
    values: dict[str, Any] = {
        "code": f"endpoint-{next(_numbers)}",
        "name": "Operations",
        "host": "hooks.example.org",
        "secret_sealed": sealing.seal(secret),
    }
    return Endpoint.objects.create(kind=kind, address_sealed=sealing.seal(address), **values | fields)


def paging_target(
    *, of: Team, kind: str = "webhook", key: str = "", inbound: str = "inbound", **fields: Any
) -> Endpoint:
    """Where a team is paged."""
    sealed = {"key_sealed": sealing.seal(key), "inbound_sealed": sealing.seal(inbound)}
    return endpoint(kind=kind, **{"team": of, "name": kind.title(), **sealed, **fields})


def manager(**fields: Any) -> Person:
    return person(roles=(Role.INCIDENT_MANAGER,), **fields)
