"""The organisation's lists as they stand, in the values that a file's cells are read as."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower

from mim_portal.lib import cells, times
from teams.models import Contact, GlossaryTerm, Membership, Person, RotaShift, Service, Site, Team
from teams.rules import import_rows, mail_address
from teams.rules.catalogue import COLUMNS, Kind
from teams.rules.fields import Unusable

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row of the portal: its key there and its values here."""

    pk: int
    values: Values


def load(kind: Kind, **narrowed: Any) -> dict[import_rows.Key, Found]:
    """Everything of a kind by its key; of rotas what `rotas` (names) and `since` narrow it to."""
    return _LOADERS[kind](**narrowed)


def people(within: QuerySet[Person] | None = None) -> dict[import_rows.Key, Found]:
    """By user name in small letters."""
    memberships = Membership.objects.select_related("team").only("person_id", "is_lead", "team__slug")
    found = (Person.objects.all() if within is None else within).order_by("username")
    return {
        (one.username.lower(),): Found(pk=one.pk, values=_person(one))
        for one in found.prefetch_related(Prefetch("memberships", memberships)).iterator(chunk_size=2000)
    }


def teams() -> dict[import_rows.Key, Found]:
    return {
        (one.slug.lower(),): Found(
            pk=one.pk,
            values={
                "slug": one.slug.lower(),
                "name": _line(one.name),
                "description": _prose(one.description),
                "time_zone": one.time_zone,
                "active": one.is_active,
            },
        )
        for one in Team.objects.order_by("slug")
    }


def sites() -> dict[import_rows.Key, Found]:
    return {
        (one.slug.lower(),): Found(
            pk=one.pk,
            values={
                "slug": one.slug.lower(),
                "name": _line(one.name),
                "country": one.country.upper(),
                "time_zone": one.time_zone,
                "headcount": one.headcount,
                "active": one.is_active,
            },
        )
        for one in Site.objects.order_by("slug")
    }


def services() -> dict[import_rows.Key, Found]:
    rows = Service.objects.select_related("owner_team").prefetch_related("sites", "depends_on").order_by("slug")
    return {
        (one.slug.lower(),): Found(
            pk=one.pk,
            values={
                "slug": one.slug.lower(),
                "name": _line(one.name),
                "description": _prose(one.description),
                "tier": one.tier,
                "owner_team": one.owner_team.slug.lower() if one.owner_team else "",
                "sites": tuple(sorted(site.slug.lower() for site in one.sites.all())),
                "depends_on": tuple(sorted(needed.slug.lower() for needed in one.depends_on.all())),
                "active": one.is_active,
            },
        )
        for one in rows
    }


def contacts() -> dict[import_rows.Key, Found]:
    rows = Contact.objects.select_related("team").order_by("team__slug", "position", "pk")
    return {
        (one.team.slug.lower(), one.kind, _line(one.value)): Found(
            pk=one.pk,
            values={
                "team": one.team.slug.lower(),
                "kind": one.kind,
                "value": _line(one.value),
                "note": _line(one.note),
                "position": one.position,
                "hours": one.hours,
            },
        )
        for one in rows
    }


def rotas(rotas: frozenset[str] | None = None, since: datetime | None = None) -> dict[import_rows.Key, Found]:
    """Turns by rota, person and start, in the zone of their rota."""
    found = RotaShift.objects.select_related("rota", "rota__team", "person", "instead_of")
    if rotas is not None:
        found = found.filter(rota__name__in=rotas)
    if since is not None:
        found = found.filter(ends_at__gt=since)
    return {
        shift_key(one.rota.name, one.person.username, one.starts_at): Found(pk=one.pk, values=_shift(one))
        for one in found.order_by("rota__name", "starts_at", "pk")
    }


def shift_key(rota: str, username: str, starts_at: datetime) -> import_rows.Key:
    return (rota, username.lower(), starts_at.astimezone(UTC).isoformat())


def export(kind: Kind, *, now: datetime) -> Iterator[list[str]]:
    """Rows of a file that imports again without a change: headings first; of rotas what is still to come."""
    columns = COLUMNS[kind]
    yield [column.name for column in columns]
    found = rotas(since=now) if kind == Kind.ROTAS else load(kind)
    for one in found.values():
        yield [cells.quoted(column.write(one.values[column.name])) for column in columns]


def template(kind: Kind) -> Iterator[list[str]]:
    """Headings and one believable row."""
    yield [column.name for column in COLUMNS[kind]]
    yield [cells.quoted(column.example) for column in COLUMNS[kind]]


def _person(one: Person) -> Values:
    teams = sorted((member.team.slug.lower(), member.is_lead) for member in one.memberships.all())
    return {
        "username": one.username,
        "email": _address(one.email),
        "first_name": _line(one.first_name),
        "last_name": _line(one.last_name),
        "phone": _line(one.phone),
        "time_zone": one.time_zone,
        "locale": one.locale.lower(),
        "roles": tuple(sorted(one.roles)),
        "teams": tuple(slug for slug, _is_lead in teams),
        "leads": tuple(slug for slug, is_lead in teams if is_lead),
        "active": one.is_active,
    }


def _shift(one: RotaShift) -> Values:
    zone = times.zone(one.rota.time_zone)
    assert isinstance(zone, ZoneInfo) or zone is UTC
    return {
        "rota": one.rota.name,
        "role": one.rota.role,
        "team": one.rota.team.slug.lower() if one.rota.team else "",
        "time_zone": one.rota.time_zone,
        "person": one.person.username,
        "starts_at": one.starts_at.astimezone(zone),
        "ends_at": one.ends_at.astimezone(zone),
        "override": one.is_override,
        "instead_of": one.instead_of.username if one.instead_of else "",
    }


def _address(text: str) -> str:
    try:
        return mail_address.normalised(text) if text else ""
    except Unusable:
        return text


def words() -> dict[import_rows.Key, Found]:
    """By the term in small letters: a word is there once, whatever its case."""
    return {
        (one.term.lower(),): Found(
            pk=one.pk, values={"term": _line(one.term), "meaning": _line(one.meaning), "plain": one.is_plain}
        )
        for one in GlossaryTerm.objects.order_by(Lower("term"))
    }


def _line(text: str) -> str:
    return " ".join(text.split())


def _prose(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


_LOADERS: Mapping[Kind, Callable[..., dict[import_rows.Key, Found]]] = {
    Kind.PEOPLE: people,
    Kind.TEAMS: teams,
    Kind.SITES: sites,
    Kind.SERVICES: services,
    Kind.CONTACTS: contacts,
    Kind.ROTAS: rotas,
    Kind.WORDS: words,
}
