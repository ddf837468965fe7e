"""Idempotency-Key on every POST: the same key and body get the first answer again, another body gets 422.

The key's row is written in the transaction of the change itself, so that a crash between the two is impossible.
"""

import hashlib
import json
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase, QueryDict
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mim_portal.api import bodies
from mim_portal.models import IdempotencyKey

KEPT_HEADERS = ("Location", "ETag", bodies.HEADER)
LEFT_OUT = "Idempotent-Left-Out"


class KeyReused(exceptions.APIException):
    """The key belongs to another request."""

    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key was used for another request. Send a new key for a new request."


class KeyInUse(exceptions.APIException):
    """The first request with this key has not been answered yet."""

    status_code = 409
    default_code = "idempotency_key_in_use"
    default_detail = "The first request with this Idempotency-Key is still being answered. Try again in a second."


class IdempotentView(APIView):
    """An APIView whose POSTs honour Idempotency-Key. Refusals and errors roll back with the key, so a retry works.

    `told_once` names fields of answers that are secrets: the key's row never holds them, so that an answer that is
    given again has them empty and says so.
    """

    told_once: ClassVar[tuple[str, ...]] = ()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return super().dispatch(request, *args, **kwargs)
        self._idempotency_key = key[:255]
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        bodies.begin()
        super().initial(request, *args, **kwargs)
        key: str | None = getattr(self, "_idempotency_key", None)
        self._replay: IdempotencyKey | None = None
        if key is None:
            return
        row = _claim(request, key)
        if row.status is not None:
            self._replay = row
            raise _Replayed(row)
        self._claimed = row

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, _Replayed):
            response = Response(exc.row.answer, status=exc.row.status, headers=exc.row.headers)
            response["Idempotent-Replayed"] = "true"
            if left_out := [name for name in self.told_once if name in (exc.row.answer or {})]:
                response[LEFT_OUT] = ", ".join(left_out)
            return response
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if ignored := bodies.ignored():
            final[bodies.HEADER] = ignored
        row: IdempotencyKey | None = getattr(self, "_claimed", None)
        if row is not None and final.status_code < 400:
            final.render()
            row.status = final.status_code
            row.answer = _without(_plain(final), self.told_once)
            row.headers = {name: final[name] for name in KEPT_HEADERS if name in final}
            row.save(update_fields=["status", "answer", "headers"])
        return final


class _Replayed(Exception):
    def __init__(self, row: IdempotencyKey) -> None:
        super().__init__(row.key)
        self.row = row


def _plain(response: Response) -> Any:
    if response.data is None:
        return None
    renderer = response.accepted_renderer
    return json.loads(renderer.render(response.data))


def _without(answer: Any, secrets: tuple[str, ...]) -> Any:
    """The answer with its secrets empty."""
    return answer | {name: "" for name in secrets if name in answer} if isinstance(answer, dict) else answer


def _fingerprint(request: Request) -> str:
    """Of the body as sent; of a form with files by what it holds, since each sending draws its own boundary."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    digest, form = hashlib.sha256(), request.data
    assert isinstance(form, QueryDict)
    for name in sorted(form):
        for value in form.getlist(name):
            digest.update(f"\0{name}\0{getattr(value, 'name', value)}\0".encode())
            if isinstance(value, UploadedFile):
                for chunk in value.chunks():
                    digest.update(chunk)
                value.seek(0)
    return digest.hexdigest()


def _claim(request: Request, key: str) -> IdempotencyKey:
    body_hash = _fingerprint(request)
    method_path = f"{request.method} {request.get_full_path()}"[:400]
    person_id: Any = request.user.pk
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                person_id=person_id,
                key=key,
                method_path=method_path,
                body_hash=body_hash,
            )
    except IntegrityError:
        row = IdempotencyKey.objects.filter(person_id=person_id, key=key).first()
    if row is None:
        raise KeyInUse
    if (row.method_path, row.body_hash) != (method_path, body_hash):
        raise KeyReused
    if row.status is None:
        raise KeyInUse
    return row
