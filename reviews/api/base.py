"""What every address of reviews shares beside the caller and the input: lists by cursor."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.paging import CursorPaging
from teams.api.base import PersonView


class ReviewsView(PersonView):
    """An address whose rows exist only for whoever may see their incident."""

    def page(self, rows: QuerySet[Any], request: Request) -> tuple[CursorPaging, list[Any]]:
        paginator = CursorPaging()
        return paginator, list(paginator.paginate_queryset(rows, request, view=self) or [])


def answer(data: Any, *, status: int = 200, etag: str = "") -> Response:
    """An answer, with its ETag where the thing can be edited."""
    response = Response(data, status=status)
    if etag:
        response["ETag"] = etag
    return response
