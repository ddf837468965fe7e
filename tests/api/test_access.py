"""Scopes limit a token, roles limit its person; a view without a rule is closed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from mim_portal.api.permissions import Access, ScopeAndRole, rule_of
from mim_portal.lib.access import SAFE_METHODS
from teams.choices import Scope
from teams.models import ApiToken

Api = Callable[..., APIClient]


def api_views(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from api_views(entry.url_patterns, address)
        elif isinstance(entry, URLPattern) and address.startswith("api/v1/"):
            yield address, entry.callback.cls  # type: ignore[attr-defined]


def test_every_method_of_every_address_has_a_rule_with_a_known_scope() -> None:
    found = list(api_views())
    assert len(found) > 20
    for address, view in found:
        methods = [name.upper() for name in view.http_method_names if hasattr(view, name) and name != "options"]
        for method in methods:
            rule = rule_of(view, method="GET" if method == "HEAD" else method)
            assert rule is not None, f"{method} {address} is closed to everyone"
            assert rule.scope in Scope.values
            assert method in SAFE_METHODS or rule.scope != Scope.READ, f"{method} {address} changes with a read token"


def test_nobody_without_a_role_gets_into_more_than_their_own_page(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.olaf)
    opened = set()
    for address, view in api_views():
        if "<" not in address and hasattr(view, "get") and client.get(f"/{address}").status_code == 200:
            opened.add(address)
    assert opened == {"api/v1/people/me/", "api/v1/people/me/notices/"}


def test_a_view_without_a_rule_is_closed(cast: SimpleNamespace) -> None:
    request: Any = SimpleNamespace(user=cast.ada, auth=None, method="GET")
    bare: Any = SimpleNamespace()
    assert not ScopeAndRole().has_permission(request, bare)
    open_view: Any = SimpleNamespace(access={"read": Access("read")})
    assert ScopeAndRole().has_permission(request, open_view)


def test_a_rule_is_looked_up_by_action_then_method_then_kind() -> None:
    read, post, action = Access("read"), Access("raise"), Access("command")
    view: Any = SimpleNamespace(access={"read": read, "POST": post, "close": action}, action="close")
    assert rule_of(view, method="POST") == action
    view.action = None
    assert (rule_of(view, method="POST"), rule_of(view, method="HEAD"), rule_of(view, method="PUT")) == (
        post,
        read,
        None,
    )


def test_a_token_that_has_expired_or_is_unknown_is_401(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    assert client.get("/api/v1/people/me/").status_code == 200
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert client.get("/api/v1/people/me/").status_code == 401
    client.credentials(HTTP_AUTHORIZATION="Bearer made-up")
    assert client.get("/api/v1/people/me/").status_code == 401


def test_the_last_use_of_a_token_is_remembered_to_the_minute(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    client.get("/api/v1/people/me/")
    first = ApiToken.objects.get().last_used_at
    client.get("/api/v1/people/me/")
    assert ApiToken.objects.get().last_used_at == first
    assert first is not None
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    client.get("/api/v1/people/me/")
    assert ApiToken.objects.get().last_used_at > first


def test_an_inactive_person_has_no_working_token(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    cast.mia.is_active = False
    cast.mia.save()
    assert client.get("/api/v1/people/me/").status_code == 401


def test_tokens_are_stored_hashed(cast: SimpleNamespace) -> None:
    row, token = ApiToken.objects.create(user=cast.mia, scopes=["read"])
    assert token not in (row.digest, row.token_key)
    assert len(row.token_key) < len(token)


def test_a_session_is_guarded_against_foreign_forms(cast: SimpleNamespace) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.desmond, backend="mim_portal.signed_in.Password")
    assert client.get("/api/v1/people/me/").status_code == 200
    assert client.post("/api/v1/candidates/", {}).status_code == 403


@pytest.mark.parametrize("username", ["ada", "audra"])
def test_no_role_commands_by_rank_alone(cast: SimpleNamespace, api: Api, username: str) -> None:
    assert api(getattr(cast, username)).post("/api/v1/incidents/", {}).status_code == 403
