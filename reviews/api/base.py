"""What every address of reviews shares: the caller, the input, lists by cursor."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from incidents.api import fields
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import CursorPaging
from teams.models import Person


class ReviewsView(IdempotentView):
    """An address whose rows exist only for whoever may see their incident."""

    def person(self) -> Person:
        return fields.signed_in(self.request)

    def taken(self, kind: type[Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The input as the shape reads it; 400 with the fields where it cannot be used."""
        serializer = kind(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        taken: dict[str, Any] = serializer.validated_data
        return taken

    def page(self, rows: QuerySet[Any], request: Request) -> tuple[CursorPaging, list[Any]]:
        paginator = CursorPaging()
        return paginator, list(paginator.paginate_queryset(rows, request, view=self) or [])


def answer(data: Any, *, status: int = 200, etag: str = "") -> Response:
    """An answer, with its ETag where the thing can be edited."""
    response = Response(data, status=status)
    if etag:
        response["ETag"] = etag
    return response
