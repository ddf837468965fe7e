"""Files of candidates and incidents: list, attach as multipart/form-data, download, remove."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import visible
from incidents.api.serializers_attachment import AttachmentOut, FileIn
from incidents.models import Attachment, Candidate
from incidents.queries import attachments as queries
from incidents.queries import desk
from incidents.services.record import attachment_files, attachments
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from mim_portal.lib import downloads, uploads
from teams.api.base import signed_in
from teams.rules import roles

_UPLOAD = {"multipart/form-data": FileIn}
_BYTES = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class _Files(IdempotentView):
    """A POST with a file; an empty JSON body is answered with what is missing."""

    parser_classes = [MultiPartParser, JSONParser]
    cursor_ordering = ("uploaded_at", "id")


class CandidateAttachments(_Files):
    """Files of a candidate."""

    access = {"read": Access("read", roles.CANDIDATE_READERS), "POST": Access("raise", roles.RAISERS)}

    @extend_schema(responses=AttachmentOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = queries.of_candidate(_candidate(request, reference))
        return paged(self, request, found, lambda page: many(AttachmentOut, page))

    @extend_schema(request=_UPLOAD, responses={201: AttachmentOut})
    def post(self, request: Request, reference: str) -> Response:
        _candidate(request, reference)
        return _attached(request, attachments.add_to_candidate, reference)


class IncidentAttachments(_Files):
    """Files of an incident, with those of the candidates that came to it."""

    access = {"read": Access("read", roles.ROOM_READERS), "POST": Access("command", roles.ROOM_WRITERS)}

    @extend_schema(responses=AttachmentOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = queries.of_incident(visible(request, reference))
        return paged(self, request, found, lambda page: many(AttachmentOut, page))

    @extend_schema(request=_UPLOAD, responses={201: AttachmentOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        return _attached(request, attachments.add_to_incident, reference)


class CandidateAttachment(IdempotentView):
    """The bytes of one file of a candidate."""

    access = {"read": Access("read", roles.CANDIDATE_READERS), "DELETE": Access("raise", roles.RAISERS)}

    @extend_schema(responses=_BYTES)
    def get(self, request: Request, reference: str, pk: int) -> HttpResponse:
        return _download(_one(queries.of_candidate(_candidate(request, reference)), pk))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        return _removed(request, _one(queries.of_candidate(_candidate(request, reference)), pk))


class IncidentAttachment(IdempotentView):
    """The bytes of one file of an incident."""

    access = {"read": Access("read", roles.ROOM_READERS), "DELETE": Access("command", roles.ROOM_WRITERS)}

    @extend_schema(responses=_BYTES)
    def get(self, request: Request, reference: str, pk: int) -> HttpResponse:
        return _download(_one(queries.of_incident(visible(request, reference)), pk))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        return _removed(request, _one(queries.of_incident(visible(request, reference)), pk))


def _attached(request: Request, verb: Callable[..., Attachment], reference: str) -> Response:
    left_out = uploads.too_large(request._request)
    if left_out:
        raise attachment_files.too_large(left_out[0])
    file: Any = validated(FileIn(data=request.data))["file"]
    made = verb(
        reference=reference, person=signed_in(request), name=file.name or "", content=file.read(), now=timezone.now()
    )
    answer = AttachmentOut(made).data
    return Response(answer, status=201, headers={"Location": answer["url"]})


def _download(found: Attachment) -> HttpResponse:
    response = downloads.of_stored(found.stored_name, name=found.name, content_type=found.content_type)
    if response is None:
        raise exceptions.NotFound("The file is not in the storage any more.")
    return response


def _removed(request: Request, found: Attachment) -> Response:
    attachments.remove(attachment_id=found.pk, person=signed_in(request), now=timezone.now())
    return Response(status=204)


def _one(found: Any, pk: int) -> Attachment:
    file: Attachment | None = found.filter(pk=pk).first()
    if file is None:
        raise exceptions.NotFound("There is no such file.")
    return file


def _candidate(request: Request, reference: str) -> Candidate:
    found = desk.get(person=signed_in(request), reference=reference)
    if found is None:
        raise exceptions.NotFound(f"There is no candidate {reference}.")
    return found
