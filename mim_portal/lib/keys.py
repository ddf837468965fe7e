"""Where a row stands in an ordered list: paging by key neither loses nor repeats a row, whatever is added meanwhile."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q


def of(row: Model, order: Sequence[str]) -> list[Any]:
    """The values of the row in the columns of the order, which together are unique."""
    return [row.serializable_value(name.lstrip("-")) for name in order]


def beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    """Rows that come after the key in this order, column by column; the bound on the first column is for its index."""
    found, equal = Q(), Q()
    for name, value in zip(order, key, strict=True):
        column, after = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        found |= equal & Q(**{f"{column}__{after}": value})
        equal &= Q(**{column: value})
    if len(order) == 1:
        return found
    return Q(**{f"{order[0].lstrip('-')}__{'lte' if order[0].startswith('-') else 'gte'}": key[0]}) & found


def reversed_order(order: Sequence[str]) -> tuple[str, ...]:
    """The same list from its other end."""
    return tuple(name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order)
