"""One of everything that a text can be typed into, and the checker's twin: spelling is not what is tried here."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from teams.choices import Role
from teams.models import Person
from tests import routes_world


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> memory.Language:
    twin = memory.Language(misspelt={})
    monkeypatch.setattr(languagetool, "check", twin.check)
    return twin


@pytest.fixture
def world(cast: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    return routes_world.build(cast, mail_dir=tmp_path)


@pytest.fixture
def senders(cast: SimpleNamespace, world: SimpleNamespace, api: Callable[..., APIClient]) -> list[APIClient]:
    """People of the world who may do everything: what is somebody's own is tried by them."""
    people = [cast.mia, cast.omar, cast.rosa, cast.desmond, cast.petra, cast.ada]
    Person.objects.filter(pk__in=[one.pk for one in people]).update(roles=list(Role.values))
    clients = [api(Person.objects.get(pk=one.pk)) for one in people]
    for client in clients:
        client.raise_request_exception = False
    return clients
