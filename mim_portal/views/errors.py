"""Errors say what happened, what was kept, and what to do next."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from mim_portal.api import problems
from mim_portal.lib import access


def _error(request: HttpRequest, status: int, template: str, *, code: str, detail: str) -> HttpResponse:
    """Without whoever asked: that is in the database, which may be what failed. A program gets what programs read."""
    if request.path_info.startswith("/api/v1/"):
        return problems.problem(status=status, code=code, detail=detail)
    return HttpResponse(render_to_string(template, using="jinja2"), status=status)


@access.public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400, "errors/400.html", code="bad_request", detail="This request could not be read.")


@access.public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, "errors/403.html", code="forbidden", detail="This is not open to you.")


@access.public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    detail = "There is nothing at this address. /api/docs/ lists every operation; addresses end with a slash."
    return _error(request, 404, "errors/404.html", code="not_found", detail=detail)


@access.public
def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's rate limits of sign-in, reset and change of a password."""
    return _error(request, 429, "errors/429.html", code="throttled", detail="Too many tries. Wait a minute.")


@access.public
def server_error(request: HttpRequest) -> HttpResponse:
    detail = "Something failed on our side. Try again; with the same Idempotency-Key nothing is done twice."
    return _error(request, 500, "errors/500.html", code="error", detail=detail)


@access.public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    detail = "The request carries no token of a page. Programs send Authorization: Bearer."
    return _error(request, 403, "errors/csrf.html", code="csrf", detail=detail)
