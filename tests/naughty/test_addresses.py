"""Whatever stands in an address, a filter or a header is answered in words; never a 500."""

import itertools
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from teams.models import Person

Browser = Callable[..., Client]
Api = Callable[..., APIClient]

WORDS = ("MI-2026\x00", "%", "<script>alert(1)</script>", "🔥", "x" * 300)
NUMBERS = ("0", "99999999999999999999999999", "9" * 4000)
LONGEST_ADDRESS = 2000


def patterns(resolver: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address of ours with its parameters as <kind:name>, and its name."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if not route.startswith(("admin", "account")):
                yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, str(entry.name)


ROUTES = sorted({route for route, _ in patterns() if "<" in route})


def filled(route: str, words: str, number: str) -> str:
    """The address with this word and this number wherever it takes one."""
    route = re.sub(r"\(\?P<\w+>\[\^/\]\+\)", "<str:x>", route).replace("^", "").replace("$", "")
    route = re.sub(r"\(\?P<\w+>([a-z]+)[|a-z]*\)", r"\1", route)
    route = re.sub(r"<int:\w+>", number[:LONGEST_ADDRESS], route)
    route = re.sub(r"<slug:\w+>", "nothing-here", route)
    route = re.sub(r"<list:\w+>", "services", route)
    return "/" + re.sub(r"<(?:str:|path:)?\w+>", lambda _: quote(words, safe=""), route)


def test_the_walk_finds_the_addresses() -> None:
    assert len(ROUTES) > 70
    assert "/incidents/MI/updates/new/" in {filled(route, "MI", "1") for route in ROUTES}
    assert not [filled(route, "MI", "1") for route in ROUTES if re.search(r"[<>()^$?]", filled(route, "MI", "1"))]


# What answers in its own way: a draft begins anew, a factor that is not there is said on the review's page.
ELSEWHERE = {
    "raise/drafts/<int:draft_id>/discard/": {302},  # it is gone, as wished
    "invitation/<str:token>/": {410},  # a link that is no invitation says what to do
    "raise/drafts/<int:draft_id>/": {200, 409},
    "reviews/<str:reference>/factors/<int:factor_id>/remove/": {302},
}


@pytest.mark.parametrize("words", WORDS, ids=ascii)
def test_an_address_that_names_nothing_is_not_found(
    words: str, cast: SimpleNamespace, signed_in: Browser, api: Api
) -> None:
    page, token = signed_in(cast.mia, raise_request_exception=False), api(cast.mia)
    token.raise_request_exception = False
    wrong = {}
    for route in ROUTES:
        address = filled(route, words, "1")
        client: Any = token if route.startswith("api/") else page
        for method in ("get", "post"):
            status = getattr(client, method)(address).status_code
            if status not in {400, 403, 404, 405} | ELSEWHERE.get(route, set()):
                wrong[f"{method} {address}"] = status
    assert wrong == {}


@pytest.mark.parametrize("number", NUMBERS, ids=len)
def test_a_number_that_names_nothing_is_not_found(
    number: str, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Browser, api: Api
) -> None:
    """Beyond what a column holds, and beyond what Python turns into a number."""
    page, token = signed_in(cast.mia, raise_request_exception=False), api(cast.mia)
    token.raise_request_exception = False
    wrong = {}
    for route in (route for route in ROUTES if "<int:" in route):
        reference = world.candidate.reference if "candidates" in route else world.incident.reference
        address = filled(route, reference, number)
        client: Any = token if route.startswith("api/") else page
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            if answer.status_code not in {400, 403, 404, 405} | ELSEWHERE.get(route, set()):
                wrong[f"{method} {address[:80]}"] = answer.status_code
    assert wrong == {}


FILTERS = {
    "/": ("service", "priority", "state", "page"),
    "/incidents/": ("q", "live", "priority", "state", "service", "declared_from", "declared_to", "after", "before"),
    "/candidates/": ("state", "q", "after", "before"),
    "/raise/": ("service", "draft"),
    "/updates/": ("after",),
    "/reviews/": ("state", "after", "before", "q"),
    "/ledger/": ("state", "code", "before", "after"),
    "/metrics/": ("since", "until", "priority", "service"),
    "/teams/": ("q", "after"),
    "/settings/": ("q",),
    "/settings/mail/": ("page", "after", "q"),
    "/account/login/": ("next",),
    "/status/public/": ("q",),
}
API_FILTERS = {
    "/api/v1/incidents/": (
        "q",
        "live",
        "exercise",
        "priority",
        "state",
        "service",
        "from",
        "to",
        "cursor",
        "page_size",
    ),
    "/api/v1/candidates/": ("state", "external_ref", "cursor", "page_size"),
    "/api/v1/deadlines/": ("state", "due_before", "audience", "cursor"),
    "/api/v1/reviews/": ("state", "cursor", "incident"),
    "/api/v1/actions/": ("state", "owner", "cursor", "overdue"),
    "/api/v1/lapses/": ("state", "code", "incident", "cursor"),
    "/api/v1/metrics/": ("from", "to", "priority", "service"),
    "/api/v1/teams/": ("cursor", "page_size"),
    "/api/v1/services/": ("cursor", "q"),
}
ASKED = (
    "\x00",
    "%",
    "<script>alert(1)</script>",
    "x" * 300,
    *NUMBERS,
    "-1",
    "²",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
)


def test_a_page_answers_whatever_it_is_filtered_by(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Browser
) -> None:
    manager, administrator = (signed_in(person, raise_request_exception=False) for person in (cast.mia, cast.ada))
    wrong = {}
    for address, names in FILTERS.items():
        browser = administrator if address.startswith("/settings") else manager
        for asked in ASKED:
            answer = browser.get(address, dict.fromkeys(names, asked[: LONGEST_ADDRESS // len(names)]))
            if answer.status_code not in {200, 302, 400, 404} or b"<script>alert(1)" in answer.content:
                wrong[address, asked[:40]] = answer.status_code
    assert wrong == {}


def test_the_api_answers_whatever_it_is_filtered_by(world: SimpleNamespace, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.petra)
    client.raise_request_exception = False
    wrong = {}
    for address, names in API_FILTERS.items():
        for name, asked in itertools.product(names, ASKED):
            answer = client.get(address, {name: asked[:LONGEST_ADDRESS]})
            is_problem = answer["Content-Type"] == "application/problem+json"
            if (answer.status_code, is_problem) not in {(200, False), (400, True), (404, True)}:
                wrong[address, name, asked[:40]] = answer.status_code
    assert wrong == {}


AS_WSGI_HAS_IT = "🔥".encode().decode("latin-1")


@pytest.mark.parametrize("header", ["If-Match", "Idempotency-Key", "Accept", "Accept-Language", "If-None-Match"])
@pytest.mark.parametrize("words", ["x" * 5000, AS_WSGI_HAS_IT, '"', "*, *", "text/html;q=x, */*;q=9"], ids=ascii)
def test_a_header_never_breaks_an_answer(
    header: str, words: str, world: SimpleNamespace, cast: SimpleNamespace, api: Api
) -> None:
    client = api(cast.mia)
    client.raise_request_exception = False
    at = f"/api/v1/incidents/{world.incident.reference}/"
    answers = [
        client.get(at, headers={header: words}),
        client.patch(at, {"external_ref": "INC7"}, headers={header: words}),
        client.post(f"{at}timeline/", {"text": "Seen."}, headers={header: words}),
    ]
    assert {answer.status_code for answer in answers} <= {200, 201, 304, 400, 406, 412}


@pytest.mark.parametrize("token", ["", "x", AS_WSGI_HAS_IT, "x" * 5000, "Bearer Bearer", "a b c"], ids=ascii)
def test_a_token_that_was_made_up_is_401(token: str, cast: SimpleNamespace) -> None:
    client = APIClient(raise_request_exception=False)
    answer = client.get("/api/v1/people/me/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_a_stranger_types_anything_into_the_sign_in(client: Client, cast: SimpleNamespace) -> None:
    client.raise_request_exception = False
    for words in ("\x00", "mia\x00", "🔥", "x" * 5000, "' OR 1=1 --"):
        answer = client.post("/account/login/", {"login": words, "password": words})
        assert answer.status_code in {200, 429}, words
        assert "_auth_user_id" not in client.session


def test_people_are_who_their_token_says(cast: SimpleNamespace, api: Api) -> None:
    person: Person = cast.mia
    assert api(person).get("/api/v1/people/me/?username=omar").json()["username"] == person.username
