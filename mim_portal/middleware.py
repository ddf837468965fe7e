"""Doors are closed unless a view says who may enter, and times are shown in the viewer's own zone."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from mim_portal.api import problems
from mim_portal.lib import times

# Packages whose views guard themselves: sign-in pages, the admin, DRF (ScopeAndRole denies by default too).
SELF_GUARDED = (
    "allauth.",
    "django.contrib.admin",
    "django.contrib.auth.admin",
    "rest_framework.",
    "drf_spectacular.",
    "django.views.i18n",
)


class ViewerTimeZoneMiddleware:
    """Activates the signed-in person's zone for the request; anonymous readers get the organisation's (UTC)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = getattr(request.user, "time_zone", "")
        with timezone.override(times.zone(name) if name else None):
            return self.get_response(request)


class DenyByDefaultMiddleware:
    """Refuses every view that neither carries an access rule (mim_portal.lib.access) nor guards itself; and says so
    where an address takes no such request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and not request.path.startswith("/api/"):
            response.content = render_to_string("errors/405.html", using="jinja2")
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        if not is_guarded(view):
            raise PermissionDenied
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):  # PostgreSQL has no place for it
            if request.path.startswith("/api/"):
                detail = "An address cannot contain a null character."
                return problems.problem(status=400, code="null_characters_not_allowed", detail=detail)
            raise BadRequest
        return None


def is_guarded(view: Callable[..., Any]) -> bool:
    """Whether the view says who may enter."""
    if hasattr(view, "access_rule"):
        return True
    if hasattr(view, "cls") and hasattr(view.cls, "permission_classes"):  # a DRF view
        return True
    return view.__module__.startswith(SELF_GUARDED)
