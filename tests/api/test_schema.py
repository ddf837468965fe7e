"""The API describes itself completely, for people who are signed in, from this server alone."""

import re
from collections.abc import Callable
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from tests.routes_api import API

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


def operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_it_is_valid_and_nothing_had_to_be_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert out.getvalue().startswith("openapi: 3")
    assert "Warning" not in capsys.readouterr().err


def test_it_names_every_operation_of_the_table(schema: dict[str, Any]) -> None:
    described = sorted(name.partition(" ")[0] for name in operations(schema))
    rows = [row for name, row in API.items() if name.startswith("api-")]  # what monitoring reads is not described here
    promised = sorted(method for row in rows for method in getattr(row, "methods", {}))
    assert described == promised


def test_every_operation_needs_a_token_or_a_session(schema: dict[str, Any]) -> None:
    assert set(schema["components"]["securitySchemes"]) == {"token", "session"}
    for name, operation in operations(schema).items():
        assert operation.get("security") == [{"token": []}, {"session": []}], name


def test_every_operation_has_words_and_a_name_of_its_own(schema: dict[str, Any]) -> None:
    found = operations(schema)
    names = [operation["operationId"] for operation in found.values()]
    assert sorted(names) == sorted(set(names))
    assert [name for name, operation in found.items() if not operation.get("description")] == []


def test_the_desks_answer_is_described(schema: dict[str, Any]) -> None:
    asked = schema["components"]["schemas"]["CandidateInRequest"]
    assert sorted(asked["required"]) == ["cannot_do", "contact", "service"]
    assert {"reference", "intake"} <= set(schema["components"]["schemas"]["CandidateOut"]["properties"])


def test_it_is_for_people_who_are_signed_in(
    client: Client, cast: SimpleNamespace, api: Callable[..., APIClient]
) -> None:
    for address in ("/api/schema/", "/api/docs/"):
        assert client.get(address).status_code in {401, 403}
    assert api(cast.olaf).get("/api/schema/").status_code == 200


def test_the_browsable_page_needs_nobody_else(cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    client = signed_in(cast.mia)
    page = client.get("/api/docs/")
    assert page.status_code == 200
    body = page.content.decode()
    sources = re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]+)"', body)
    assert sources
    assert [source for source in sources if not source.startswith("/") or source.startswith("//")] == []
    assert "cdn" not in body.lower()
    # The portal's policy lets no script and no style run that stands in the page itself.
    assert re.findall(r"<script(?![^>]*(?:\ssrc=|application/json))[^>]*>|<style|\sstyle=|\son\w+=", body) == []
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/schema/" in script.content.decode()
