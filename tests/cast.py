"""The standing cast of tests: the people of the demo organisation, each with their roles."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from teams.choices import Role, Scope
from teams.models import ApiToken, Person
from tests import factories

ROLES: dict[str, tuple[str, ...]] = {
    "ada": (Role.ADMINISTRATOR,),
    "mia": (Role.INCIDENT_MANAGER,),
    "omar": (Role.INCIDENT_MANAGER,),
    "carla": (Role.COMMUNICATIONS,),
    "desmond": (Role.SERVICE_DESK,),
    "dara": (Role.SERVICE_DESK_LEAD,),
    "petra": (Role.PRACTICE_LEAD,),
    "dan": (Role.DEPUTY,),
    "audra": (Role.AUDITOR,),
    "rosa": (Role.RESPONDER,),
    "nils": (Role.RESPONDER,),
    "eve": (Role.EXECUTIVE,),
    "rita": (Role.SECOND_READER,),
    "leo": (Role.LEGAL_SECURITY,),
    "olaf": (),
}


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """Everybody of the demo, by username: cast.mia, cast.desmond …"""
    everybody = [
        factories.unsaved_person(
            username=username, roles=roles, is_staff=username == "ada", is_superuser=username == "ada"
        )
        for username, roles in ROLES.items()
    ]
    return SimpleNamespace(**{person.username: person for person in Person.objects.bulk_create(everybody)})


@pytest.fixture
def signed_in(db: None) -> Callable[[Person], Client]:
    """A browser in which the person is signed in."""

    def browser(person: Person, **options: Any) -> Client:
        client = Client(**options)
        client.force_login(person, backend="mim_portal.signed_in.Password")
        return client

    return browser


@pytest.fixture
def api(db: None) -> Callable[..., APIClient]:
    """A REST client with a token of the person: api(cast.mia), api(cast.mia, scopes=["read"])."""

    def client(person: Person | None = None, *, scopes: list[str] | None = None) -> APIClient:
        made = APIClient()
        if person is not None:
            _, token = ApiToken.objects.create(user=person, scopes=list(Scope.values) if scopes is None else scopes)
            made.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return made

    return client
