"""No operation of the REST API passes over what was sent in silence: the answer names what is no field of it."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.naughty.operations import NAMED, WRITES, Described, addresses, send

STRANGE = "zz_no_such_field"


@pytest.fixture
def described(world: SimpleNamespace) -> Described:
    return Described(NAMED | dict.fromkeys(("incident", "into"), world.incident.reference))


def objects(described: Described, schema: Any) -> Iterator[tuple[str, ...]]:
    """Where an object with fields of its own stands in a body: as the whole of it, inside, in lists."""
    known = described.known(schema)
    if known.get("type") == "object":
        if known.get("properties"):
            yield ()
        for key, one in known.get("properties", {}).items():
            yield from ((key, *rest) for rest in objects(described, one))
        if isinstance(known.get("additionalProperties"), dict):
            yield from (("x", *rest) for rest in objects(described, known["additionalProperties"]))
    elif known.get("type") == "array":
        yield from (("0", *rest) for rest in objects(described, known["items"]))


def with_stranger(body: Any, place: tuple[str, ...]) -> Any:
    if isinstance(body, list):
        return [with_stranger(body[0], place[1:])]
    if not place:
        return {**body, STRANGE: "x"}
    return {**body, place[0]: with_stranger(body[place[0]], place[1:])}


def says_so(senders: list[APIClient], method: str, url: str, body: Any) -> bool:
    """Whether somebody whose call gets as far as its body is told which name counted for nothing."""
    return any(STRANGE in send(sender, method, url, body).headers.get("Ignored-Fields", "") for sender in senders)


def test_every_body(world: SimpleNamespace, senders: list[APIClient], described: Described) -> None:
    at = addresses(world, described)
    silent, tried = [], 0
    for method, path, schema in described.operations():
        body = described.fitting(schema)
        for place in objects(described, schema):
            tried += 1
            if not says_so(senders, method, at[path], with_stranger(body, place)):
                silent.append((method, path, place))
    assert silent == []
    assert tried > 110


def test_every_address_that_takes_no_body(
    world: SimpleNamespace, senders: list[APIClient], described: Described
) -> None:
    bodyless = [
        (method, path)
        for path, item in described.schema["paths"].items()
        for method in WRITES
        if method in item and "requestBody" not in item[method]
    ]
    at = addresses(world, described, paths={path for _method, path in bodyless})
    silent = [(method, path) for method, path in bodyless if not says_so(senders, method, at[path], {STRANGE: "x"})]
    assert silent == []
    assert len(bodyless) > 15
