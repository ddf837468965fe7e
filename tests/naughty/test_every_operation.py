"""Every operation of the REST API, as its own description tells it: whatever stands in a text is kept or refused."""

import json
import os
import re
from collections.abc import Callable, Iterator
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from teams.choices import Role
from teams.models import Person
from tests import routes_world
from tests.naughty.texts import NUL, OWN, SURROGATE, big_list
from tests.routes_api import API
from tests.test_routes import OWN as ROUTES

Schema = dict[str, Any]
LONG = "é" * 60_000
WRITES = ("post", "put", "patch")
# What a field wants that is a text by its kind and names something that there is.
NAMED = {
    "service": "payroll",
    "team": "payments-team",
    "manager": "mia",
    "owner": "rosa",
    "to": "omar",
    "person": "rosa",
}
NAMED |= {
    "lead": "rosa",
    "username": "rosa",
    "confirmer": "mia",
    "time_zone": "UTC",
    "locale": "en-gb",
    "country": "IE",
}
FORMATS = {"date-time": "2026-11-23T09:00:00Z", "date": "2099-01-31", "email": "niamh@example.org", "time": "09:00"}
FORMATS |= {"uri": "https://example.org/1", "uuid": "00000000-0000-4000-8000-000000000000"}


class Described:
    """The API's description, and from it a body with something fitting in every field."""

    def __init__(self, named: dict[str, str]) -> None:
        self.named = named
        self.schema: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]

    def operations(self) -> Iterator[tuple[str, str, Schema]]:
        """Method, path and body of what takes JSON."""
        for path, item in self.schema["paths"].items():
            for method in WRITES:
                content = item.get(method, {}).get("requestBody", {}).get("content", {})
                if "application/json" in content:
                    yield method, path, self._known(content["application/json"]["schema"])

    def fitting(self, schema: Schema, name: str = "") -> Any:
        """A value that the description allows."""
        known = self._known(schema)
        if "enum" in known:
            return next(value for value in known["enum"] if value)
        kind = known.get("type")
        if kind == "object":
            more = known.get("additionalProperties")
            inner = {"x": self.fitting(more)} if isinstance(more, dict) else {}
            return {key: self.fitting(one, key) for key, one in known.get("properties", {}).items()} or inner
        if kind == "array":
            return [self.fitting(known["items"], name)]
        plain = {"integer": known.get("minimum", 1), "number": 1, "boolean": False}
        return plain.get(str(kind), FORMATS.get(known.get("format", ""), self.named.get(name, "Words.")))

    def texts(self, schema: Schema) -> Iterator[tuple[str, ...]]:
        """Where a text can stand, also inside of objects and lists."""
        known = self._known(schema)
        if known.get("type") == "object":
            for key, one in known.get("properties", {}).items():
                yield from ((key, *rest) for rest in self.texts(one))
            if isinstance(known.get("additionalProperties"), dict):
                yield from (("x", *rest) for rest in self.texts(known["additionalProperties"]))
        elif known.get("type") == "array":
            yield from (("0", *rest) for rest in self.texts(known["items"]))
        elif known.get("type", "string") == "string":
            yield ()

    def _known(self, schema: Schema) -> Schema:
        """What a reference, or one of several, stands for."""
        if "$ref" in schema:
            return self._known(self.schema["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        for several in ("allOf", "oneOf", "anyOf"):
            if several in schema:
                return self._known(schema[several][0])
        return schema


def changed(body: Any, place: tuple[str, ...], text: str) -> Any:
    """The body with this text at that place."""
    if not place:
        return text
    if isinstance(body, list):
        return [changed(body[0], place[1:], text)]
    return {**body, place[0]: changed(body[place[0]], place[1:], text)}


def addresses(world: SimpleNamespace, described: Described) -> dict[str, str]:
    """An address in this world for every path of the description."""
    found = {
        reverse(route.name, kwargs=routes_world.arguments(world, route.name, route.parameters))
        for route in ROUTES
        if route.name in API
    }
    paths = {path for _method, path, _body in described.operations()}
    by_path = {}
    for path in paths:
        wanted = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        named = [one for one in found if wanted.fullmatch(one)]
        by_path[path] = next(one for one in named if one == path or one not in described.schema["paths"])
    return by_path


@pytest.fixture
def senders(cast: SimpleNamespace, world: SimpleNamespace, api: Callable[..., APIClient]) -> list[APIClient]:
    """People of the world who may do everything: what is somebody's own is tried by them."""
    people = [cast.mia, cast.omar, cast.rosa, cast.desmond, cast.petra, cast.ada]
    Person.objects.filter(pk__in=[one.pk for one in people]).update(roles=list(Role.values))
    clients = [api(Person.objects.get(pk=one.pk)) for one in people]
    for client in clients:
        client.raise_request_exception = False
    return clients


def send(client: APIClient, method: str, url: str, body: Any) -> Any:
    """The answer, and nothing of what the request did."""
    point = transaction.savepoint()
    answer = client.generic(method.upper(), url, json.dumps(body), content_type="application/json")
    transaction.savepoint_rollback(point)
    return answer


def is_said(answer: Any) -> bool:
    """Whether a refusal says in words what is wrong."""
    if answer["Content-Type"] != "application/problem+json":
        return False
    problem = answer.json()
    return bool(problem["detail"] or problem["errors"]) and all(error["detail"] for error in problem["errors"])


def test_every_text_of_every_operation(world: SimpleNamespace, senders: list[APIClient]) -> None:
    """In each place one text that cannot be kept and one of the odd ones, or MIM_NAUGHTY of each kind."""
    described = Described(NAMED | dict.fromkeys(("incident", "into"), world.incident.reference))
    at = addresses(world, described)
    odd = [*OWN.values(), *(text for text in big_list() if text.strip())]
    words, impossible = cycle(odd), cycle([NUL, SURROGATE, LONG])
    each = int(os.environ.get("MIM_NAUGHTY", "1"))
    wrong, tried, refused_to_all = {}, 0, []
    for method, path, schema in described.operations():
        body = described.fitting(schema)
        found = {one: send(one, method, at[path], body).status_code for one in senders}
        # A body may name by number what is not there, or was with other numbers: that is no refusal of the sender.
        allowed = [one for one in senders if found[one] not in {403, 404}] or [
            one for one in senders if found[one] != 403
        ]
        if not allowed:
            refused_to_all.append(f"{method} {path}")
        client = (allowed or senders)[0]
        for place in described.texts(schema):
            for text in [next(kind) for kind in (impossible, words) for _ in range(each)]:
                answer = send(client, method, at[path], changed(body, place, text))
                tried += 1
                if answer.status_code >= 500 or (answer.status_code >= 400 and not is_said(answer)):
                    wrong[method, path, place, ascii(text)[:40]] = answer.status_code
    assert wrong == {}
    assert tried > 700
    assert refused_to_all == []
