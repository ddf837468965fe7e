"""Errors as application/problem+json (RFC 9457) with a field-by-field list."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import JsonResponse
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse
from rest_framework import exceptions
from rest_framework.response import Response

from mim_portal.lib.refusals import Refusal

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "Some of what was sent cannot be used",
    401: "Sign in or send a token",
    403: "Not allowed",
    404: "Not found",
    405: "This address does not take that method",
    406: "This address cannot answer in that format",
    409: "Not possible now",
    412: "Somebody else changed it in the meantime",
    413: "Too large",
    415: "This address does not take that format",
    422: "The same key was used for something else",
    429: "Too many requests",
    500: "Something went wrong on our side",
    507: "The server has no room",
}


def _sayable(value: Any) -> Any:
    """With half characters, which JSON's escapes can carry and no answer can, as question marks."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_sayable(key): _sayable(inner) for key, inner in value.items()}
    return [_sayable(inner) for inner in value] if isinstance(value, list | tuple) else value


class RefusedVerb(exceptions.APIException):
    """A verb's refusal on its way to a problem document."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(detail=refusal.message, code=refusal.code)
        self.status_code = refusal.status
        self.refusal = refusal


class _TooLarge(Refusal):
    code = "too_large"
    status = 413


class Formatter(ExceptionFormatter):
    """The library's list of errors as a problem document."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        status = getattr(self.exc, "status_code", 500)
        errors = [
            {"field": (error.attr or "").removeprefix("non_field_errors"), "code": error.code, "detail": error.detail}
            for error in error_response.errors
        ]
        problem: dict[str, Any] = {
            "type": f"urn:mim-portal:problem:{errors[0]['code'] if errors else 'error'}",
            "title": TITLES.get(status, "Error"),
            "status": status,
            "detail": " ".join(str(error["detail"]) for error in errors if not error["field"])
            or " ".join(f"{error['field']}: {error['detail']}" for error in errors),
            "errors": errors,
        }
        refusal = getattr(self.exc, "refusal", None)
        if refusal is not None:
            problem["code"] = refusal.code
            if refusal.field:
                problem["errors"] = [{"field": refusal.field, "code": refusal.code, "detail": refusal.message}]
            problem.update(refusal.extra)
        said: dict[str, Any] = _sayable(problem)
        return said


class Handler(ExceptionHandler):
    """Turns refusals into answers and stamps the content type."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, Refusal):
            return RefusedVerb(exc)
        if isinstance(exc, RequestDataTooBig):
            return RefusedVerb(_TooLarge("This is more than one request may carry. Send less at a time."))
        if isinstance(exc, RecursionError):  # Python's reader of JSON gives up on what is nested too deeply
            return exceptions.ParseError("This JSON is nested too deeply.")
        converted: Exception = super().convert_known_exceptions(exc)
        return converted


def handler(exc: Exception, context: Any) -> Response | None:
    """REST_FRAMEWORK's EXCEPTION_HANDLER."""
    response: Response | None = Handler(exc, context).run()
    if response is not None:
        response.content_type = CONTENT_TYPE
    return response


def problem(*, status: int, code: str, detail: str) -> JsonResponse:
    """The same document for answers that are made outside a DRF view."""
    return JsonResponse(
        {
            "type": f"urn:mim-portal:problem:{code}",
            "title": TITLES.get(status, "Error"),
            "status": status,
            "detail": detail,
            "code": code,
            "errors": [],
        },
        status=status,
        content_type=CONTENT_TYPE,
    )
