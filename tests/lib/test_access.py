"""Who may open a page: closed unless a rule opens it, by role and by what is done there."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from mim_portal import middleware
from mim_portal.lib import access
from teams.models import Person

READERS, WRITERS = frozenset({"auditor", "deputy"}), frozenset({"deputy"})


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(
    ("roles", "may"), [(["auditor"], True), (["deputy"], True), (["executive"], False), ([], False)]
)
def test_reading_asks_for_the_readers_roles(method: str, roles: list[str], may: bool) -> None:
    rule = access.Rule(read=READERS, act=WRITERS)
    assert rule.allows(method=method, roles=roles, is_authenticated=True) is may


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
@pytest.mark.parametrize(("roles", "may"), [(["auditor"], False), (["auditor", "deputy"], True), ([], False)])
def test_anything_else_asks_for_the_writers(method: str, roles: list[str], may: bool) -> None:
    rule = access.Rule(read=READERS, act=WRITERS)
    assert rule.allows(method=method, roles=roles, is_authenticated=True) is may


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_gets_into_public_pages_only(method: str) -> None:
    """Whatever roles somebody claims who is not signed in."""
    assert not access.Rule().allows(method=method, roles=["deputy"], is_authenticated=False)
    assert not access.Rule(read=READERS, act=READERS).allows(method=method, roles=["deputy"], is_authenticated=False)
    assert access.Rule(is_public=True).allows(method=method, roles=[], is_authenticated=False)


def test_none_is_everybody_signed_in_and_nothing_is_nobody() -> None:
    rule = access.Rule(read=None, act=frozenset())
    assert rule.allows(method="GET", roles=[], is_authenticated=True)
    assert not rule.allows(method="POST", roles=["administrator"], is_authenticated=True)


def page(_: HttpRequest) -> HttpResponse:
    """A page."""
    return HttpResponse("inside")


def asked(method: str = "get", *, roles: list[str] | None = None) -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(), method)("/somewhere/?a=b%26c")
    request.user = AnonymousUser() if roles is None else Person(username="mia", roles=roles)
    return request


def test_a_part_of_a_page_never_becomes_the_sign_in_page() -> None:
    """htmx would put it, with its scripts, into a page on which somebody types."""
    request = asked("post")
    request.META["HTTP_HX_REQUEST"] = "true"
    answer = access.allow(read=READERS, act=WRITERS)(page)(request)
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_stranger_is_led_to_the_sign_in_and_back() -> None:
    answer = access.allow(read=READERS)(page)(asked())
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/somewhere/%3Fa%3Db%2526c")


@pytest.mark.parametrize(
    ("came_from", "led_to"),
    [
        (
            "http://testserver/incidents/MI-2026-0001/state/?to=restored",
            "/incidents/MI-2026-0001/state/%3Fto%3Drestored",
        ),
        ("https://elsewhere.example/incidents/", "/"),
        ("", "/"),
    ],
)
def test_who_sent_a_form_is_led_back_to_where_it_stands(came_from: str, led_to: str) -> None:
    """After a session ran out the form's own address would show nothing."""
    request = asked("post")
    request.META["HTTP_REFERER"] = came_from
    answer = access.allow(read=(), act=WRITERS)(page)(request)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={led_to}")


def test_where_nothing_is_read_whoever_may_send_the_form_is_told_so() -> None:
    guarded = access.allow(read=(), act=["incident_manager"])(page)
    answer = guarded(asked(roles=["incident_manager"]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    with pytest.raises(PermissionDenied):
        guarded(asked(roles=["auditor"]))


def test_somebody_else_is_turned_away() -> None:
    with pytest.raises(PermissionDenied):
        access.allow(read=READERS)(page)(asked(roles=["executive"]))


def test_a_page_that_only_reads_takes_no_form() -> None:
    guarded = access.allow(read=READERS)(page)
    assert guarded(asked(roles=["auditor"])).content == b"inside"
    with pytest.raises(PermissionDenied):
        guarded(asked("post", roles=["auditor"]))


def test_a_public_page_never_asks_who_it_is() -> None:
    class Unknown:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"{name} was asked")

    request = asked()
    request.user = Unknown()  # type: ignore[assignment]
    assert access.public(page)(request).content == b"inside"


def test_the_view_keeps_its_name_and_tells_its_rule() -> None:
    guarded = access.allow(read=["auditor"], act=None)(page)
    assert (guarded.__name__, guarded.__doc__) == ("page", "A page.")
    rule: access.Rule = guarded.access_rule  # type: ignore[attr-defined]
    assert (rule.read, rule.act, rule.is_public) == (frozenset({"auditor"}), None, False)


def test_a_view_without_a_rule_is_a_closed_door() -> None:
    door = middleware.DenyByDefaultMiddleware(page)
    with pytest.raises(PermissionDenied):
        door.process_view(asked(roles=["administrator"]), page)
    assert door.process_view(asked(), access.public(page)) is None


@pytest.mark.parametrize(
    ("module", "is_known"),
    [
        ("allauth.account.views", True),
        ("django.contrib.admin.options", True),
        ("django.contrib.auth.admin", True),
        ("django.contrib.auth.views", False),
        ("allauthentic.views", False),
        ("incidents.views.acts", False),
        ("tests.lib", False),
    ],
)
def test_only_known_packages_guard_themselves(module: str, is_known: bool) -> None:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view.__module__ = module
    assert middleware.is_guarded(view) is is_known


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/teams/", "application/problem+json"), ("/incidents/", None)])
@pytest.mark.parametrize("where", ["path", "query"])
def test_a_null_character_in_an_address_gets_no_further(path: str, kind: str | None, where: str) -> None:
    request = RequestFactory().get(f"{path}%00" if where == "path" else f"{path}?q=a%00b")
    door = middleware.DenyByDefaultMiddleware(page)
    if kind is None:
        with pytest.raises(BadRequest):
            door.process_view(request, access.public(page))
        return
    answer = door.process_view(request, access.public(page))
    assert answer is not None
    assert (answer.status_code, answer["Content-Type"]) == (400, kind)
