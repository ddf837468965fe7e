"""Statements that PostgreSQL reads and plans once for each connection, and then only runs with other values.

Reading and planning the text of a page's question takes PostgreSQL two to four times as long as running it (1,000
incidents; docs/performance.md). A statement that a connection asks a second time is therefore given to it by
`PREPARE` and asked by `EXECUTE`. What is always the same stays in its text, so that PostgreSQL may use an index of
only some rows; it plans the first five anew and keeps a plan for all values only where it expects no more of one for
each (`plan_cache_mode`). Behind a pooler that deals connections out for each transaction: PREPARED_STATEMENTS=no.
"""

import re
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

_PLACE = re.compile(r"%([s%])")
_NUMBERS = count(1)


class Statement:
    """One text with `%s` at each of its parameters, of which those at the places `varying` get other values.

    `one_plan`: it is planned once, for all values, from the first time on; for long texts whose parts have one good
    plan each, which take longer to plan five times than to run a hundred times.
    """

    __slots__ = ("_one_plan", "_parameters", "_text", "_varying")

    def __init__(self, text: str, parameters: Sequence[Any], varying: Sequence[int], *, one_plan: bool = False) -> None:
        self._text, self._parameters, self._varying = text, tuple(parameters), tuple(varying)
        self._one_plan = one_plan

    def on(self, connection: BaseDatabaseWrapper, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """What to ask this connection for these values, one for each parameter.

        The first time it is the text itself: what a connection asks once would only pay for another round trip.
        """
        if not settings.PREPARED_STATEMENTS:
            return self._text, tuple(values)
        connection.ensure_connection()
        names = _names(connection)
        if self not in names and not self._one_plan:
            names[self] = ""
            return self._text, tuple(values)
        if not names.get(self):
            names[self] = self._given_to(connection)
        places = f"({', '.join(['%s'] * len(self._varying))})" if self._varying else ""
        how = "SET LOCAL plan_cache_mode = force_generic_plan; " if self._one_plan else ""
        return f"{how}EXECUTE {names[self]}{places}", tuple(values[each] for each in self._varying)

    def forget(self, connection: BaseDatabaseWrapper) -> None:
        """It went wrong there, as where a column got another type: it is given to the connection anew."""
        _names(connection).pop(self, None)

    def _given_to(self, connection: Any) -> str:
        name = f"mim_{next(_NUMBERS)}"
        numbers = {place: number for number, place in enumerate(self._varying, 1)}
        places = count()

        def written(found: re.Match[str]) -> str:
            return "%%" if found[1] == "%" else f"${numbers[place]}" if (place := next(places)) in numbers else "%s"

        text = _PLACE.sub(written, self._text)
        fixed = [value for place, value in enumerate(self._parameters) if place not in numbers]
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {text}", fixed)
        return name


def _names(connection: Any) -> dict[Statement, str]:
    """What this connection was given, by name; the wrapper outlives the connection itself."""
    names: dict[Statement, str]
    of, names = vars(connection).get("_statements", (None, {}))
    if of is not connection.connection:
        names = {}
        vars(connection)["_statements"] = (connection.connection, names)
    return names
