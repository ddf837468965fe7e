"""How a test shows that the database itself refuses a row, and by which of its constraints."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    """What is done inside violates exactly this constraint."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    diagnosis = getattr(caught.value.__cause__, "diag", None)
    assert diagnosis is not None
    assert diagnosis.constraint_name == constraint


def refuses(statement: str, *, because: str) -> None:
    """The database raises at the statement, and says why."""
    connection.check_constraints()  # a pending check of a foreign key would refuse TRUNCATE by itself
    with pytest.raises(DatabaseError, match=because), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
