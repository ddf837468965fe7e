"""Who to call now: for a role, and for a team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from teams.models import Contact, EngagementProfile, Person, Rota, RotaShift, Team

# One read: whoever raises a candidate or misses a promise waits for it. Those on shift in the order of their rotas.
_TOLD = f"""
WITH turn AS (
    SELECT shift.person_id, shift.rota_id, shift.is_override,
           row_number() OVER (ORDER BY rota.name, shift.starts_at, shift.id) AS place
    FROM {RotaShift._meta.db_table} shift
    JOIN {Rota._meta.db_table} rota ON rota.id = shift.rota_id
    JOIN {Person._meta.db_table} person ON person.id = shift.person_id AND person.is_active
    WHERE rota.role = %(role)s AND shift.starts_at <= %(at)s AND shift.ends_at > %(at)s
), chosen AS (
    SELECT person_id, min(place) AS place FROM turn
    WHERE is_override OR rota_id NOT IN (SELECT rota_id FROM turn WHERE is_override) GROUP BY person_id
)
SELECT person.* FROM {Person._meta.db_table} person LEFT JOIN chosen ON chosen.person_id = person.id
WHERE chosen.person_id IS NOT NULL
   OR (NOT EXISTS (SELECT 1 FROM chosen) AND person.is_active AND person.roles && ARRAY[%(role)s]::varchar[])
ORDER BY chosen.place, person.username
"""  # noqa: S608


def on_shift(role: str, *, at: datetime) -> list[Person]:
    """Active people on the role's rotas at that moment. An override replaces the plan of its rota."""
    return _people(_shifts(at).filter(rota__role=role))


def told(role: str, *, at: datetime) -> list[Person]:
    """Whom a message to a role reaches: those on shift; with nobody on the rota, every holder of the role."""
    return list(Person.objects.raw(_TOLD, {"role": str(role), "at": at}))


def team_on_shift(team: Team, *, at: datetime) -> list[Person]:
    """Active people on the team's own rotas at that moment."""
    return _people(_shifts(at).filter(rota__team=team))


@dataclass(frozen=True, kw_only=True)
class CallCard:
    """How to reach a team now: its people on shift, its contacts in the order to try, and its own words on both."""

    team: Team
    on_shift: Sequence[Person]
    members: Sequence[Person]
    contacts: Sequence[Contact]
    profile: EngagementProfile | None

    @property
    def people(self) -> Sequence[Person]:
        """Those on shift, or every member where the rota names nobody."""
        return self.on_shift or self.members


def call_card(team: Team, *, at: datetime) -> CallCard:
    """Everything needed to call a team, in four queries."""
    return CallCard(
        team=team,
        on_shift=team_on_shift(team, at=at),
        members=list(team.members.filter(is_active=True).order_by("-memberships__is_lead", "username")),
        contacts=list(team.contacts.order_by("position", "id")),
        profile=current_profile(team),
    )


def current_profile(team: Team) -> EngagementProfile | None:
    """The newest version; that is the one that holds."""
    return team.profiles.select_related("author", "confirmed_by").order_by("-version").first()


def _shifts(at: datetime) -> QuerySet[RotaShift]:
    return RotaShift.objects.filter(starts_at__lte=at, ends_at__gt=at).filter(Q(person__is_active=True))


def _people(shifts: QuerySet[RotaShift]) -> list[Person]:
    rows = list(shifts.select_related("person").order_by("rota__name", "starts_at", "id"))
    overridden = {row.rota_id for row in rows if row.is_override}
    chosen = [row.person for row in rows if row.is_override or row.rota_id not in overridden]
    return list({person.pk: person for person in chosen}.values())
