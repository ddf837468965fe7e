"""People as administrators look after them: the list, one person's state, and what was changed about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from mim_portal.models import AuditEntry
from teams.choices import InvitationState
from teams.models import Invitation, Membership, Person
from teams.rules import fingerprints, invitations, readers

HISTORY = 50
# Signs that make Django's passwords unusable: the person cannot sign in with one.
UNUSABLE = "!"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to; `active` None means both."""

    q: str = ""
    role: str = ""
    team: str = ""
    active: bool | None = True
    invited: bool = False
    readers: bool = False


def listing(chosen: Filters) -> QuerySet[Person]:
    """People by username with their teams and their newest invitation.

    Readers by link have no account, so that they are not among the deactivated: they are found when asked for.
    """
    found, by_link = Person.objects.all(), Q(is_active=False, username__regex=readers.PATTERN)
    if chosen.readers:
        found = found.filter(by_link)
    elif chosen.active is not None:
        found = found.filter(is_active=chosen.active).exclude(by_link)
    if chosen.role:
        found = found.filter(roles__contains=[chosen.role])
    if chosen.team:
        member = Membership.objects.filter(person=OuterRef("pk"), team__slug=chosen.team)
        found = found.filter(Exists(member))
    if chosen.invited:
        waits = Invitation.objects.filter(person=OuterRef("pk"), accepted_at=None, withdrawn_at=None)
        found = found.filter(Exists(waits))
    for word in chosen.q.split()[:5]:
        columns = ("username", "first_name", "last_name", "email")
        either = Q()
        for column in columns:
            either |= Q(**{f"{column}__icontains": word})
        found = found.filter(either)
    return with_teams(found)


def with_teams(found: QuerySet[Person]) -> QuerySet[Person]:
    """Everything that a line or a state needs, in three queries whatever the number."""
    memberships = Membership.objects.select_related("team").order_by("team__name")
    newest = Invitation.objects.select_related("invited_by").order_by("-sent_at", "-pk")
    return found.prefetch_related(Prefetch("memberships", memberships), Prefetch("invitations", newest))


def state(person: Person) -> dict[str, Any]:
    """What can be changed about the person, as plain values."""
    return {
        "username": person.username,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "phone": person.phone,
        "time_zone": person.time_zone,
        "locale": person.locale,
        "roles": sorted(person.roles),
        "teams": {one.team.slug: one.is_lead for one in person.memberships.all()},
        "is_active": person.is_active,
    }


def version(person: Person) -> str:
    """Changes with every change of the person's state: who read an older one is told."""
    return fingerprints.of(state(person))


def reads_by_link(person: Person) -> bool:
    """Whether the person has no account and reads the four lines by a signed link."""
    return readers.reads_by_link(username=person.username, is_active=person.is_active)


def can_sign_in(person: Person) -> bool:
    """Whether there is a password to sign in with."""
    return bool(person.password) and not person.password.startswith(UNUSABLE)


def invitation_state(person: Person, *, now: datetime) -> InvitationState | None:
    """What became of the newest invitation; the person was read by `with_teams`."""
    newest = next(iter(person.invitations.all()), None)
    if newest is None:
        return None
    return invitations.state(
        expires_at=newest.expires_at, accepted_at=newest.accepted_at, withdrawn_at=newest.withdrawn_at, now=now
    )


def history(person: Person) -> Sequence[AuditEntry]:
    """What was changed about the person, newest first."""
    entries = AuditEntry.objects.filter(subject=f"person {person.pk}").select_related("actor")
    return list(entries.order_by("-at", "-pk")[:HISTORY])


def by_username(username: str) -> Person | None:
    """The person, in any case of their name."""
    return with_teams(Person.objects.filter(username__iexact=username)).first()


def addresses_taken(addresses: Sequence[str]) -> Mapping[str, int]:
    """Whose these addresses are, in small letters."""
    found = Person.objects.filter(email__in=addresses).values_list("email", "pk")
    return {address.lower(): pk for address, pk in found}
