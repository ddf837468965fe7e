"""Scopes limit a token, roles limit its person; both must allow. A view without a rule is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from mim_portal.lib.access import SAFE_METHODS

if TYPE_CHECKING:  # rest_framework.views reads this module through its settings
    from rest_framework.views import APIView


@dataclass(frozen=True)
class Access:
    """What one method of one address needs: a scope of the token, and one of the roles (None: anyone signed in)."""

    scope: str
    roles: frozenset[str] | None = None


class ScopeAndRole(BasePermission):
    """Reads the view's `access`: a mapping from HTTP method (or the viewset's action) to Access."""

    message = "Your role or your token's scopes do not allow this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not (user and user.is_authenticated):
            return False
        access = rule_of(view, method=str(request.method))
        if access is None:
            return False
        scopes = getattr(request.auth, "scopes", None)
        if scopes is not None and access.scope not in scopes:
            return False
        return access.roles is None or not access.roles.isdisjoint(getattr(user, "roles", ()))


def rule_of(view: APIView, *, method: str) -> Access | None:
    """The rule for the method: by action first, then by method, then `read` for safe methods and `act` for others."""
    rules: Mapping[str, Access] = getattr(view, "access", {})
    action: Any = getattr(view, "action", None)
    for key in (action, method, "read" if method in SAFE_METHODS else "act"):
        if key in rules:
            return rules[key]
    return None
