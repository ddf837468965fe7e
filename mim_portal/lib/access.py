"""Who may open a page: deny by default, then allow by role.

Every view carries its rule; mim_portal.middleware refuses a view that has none, so a forgotten rule is a closed door.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Rule:
    """Roles that may read and roles that may act; `None` in either means anyone signed in, `is_public` anyone."""

    read: frozenset[str] | None = None
    act: frozenset[str] | None = None
    is_public: bool = False

    def allows(self, *, method: str, roles: Iterable[str], is_authenticated: bool) -> bool:
        if self.is_public:
            return True
        if not is_authenticated:
            return False
        wanted = self.read if method in SAFE_METHODS else self.act
        return wanted is None or not wanted.isdisjoint(roles)

    @property
    def only_takes_forms(self) -> bool:
        """Whether nobody reads anything there."""
        return not self.is_public and self.read is not None and not self.read


def allow(*, read: Iterable[str] | None, act: Iterable[str] | None = ()) -> Callable[[View], View]:
    """Let holders of any of the `read` roles open a page and of any of the `act` roles send its forms.

    None means everybody who is signed in; an empty `act` closes the page to every form.
    """
    return _guarded(
        Rule(
            read=None if read is None else frozenset(read),
            act=None if act is None else frozenset(act),
        )
    )


def public(view: View) -> View:
    """Let anyone in: sign-in, health, status pages, links that carry their own signature."""
    return _guarded(Rule(is_public=True))(view)


def _guarded(rule: Rule) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not (rule.is_public or _allows(rule, request)):  # a public page never asks who it is
                if not request.user.is_authenticated:
                    if "HX-Request" in request.headers:  # the sign-in page must not be put into a part of this one
                        return HttpResponse(status=401)
                    return redirect_to_login(_where_to_read(request))
                if rule.only_takes_forms and _allows(rule, request, method="POST"):
                    return HttpResponseNotAllowed(["POST"])
                raise PermissionDenied
            response: HttpResponse = view(request, *args, **kwargs)
            return response

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def _where_to_read(request: HttpRequest) -> str:
    """Where somebody goes on after signing in: the page itself, or the one whose form was sent, which keeps what was
    typed; a form's own address shows nothing.
    """
    if request.method in SAFE_METHODS:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return "/"
    return urlunsplit(("", "", came_from.path, came_from.query, ""))


def _allows(rule: Rule, request: HttpRequest, *, method: str = "") -> bool:
    user = request.user
    asked = method or request.method or "GET"
    return rule.allows(method=asked, roles=getattr(user, "roles", ()), is_authenticated=user.is_authenticated)
