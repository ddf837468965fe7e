"""A database as it was, after a test that committed.

To clone it again costs a second of processor time for its thousand files; to take the rows back costs a twentieth.
"""

import io
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper

GONE_MILLISECONDS = 10_000
# What rows cannot tell: tables, columns, indexes, constraints, triggers, functions. A test that changes one is rare.
SHAPE = """
    SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
        SELECT concat('c', oid, relnatts, relpersistence) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT concat('t', oid, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat('k', oid, convalidated) FROM pg_constraint
        UNION ALL SELECT concat('p', oid, xmin) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat('s', setconfig) FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    ) AS lines (line)
"""
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"
ALONE = """
    SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass
class Original:
    """What the database was cloned with."""

    shape: str = ""
    tables: list[str] = field(default_factory=list)
    rows: dict[str, str] = field(default_factory=dict)
    sequences: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    @classmethod
    def remembered(cls) -> "Original":
        with connection.cursor() as cursor:
            made = cls(shape=_shape(cursor), tables=[name for (name,) in _all(cursor, TABLES)])
            made.sequences = {name: (start, last) for name, start, last in _all(cursor, SEQUENCES)}
            for table in _filled(cursor, made.tables):
                copied = io.StringIO()
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', copied)
                made.rows[table] = copied.getvalue()
        return made

    def restore(self) -> bool:
        """Take the rows back as they were, with nobody else connected; no for a database of another shape."""
        connections.close_all()
        with connection.cursor() as cursor:
            cursor.execute(ALONE, [GONE_MILLISECONDS])
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone() != (True,) or _shape(cursor) != self.shape:
                return False
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")  # append-only tables refuse otherwise
                for table in _filled(cursor, self.tables):
                    cursor.execute(f'DELETE FROM "{table}"')
                for table, rows in self.rows.items():
                    cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(rows))
            self._rewind(cursor)
        connections.close_all()
        return True

    def _rewind(self, cursor: CursorWrapper) -> None:
        for name, start, last in _all(cursor, SEQUENCES):
            _, original = self.sequences[name]
            if last != original:
                value, is_called = (start, False) if original is None else (original, True)
                cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s, %s)", [name, value, is_called])


def _all(cursor: CursorWrapper, question: str) -> list[tuple[Any, ...]]:
    cursor.execute(question)
    return list(cursor.fetchall())


def _shape(cursor: CursorWrapper) -> str:
    cursor.execute(SHAPE)
    return str(cursor.fetchone()[0])


def _filled(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    """Tables that have a row."""
    one_each = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
    return [str(name) for (name,) in _all(cursor, one_each)]
