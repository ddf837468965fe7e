"""Who to call now: for a role, and for a team."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from mim_portal.lib import prepared
from teams.models import Contact, EngagementProfile, Person, Rota, RotaAbsence, RotaShift, Team

# One read: whoever raises a candidate or misses a promise waits for it. Those on shift in the order of their rotas.
# It says what teams.rules.oncall says: a later override replaces whom it stands in for, whoever is away is on no turn.
_TOLD = f"""
WITH running AS (
    SELECT shift.id, shift.person_id, shift.rota_id, shift.is_override, shift.instead_of_id,
           row_number() OVER (ORDER BY rota.name, shift.starts_at, shift.id) AS place
    FROM {RotaShift._meta.db_table} shift
    JOIN {Rota._meta.db_table} rota ON rota.id = shift.rota_id
    JOIN {Person._meta.db_table} person ON person.id = shift.person_id AND person.is_active
    WHERE rota.role = %(role)s AND shift.starts_at <= %(at)s AND shift.ends_at > %(at)s
), chosen AS (
    SELECT person_id, min(place) AS place FROM running
    WHERE NOT EXISTS (
        SELECT 1 FROM running later
        WHERE later.rota_id = running.rota_id AND later.is_override AND later.id <> running.id
          AND (NOT running.is_override OR later.id > running.id)
          AND (later.instead_of_id IS NULL OR later.instead_of_id = running.person_id)
    ) AND NOT EXISTS (
        SELECT 1 FROM {RotaAbsence._meta.db_table} away
        WHERE away.rota_id = running.rota_id AND away.person_id = running.person_id
          AND away.starts_at <= %(at)s AND away.ends_at > %(at)s
    )
    GROUP BY person_id
)
SELECT person.* FROM {Person._meta.db_table} person LEFT JOIN chosen ON chosen.person_id = person.id
WHERE chosen.person_id IS NOT NULL
   OR (NOT EXISTS (SELECT 1 FROM chosen) AND person.is_active AND person.roles && ARRAY[%(role)s]::varchar[])
ORDER BY chosen.place, person.username
"""  # noqa: S608


def turns(*, at: datetime) -> QuerySet[RotaShift]:
    """Every shift that counts at that moment, with its rota and its active person, in the order of the rotas."""
    running = Q(starts_at__lte=at, ends_at__gt=at)
    replacing = RotaShift.objects.filter(
        running, Q(instead_of=None) | Q(instead_of=OuterRef("person")), rota=OuterRef("rota"), is_override=True
    ).filter(person__is_active=True)
    later = replacing.filter(pk__gt=OuterRef("pk"))
    away = RotaAbsence.objects.filter(running, rota=OuterRef("rota"), person=OuterRef("person"))
    return (
        RotaShift.objects.filter(running, ~Exists(away), person__is_active=True)
        .filter(Q(~Exists(replacing), is_override=False) | Q(~Exists(later), is_override=True))
        .select_related("rota", "person")
        .order_by("rota__name", "starts_at", "id")
    )


def on_shift(role: str, *, at: datetime) -> list[Person]:
    """Active people on the role's rotas at that moment."""
    return _people(_turns_of(role=str(role), at=at))


@prepared.query
def _turns_of(*, role: str, at: datetime) -> QuerySet[RotaShift]:
    return turns(at=at).filter(rota__role=role)


def told(role: str, *, at: datetime) -> list[Person]:
    """Whom a message to a role reaches: those on shift; with nobody on the rota, every holder of the role."""
    return list(Person.objects.raw(_TOLD, {"role": str(role), "at": at}))


def team_on_shift(team: Team, *, at: datetime) -> list[Person]:
    """Active people on the team's own rotas at that moment."""
    return _people(turns(at=at).filter(rota__team=team))


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


def _people(shifts: Iterable[RotaShift]) -> list[Person]:
    return list({row.person_id: row.person for row in shifts}.values())
