"""Deny by default: every address has a row in the table, carries that rule, and answers every person by it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings
from rest_framework.test import APIClient

from mim_portal.lib.access import SAFE_METHODS
from mim_portal.middleware import is_guarded
from teams.choices import Role, Scope
from tests import cast as people
from tests import factories, routes_world
from tests.routes_roles import MOVED
from tests.routes_rows import NOBODY, Account, Api, Described, Open, Page, Roles, Row
from tests.routes_table import TABLE

STRANGER = "a stranger"
READ, DONE = {200}, {200, 201, 204, 302, 400, 409, 412, 422}
SIGN_IN = "/account/login/"


@dataclass(frozen=True)
class Route:
    """One address of the resolver."""

    name: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]

    @property
    def view_class(self) -> Any:
        return getattr(self.view, "cls", None)


def routes() -> Iterator[Route]:
    """Every named address, the admin's too."""

    def walk(patterns: list[Any], prefix: str = "", taken: tuple[str, ...] = ()) -> Iterator[Route]:
        for pattern in patterns:
            parameters = (*taken, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLResolver):
                inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from walk(pattern.url_patterns, inner, parameters)
            else:
                assert isinstance(pattern, URLPattern)
                yield Route(f"{prefix}{pattern.name}", pattern.callback, tuple(dict.fromkeys(parameters)))

    return walk(get_resolver().url_patterns)


OWN = [route for route in routes() if not route.name.startswith("admin:")]
ADMIN = [route for route in routes() if route.name.startswith("admin:")]


def test_every_address_has_one_row_and_every_row_an_address() -> None:
    names = [route.name for route in OWN]
    assert sorted(names) == sorted(set(names))
    assert sorted(names) == sorted(TABLE)


@pytest.mark.parametrize("route", OWN, ids=lambda route: route.name)
def test_the_view_carries_the_rule_of_the_table(route: Route) -> None:
    row = TABLE[route.name]
    assert is_guarded(route.view)
    rule = getattr(route.view, "access_rule", None)
    if isinstance(row, Page):
        assert rule is not None
        assert not rule.is_public
        assert (rule.read, rule.act) == (row.read, row.act)
    elif isinstance(row, Open):
        assert rule is not None
        assert rule.is_public
    elif isinstance(row, Api):
        carried = {method: (access.scope, access.roles) for method, access in route.view_class.access.items()}
        assert {"GET" if method == "read" else method: rule for method, rule in carried.items()} == row.methods
    else:
        assert rule is None
        assert getattr(route.view_class, "access", None) is None


def allowed(roles: Roles, held: tuple[str, ...]) -> bool:
    return roles is None or not roles.isdisjoint(held)


def right(row: Row, method: str) -> Roles:
    if isinstance(row, Page):
        return row.read if method in SAFE_METHODS else row.act
    assert isinstance(row, Api)
    return row.methods.get(method, ("", frozenset()))[1]


def expected(row: Row, method: str, *, who: str, held: tuple[str, ...]) -> set[int] | str:
    """The statuses that the table allows, or the page to which a stranger is led."""
    if isinstance(row, Page):
        if who == STRANGER:
            return SIGN_IN
        if not allowed(right(row, method), held):
            only_takes_forms = row.read == NOBODY and allowed(row.act, held)
            return {405} if method == "GET" and only_takes_forms else {403}
        return (READ if method == "GET" else DONE) | row.object_rule
    if isinstance(row, Api):
        if who == STRANGER:
            return {401}
        if not allowed(right(row, method), held):
            return {403}
        return (READ if method == "GET" else DONE) | row.object_rule
    if isinstance(row, Described):
        return {401, 403} if who == STRANGER else READ
    if isinstance(row, Open):
        return DONE if row.only_sent else {*(MOVED if row.leads_on else READ), 503}
    return SIGN_IN if who == STRANGER and not row.for_strangers else {200, 302}


def methods(row: Row) -> tuple[str, ...]:
    if isinstance(row, Api):
        return tuple(dict.fromkeys(("GET", "POST", *row.methods)))
    if isinstance(row, Open) and row.only_sent:
        return ("POST",)
    return ("GET", "POST") if isinstance(row, Page) else ("GET",)


