"""Several querysets that share no row, read as one list in one order.

"These, or those" in one WHERE clause makes PostgreSQL walk the index of the order past everything that is neither.
Here each part is walked by an index of its own, and only the heads are put together.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Model, QuerySet

from mim_portal.lib import keys

Row = TypeVar("Row", bound=Model)
CHUNK = 500


class Ordered(Protocol[Row]):
    """A list in a unique order, of which the first so many rows can be had, from any key on."""

    model: type[Row]
    order: tuple[str, ...]

    def filter(self, *conditions: Any, **fields: Any) -> "Ordered[Row]": ...

    def order_by(self, *order: str) -> "Ordered[Row]": ...

    def __getitem__(self, wanted: slice) -> list[Row]: ...

    def __iter__(self) -> Iterator[Row]: ...

    def exists(self) -> bool: ...


class Merged(Generic[Row]):
    """Reads like a queryset where lists need it: filter, order_by, the first so many rows, all rows."""

    def __init__(
        self, model: type[Row], parts: Sequence[QuerySet[Row]], *, order: tuple[str, ...], related: tuple[str, ...] = ()
    ) -> None:
        self.model, self.parts, self.order, self.related = model, tuple(parts), order, related

    def filter(self, *conditions: Any, **fields: Any) -> "Merged[Row]":
        return self._with([part.filter(*conditions, **fields) for part in self.parts], self.order)

    def order_by(self, *order: str) -> "Merged[Row]":
        return self._with(self.parts, order)

    def heads(self, count: int) -> QuerySet[Row, dict[str, Any]]:
        """The keys of the first so many rows of every part."""
        first, *others = [part.order_by(*self.order).values("pk")[:count] for part in self.parts]
        return first.union(*others, all=True) if others else first

    def first_rows(self, count: int) -> QuerySet[Row]:
        """The first so many rows of all parts."""
        if not self.parts:
            return self.model._default_manager.none()
        found = self.model._default_manager.filter(pk__in=self.heads(count)).order_by(*self.order)
        return (found.select_related(*self.related) if self.related else found)[:count]

    def __getitem__(self, wanted: slice) -> list[Row]:
        return list(self.first_rows(first_so_many(wanted)))

    def __iter__(self) -> Iterator[Row]:
        for chunk in chunks(self, CHUNK):
            yield from chunk

    def exists(self) -> bool:
        return any(part.exists() for part in self.parts)

    def is_longer_than(self, count: int) -> bool:
        """Whether any of the parts has more rows; they are walked, not counted."""
        return any(part.order_by(*self.order)[count : count + 1].exists() for part in self.parts)

    def _with(self, parts: Sequence[QuerySet[Row]], order: tuple[str, ...]) -> "Merged[Row]":
        return type(self)(self.model, parts, order=order, related=self.related)


def first_so_many(wanted: slice) -> int:
    """How many rows a slice wants; lists are paged by key, so it begins at the beginning."""
    if wanted.start or wanted.step or wanted.stop is None:
        raise ValueError("Lists are paged by key: only the first so many rows can be had.")
    return int(wanted.stop)


def chunks(found: Ordered[Row], size: int) -> Iterator[list[Row]]:
    """Everything, so many rows at a time, each time from the key of the last row on."""
    key: list[Any] = []
    while True:
        rows = list((found.filter(keys.beyond(found.order, key)) if key else found)[:size])
        if rows:
            yield rows
        if len(rows) < size:
            return
        key = keys.of(rows[-1], found.order)
