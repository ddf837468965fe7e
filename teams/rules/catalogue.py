"""The organisation's lists as files: which columns there are, what stands in a cell, what a row means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from teams.choices import Role, ServiceTier
from teams.rules import catalogue_cells as cells
from teams.rules import fields


class Kind(StrEnum):
    """The files that can be imported, in the order in which an empty portal takes them."""

    SITES = "sites"
    TEAMS = "teams"
    PEOPLE = "people"
    SERVICES = "services"
    CONTACTS = "contacts"
    ROTAS = "rotas"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: how a cell is read and written, and what a new row has where the file has no such column."""

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    default: Any = ""
    is_needed: bool = False
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""


def _named(slug: str, name: str) -> tuple[Column, Column]:
    """The columns slug and name, with their example."""
    key = "its name in addresses; the row's key"
    return (
        Column(name="slug", read=fields.slug, is_needed=True, help=key, example=slug),
        Column(name="name", read=cells.words(120), is_needed=True, example=name),
    )


_ABOUT = Column(name="description", read=cells.prose, help="what it is, in words that everybody knows")
_ZONE = Column(name="time_zone", read=cells.zone, default="UTC", aliases=("timezone", "zone"), example="Europe/Dublin")
_ACTIVE = Column(
    name="active",
    read=cells.yes_or_no,
    write=cells.write_yes,
    default=True,
    aliases=("is_active",),
    help="yes or no",
    example="yes",
)

COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.PEOPLE: (
        Column(
            name="username",
            read=cells.username,
            aliases=("user_name", "login"),
            help="the row's key; without it the address is; made from the address for new people",
            example="niamh",
        ),
        Column(
            name="email",
            read=cells.address,
            aliases=("e_mail", "mail", "email_address"),
            help="one person an address",
            example="niamh@example.org",
        ),
        Column(name="first_name", read=cells.words(150), aliases=("given_name",), example="Niamh"),
        Column(name="last_name", read=cells.words(150), aliases=("surname", "family_name"), example="Byrne"),
        Column(name="phone", read=cells.words(40), aliases=("telephone", "mobile"), example="+353 1 555 0100"),
        Column(name="time_zone", read=cells.zone, default="UTC", aliases=("timezone", "zone"), example="Europe/Dublin"),
        Column(name="locale", read=cells.language, default="en-gb", aliases=("language",), example="en-gb"),
        Column(
            name="roles",
            read=cells.roles,
            write=cells.write_joined,
            default=(),
            aliases=("role",),
            help=f"separated by semicolons: {', '.join(Role.values)}",
            example="responder",
        ),
        Column(
            name="teams",
            read=cells.several(fields.slug),
            write=cells.write_joined,
            default=(),
            aliases=("team",),
            help="slugs of teams, separated by semicolons",
            example="database",
        ),
        Column(
            name="leads",
            read=cells.several(fields.slug),
            write=cells.write_joined,
            default=(),
            help="teams that the person leads",
            example="",
        ),
        _ACTIVE,
    ),
    Kind.TEAMS: (*_named("database", "Database"), _ABOUT, _ZONE, _ACTIVE),
    Kind.SITES: (
        *_named("dublin", "Dublin"),
        Column(name="country", read=fields.country, help="two letters", example="IE"),
        _ZONE,
        Column(
            name="headcount",
            read=cells.number,
            write=cells.write_number,
            default=None,
            aliases=("people",),
            help="how many work there",
            example="640",
        ),
        _ACTIVE,
    ),
    Kind.SERVICES: (
        *_named("payroll", "Payroll"),
        _ABOUT,
        Column(
            name="tier", read=cells.tier, default="standard", help=", ".join(ServiceTier.values), example="critical"
        ),
        Column(
            name="owner_team",
            read=cells.slug_or_none,
            aliases=("owner", "team"),
            help="slug of a team",
            example="database",
        ),
        Column(
            name="sites",
            read=cells.several(fields.slug),
            write=cells.write_joined,
            default=(),
            aliases=("site",),
            help="slugs of sites, separated by semicolons",
            example="dublin; london",
        ),
        Column(
            name="depends_on",
            read=cells.several(fields.slug),
            write=cells.write_joined,
            default=(),
            aliases=("dependencies",),
            help="slugs of services, separated by semicolons",
            example="sign-in",
        ),
        _ACTIVE,
    ),
    Kind.WORDS: (
        Column(name="term", read=cells.words(120), is_needed=True, aliases=("word", "acronym"), example="BACS"),
        Column(name="meaning", read=cells.words(300), help="what it means", example="the bank transfer of wages"),
        Column(
            name="plain",
            read=cells.yes_or_no,
            write=cells.write_yes,
            default=False,
            aliases=("is_plain", "everybody"),
            help="yes where end users know it too",
            example="no",
        ),
    ),
    Kind.CONTACTS: (
        Column(
            name="team",
            read=fields.slug,
            is_needed=True,
            help="slug of a team; with kind and value the row's key",
            example="database",
        ),
        Column(
            name="kind",
            read=cells.kind_of_contact,
            is_needed=True,
            help=", ".join(cells.CONTACT_KINDS),
            example="phone",
        ),
        Column(
            name="value",
            read=cells.words(200),
            is_needed=True,
            aliases=("address", "number"),
            example="+44 20 7946 0108",
        ),
        Column(name="note", read=cells.words(200), help="when to use it", example="nights and weekends"),
        Column(
            name="position", read=cells.position, default=0, aliases=("order",), help="0 is tried first", example="0"
        ),
        Column(
            name="hours",
            read=cells.call_hours,
            default="always",
            help="always, or only in_hours or out_of_hours of the team",
            example="always",
        ),
    ),
    Kind.ROTAS: (
        Column(
            name="rota",
            read=cells.words(120),
            is_needed=True,
            help="its name; made where there is none of this name",
            example="Incident managers",
        ),
        Column(
            name="role",
            read=cells.role,
            help=f"what a new rota is for: {', '.join(Role.values)}",
            example="incident_manager",
        ),
        Column(name="team", read=cells.slug_or_none, help="or the team that a new rota is for", example=""),
        Column(
            name="time_zone",
            read=cells.zone_or_none,
            aliases=("timezone", "zone"),
            help="of times without an offset; of the rota where it is empty",
            example="Europe/London",
        ),
        Column(
            name="person",
            read=cells.username,
            is_needed=True,
            aliases=("username", "who"),
            help="user name",
            example="niamh",
        ),
        Column(
            name="starts_at",
            read=cells.moment,
            write=cells.write_moment,
            is_needed=True,
            aliases=("start", "from", "starts"),
            help="with rota and person the row's key",
            example="2026-11-23 08:00",
        ),
        Column(
            name="ends_at",
            read=cells.moment,
            write=cells.write_moment,
            is_needed=True,
            aliases=("end", "to", "until", "ends"),
            example="2026-11-23 20:00",
        ),
        Column(
            name="override",
            read=cells.yes_or_no,
            write=cells.write_yes,
            default=False,
            aliases=("is_override",),
            help="yes where it replaces the plan",
            example="no",
        ),
        Column(
            name="instead_of",
            read=cells.username,
            help="whom an override stands in for; everybody where it is empty",
            example="",
        ),
    ),
}
KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PEOPLE: ("username", "email"),
    Kind.TEAMS: ("slug",),
    Kind.SITES: ("slug",),
    Kind.SERVICES: ("slug",),
    Kind.CONTACTS: ("team", "kind", "value"),
    Kind.ROTAS: ("rota", "person", "starts_at"),
    Kind.WORDS: ("term",),
}
