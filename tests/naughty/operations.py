"""Every operation of the REST API, as its own description tells it, with a body that fits and an address that is."""

import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from tests import routes_world
from tests.routes_api import API
from tests.test_routes import OWN as ROUTES

Schema = dict[str, Any]
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
                    yield method, path, self.known(content["application/json"]["schema"])

    def fitting(self, schema: Schema, name: str = "") -> Any:
        """A value that the description allows."""
        known = self.known(schema)
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
        known = self.known(schema)
        if known.get("type") == "object":
            for key, one in known.get("properties", {}).items():
                yield from ((key, *rest) for rest in self.texts(one))
            if isinstance(known.get("additionalProperties"), dict):
                yield from (("x", *rest) for rest in self.texts(known["additionalProperties"]))
        elif known.get("type") == "array":
            yield from (("0", *rest) for rest in self.texts(known["items"]))
        elif known.get("type", "string") == "string":
            yield ()

    def known(self, schema: Schema) -> Schema:
        """What a reference, or one of several, stands for."""
        if "$ref" in schema:
            return self.known(self.schema["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        for several in ("allOf", "oneOf", "anyOf"):
            if several in schema:
                return self.known(schema[several][0])
        return schema


def changed(body: Any, place: tuple[str, ...], text: str) -> Any:
    """The body with this text at that place."""
    if not place:
        return text
    if isinstance(body, list):
        return [changed(body[0], place[1:], text)]
    return {**body, place[0]: changed(body[place[0]], place[1:], text)}


def addresses(world: SimpleNamespace, described: Described, *, paths: set[str] | None = None) -> dict[str, str]:
    """An address in this world for each path, or for every one of the description that takes JSON."""
    found = {
        reverse(route.name, kwargs=routes_world.arguments(world, route.name, route.parameters))
        for route in ROUTES
        if route.name in API
    }
    wanted_paths = paths or {path for _method, path, _body in described.operations()}
    by_path = {}
    for path in wanted_paths:
        wanted = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        named = [one for one in found if wanted.fullmatch(one)]
        by_path[path] = next(one for one in named if one == path or one not in described.schema["paths"])
    return by_path


def send(client: APIClient, method: str, url: str, body: Any) -> Any:
    """The answer, and nothing of what the request did."""
    point = transaction.savepoint()
    answer = client.generic(method.upper(), url, json.dumps(body), content_type="application/json")
    transaction.savepoint_rollback(point)
    return answer
