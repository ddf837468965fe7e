"""Lists are paged by an index, never by an offset."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

if TYPE_CHECKING:  # rest_framework.views reads this module through its settings
    from rest_framework.views import APIView

Row = TypeVar("Row", bound=Model)


class CursorPaging(CursorPagination):
    """`next`, `previous`, `results`; the view names a unique ordering in `cursor_ordering`, newest first by id."""

    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        ordering = getattr(view, "cursor_ordering", self.ordering)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)


def paged(
    view: APIView, request: Request, found: QuerySet[Row], represent: Callable[[list[Row]], list[Any]]
) -> Response:
    """One page of a list as an answer; `represent` gets the whole page, so that it can read what it needs at once."""
    paginator = CursorPaging()
    page = paginator.paginate_queryset(found, request, view=view)
    return paginator.get_paginated_response(represent(list(page or [])))


def many(serializer: Any, rows: Iterable[Any]) -> list[Any]:
    """Each row as `serializer` writes it."""
    return list(serializer(rows, many=True).data)
