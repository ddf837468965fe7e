"""Errors say what happened, what was kept, and what to do next."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from mim_portal.lib import access


def _error(status: int, template: str) -> HttpResponse:
    """Without the request: who asked is in the database, and that may be what failed."""
    return HttpResponse(render_to_string(template, using="jinja2"), status=status)


@access.public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(400, "errors/400.html")


@access.public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(403, "errors/403.html")


@access.public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(404, "errors/404.html")


@access.public
def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's rate limits of sign-in, reset and change of a password."""
    return _error(429, "errors/429.html")


@access.public
def server_error(request: HttpRequest) -> HttpResponse:
    return _error(500, "errors/500.html")


@access.public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(403, "errors/csrf.html")
