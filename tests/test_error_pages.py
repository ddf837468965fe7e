"""Pages for when something failed: they stand without a database, a session and a person."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from mim_portal.signed_in import SessionStore
from mim_portal.views import errors
from tests.incidents import kit


class Broken:
    """Whatever is asked of it, the database does not answer."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("the database was asked")


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (errors.bad_request, 400, "This request could not be read"),
        (errors.forbidden, 403, "This is not open to you"),
        (errors.not_found, 404, "There is nothing at this address"),
        (errors.server_error, 500, "Something failed on our side"),
        (errors.csrf_failure, 403, "This page had been open for too long"),
    ],
)
def test_error_pages_ask_neither_the_database_nor_the_person(
    view: Callable[[HttpRequest], HttpResponse], status: int, words: str
) -> None:
    request = RequestFactory().get("/")
    request.user = request.session = Broken()  # type: ignore[assignment]
    answer = view(request)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert page.count("<h1>") == 1
    assert "(UTC+0)" in page


@pytest.mark.django_db
def test_an_address_that_only_takes_a_form_says_so(cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    incident = kit.incident(manager=cast.mia)
    answer = signed_in(cast.mia).get(f"/incidents/{incident.reference}/notes/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "It only takes what a form sends. Nothing was changed." in page
    assert "what you typed there is kept" in page


@pytest.mark.django_db
def test_a_page_is_still_an_answer_when_the_database_fails_in_the_middle(
    cast: SimpleNamespace, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(cast.mia, raise_request_exception=False)

    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(SessionStore, "load", fail)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "It has been recorded." in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "code"),
    [
        (errors.bad_request, 400, "bad_request"),
        (errors.forbidden, 403, "forbidden"),
        (errors.not_found, 404, "not_found"),
        (errors.too_many, 429, "throttled"),
        (errors.server_error, 500, "error"),
        (errors.csrf_failure, 403, "csrf"),
    ],
)
def test_programs_get_a_problem_document(view: Callable[[HttpRequest], HttpResponse], status: int, code: str) -> None:
    answer = view(RequestFactory().get("/api/v1/nothing/"))
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(answer.content)["type"].endswith(f":{code}")


@pytest.mark.django_db
def test_an_unknown_address_of_the_api_says_where_the_others_are(client: Client) -> None:
    answer = client.get("/api/v1/no-such-thing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "/api/docs/" in answer.json()["detail"]