def ask(client: Client, method: str, address: str, *, is_api: bool) -> Any:
    """The answer, and nothing of what the request did: it is rolled back."""
    with transaction.atomic():
        options: dict[str, Any] = {"content_type": "application/json"} if is_api else {}
        if is_api and method != "GET":
            options["data"] = json.dumps({})
        answer = getattr(client, method.lower())(address, **options)
        transaction.set_rollback(True)
    return answer


@pytest.fixture
def world(cast: SimpleNamespace, settings: Settings, tmp_path: Path) -> SimpleNamespace:
    settings.MAIL_DIR = tmp_path
    return routes_world.build(cast, mail_dir=tmp_path)


@pytest.mark.parametrize("who", [*people.ROLES, STRANGER])
def test_every_address_answers_this_person_as_the_table_says(
    who: str, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = Client(raise_request_exception=False)
    if who != STRANGER:
        client = signed_in(getattr(cast, who), raise_request_exception=False)
    held = people.ROLES.get(who, ())
    wrong = []
    for route in OWN:
        row = TABLE[route.name]
        address = reverse(route.name, kwargs=routes_world.arguments(world, route.name, route.parameters))
        for method in methods(row):
            answer = ask(client, method, address, is_api=isinstance(row, Api))
            wanted = expected(row, method, who=who, held=held)
            led = wanted == SIGN_IN and answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
            if not led and (isinstance(wanted, str) or answer.status_code not in wanted):
                wrong.append(f"{method} {route.name}: {answer.status_code} instead of {wanted}")
    assert wrong == []


@pytest.mark.parametrize("who", [*people.ROLES, STRANGER])
def test_the_admin_is_for_administrators(
    who: str, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = Client(raise_request_exception=False)
    if who != STRANGER:
        client = signed_in(getattr(cast, who), raise_request_exception=False)
    given = {"object_id": cast.mia.pk, "id": cast.mia.pk, "app_label": "teams", "content_type_id": 1, "url": "x"}
    wrong = []
    for route in ADMIN:
        if route.name in {"admin:login", "admin:logout", "admin:None"}:
            continue  # these lead to the portal's own pages, or to one that is named
        address = reverse(route.name, kwargs={name: given[name] for name in route.parameters if name in given})
        status = client.get(address).status_code
        if (who == "ada" and status >= 500) or (who != "ada" and status not in {301, 302, 403, 404}):
            wrong.append(f"{route.name}: {status}")
    assert wrong == []


def scoped() -> list[tuple[str, str, str]]:
    return [
        (name, method, scope)
        for name, row in TABLE.items()
        if isinstance(row, Api)
        for method, (scope, _) in row.methods.items()
    ]


def test_a_token_needs_the_scope_besides_the_role(world: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    """Somebody who holds every role is still held to the scopes of the token in hand."""
    everybody = factories.person(username="everybody", roles=tuple(Role.values))
    without = {scope: api(everybody, scopes=[s for s in Scope.values if s != scope]) for scope in Scope.values}
    only = {scope: api(everybody, scopes=[scope]) for scope in Scope.values}
    parameters = {route.name: route.parameters for route in OWN}
    wrong = []
    for name, method, scope in scoped():
        row = TABLE[name]
        assert isinstance(row, Api)
        address = reverse(name, kwargs=routes_world.arguments(world, name, parameters[name]))
        refused = ask(without[scope], method, address, is_api=True).status_code
        answered = ask(only[scope], method, address, is_api=True).status_code
        if refused != 403 or answered not in READ | DONE | row.object_rule:
            wrong.append(f"{method} {name} ({scope}): {refused} without it, {answered} with it alone")
    assert wrong == []


def test_account_pages_are_allauths() -> None:
    """Nothing of ours hides behind a name that the walk leaves to allauth."""
    names = {route.name for route in OWN if route.view.__module__.startswith("allauth.")}
    assert names == {name for name, row in TABLE.items() if isinstance(row, Account)}
