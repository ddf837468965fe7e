"""Lists are paged by an index, never by an offset."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from mim_portal.lib import keys
from mim_portal.lib.merged import Ordered

if TYPE_CHECKING:  # rest_framework.views reads this module through its settings
    from rest_framework.views import APIView

Row = TypeVar("Row", bound=Model)


class CursorPaging(CursorPagination):
    """`next`, `previous`, `results`; the view names a unique ordering in `cursor_ordering`, newest first by id.

    The library's cursor remembers the first column alone and counts from there, which repeats and loses rows where
    many share an instant (imported history does). This one remembers the whole key of the row at the edge.
    """

    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        ordering = getattr(view, "cursor_ordering", self.ordering)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Ordered[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any]:
        assert not isinstance(queryset, Sequence)
        self.request, self.address = request, request.build_absolute_uri()
        self.keys = self.get_ordering(request, queryset, view)
        size = self.get_page_size(request) or self.max_page_size
        key, backwards = self._edge(queryset, request.query_params.get(self.cursor_query_param, ""))
        order = keys.reversed_order(self.keys) if backwards else self.keys
        found = queryset.order_by(*order)
        if key:
            found = found.filter(keys.beyond(order, key))
        rows = list(found[: size + 1])
        is_more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        self.page, self.has_next = rows, is_more if not backwards else bool(key)
        self.has_previous = is_more if backwards else bool(key)
        return rows

    def get_next_link(self) -> str | None:
        return self._link(self.page[-1], backwards=False) if self.page and self.has_next else None

    def get_previous_link(self) -> str | None:
        return self._link(self.page[0], backwards=True) if self.page and self.has_previous else None

    def _link(self, row: Any, *, backwards: bool) -> str:
        key = [str(row.serializable_value(name.lstrip("-"))) for name in self.keys]
        token = base64.urlsafe_b64encode(json.dumps([int(backwards), *key]).encode()).decode()
        link: str = replace_query_param(self.address, self.cursor_query_param, token)
        return link

    def _edge(self, queryset: QuerySet[Any] | Ordered[Any], token: str) -> tuple[list[Any], bool]:
        """The key of the row at the edge, and whether to read backwards from it; 404 for a cursor of nobody's."""
        if not token:
            return [], False
        try:
            backwards, *texts = json.loads(base64.urlsafe_b64decode(token.encode()))
            fields = [_field(queryset, name.lstrip("-")) for name in self.keys]
            key = [field.to_python(str(text)) for field, text in zip(fields, texts, strict=True)]
        except (ValueError, TypeError, RecursionError, ValidationError) as error:
            raise NotFound(self.invalid_cursor_message) from error
        return key, bool(backwards)


def _field(queryset: QuerySet[Any] | Ordered[Any], name: str) -> Any:
    """What a column of the order holds: a field of the model, or what the queryset adds to each row."""
    added = queryset.query.annotations.get(name) if isinstance(queryset, QuerySet) else None
    return added.output_field if added is not None else queryset.model._meta.get_field(name)


def paged(
    view: APIView, request: Request, found: QuerySet[Row] | Ordered[Row], represent: Callable[[list[Row]], list[Any]]
) -> Response:
    """One page of a list as an answer; `represent` gets the whole page, so that it can read what it needs at once."""
    paginator = CursorPaging()
    page = paginator.paginate_queryset(found, request, view=view)
    return paginator.get_paginated_response(represent(list(page or [])))


def many(serializer: Any, rows: Iterable[Any]) -> list[Any]:
    """Each row as `serializer` writes it."""
    return list(serializer(rows, many=True).data)
