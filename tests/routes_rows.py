"""What a row of the routes table says about an address."""

from collections.abc import Mapping
from dataclasses import dataclass

Roles = frozenset[str] | None  # None: anyone who is signed in
NOBODY: Roles = frozenset()


@dataclass(frozen=True)
class Page:
    """A page: its readers, those who send its forms, and what an object's own rule may answer instead."""

    read: Roles
    act: Roles = NOBODY
    object_rule: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Api:
    """An address of the REST API: by method, the token's scope and the roles."""

    methods: Mapping[str, tuple[str, Roles]]
    object_rule: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Open:
    """Anybody's: health, public status pages (others ask for sign-in and role themselves), signing in; read, or where
    `only_sent` by sending a form alone.
    """

    only_sent: bool = False
    leads_on: bool = False  # to another address


@dataclass(frozen=True)
class Account:
    """A page of allauth, which guards itself: for strangers, or for whoever is signed in."""

    for_strangers: bool = True


@dataclass(frozen=True)
class Described:
    """What the API is, and nothing that happened: any session or token."""


Row = Page | Api | Open | Account | Described
