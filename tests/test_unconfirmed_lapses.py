"""A lapse that nobody has confirmed is between the portal and its addressee: no role opens it, no page hints at it."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from comms.models import Update
from incidents.models import Incident, TimelineEntry
from reviews.choices import LapseState
from reviews.models import Lapse
from tests import cast as people
from tests import routes_world
from tests.routes_rows import Api
from tests.routes_table import TABLE
from tests.test_routes import OWN, ask, methods

SENTENCE = "zebra"


@pytest.fixture
def world(cast: SimpleNamespace, settings: Settings, tmp_path: Path) -> SimpleNamespace:
    """One of everything; its lapse waits for Mia's answer."""
    settings.MAIL_DIR = tmp_path
    made = routes_world.build(cast, mail_dir=tmp_path)
    Lapse.objects.filter(pk=made.lapse.pk).update(
        state=LapseState.SUGGESTED, acknowledgement=SENTENCE, conditions=SENTENCE, dismissal_reason=SENTENCE
    )
    return made


@pytest.mark.parametrize("who", sorted(set(people.ROLES) - {"mia"}))
def test_it_exists_for_nobody_else(
    who: str, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(getattr(cast, who), raise_request_exception=False)
    hints = (SENTENCE, f"/ledger/{world.lapse.pk}/", f'"id":{world.lapse.pk},"code":"L')
    found = []
    for route in OWN:
        row = TABLE[route.name]
        about = route.name.removeprefix("api-").startswith("lapse") and route.parameters
        address = reverse(route.name, kwargs=routes_world.arguments(world, route.name, route.parameters))
        for method in methods(row) if about else ("GET",):
            answer = ask(client, method, address, is_api=isinstance(row, Api))
            body = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
            # Input, or reading where only a form is taken, is refused before anything is looked up, whoever asks.
            if about and answer.status_code not in {400, 403, 404, 405}:
                found.append(f"{method} {route.name}: {answer.status_code}")
            if any(hint in body for hint in hints) and answer.status_code != 404:
                found.append(f"{method} {route.name} shows it")
    assert found == []


def test_its_addressee_finds_it(
    cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client, address = signed_in(cast.mia), f"/ledger/{world.lapse.pk}/"
    assert client.get(address).status_code == 200
    assert address in client.get("/ledger/").content.decode()
    assert address in client.get("/").content.decode()


def test_the_admin_lists_nothing_that_happened() -> None:
    """Administrators look after people, teams, services and audiences; what happened they read as everybody does."""
    for model in (Lapse, Incident, TimelineEntry, Update):
        assert not admin.site.is_registered(model)
