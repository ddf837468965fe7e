"""A database for each test process, cloned from a migrated template.

The template is named after the migrations' content and is made once for a server, under a lock. After a test that
commits the rows are taken back as they were (append-only tables refuse the TRUNCATE of Django's own teardown); a test
that changed more than rows gets a fresh clone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests import migrated
from tests.plugins import restoring

TEMPLATE_LOCK = 0x4D494D


def template_name() -> str:
    """Changes with every migration."""
    return f"mim_template_{migrated.fingerprint()}"


def own_name() -> str:
    """One database a process: the number of the process keeps runs side by side apart."""
    return f"mim_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


@contextmanager
def administration() -> Iterator[CursorWrapper]:
    """A cursor on the server's own database; outside the test's database, outside any transaction."""
    with connection._nodb_cursor() as cursor:
        yield cursor


def exists(cursor: CursorWrapper, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def use(name: str) -> None:
    """Point Django's connection at another database of the same server."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def drop(cursor: CursorWrapper, name: str) -> None:
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def clone(name: str, template: str) -> None:
    connections.close_all()
    with administration() as cursor:
        drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def build_template(template: str) -> None:
    """Fill a new database and give it the template's name only when whole."""
    with administration() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if exists(cursor, template):
            return
        unfinished = f"{template}_unfinished"
        drop(cursor, unfinished)
        cursor.execute(f'CREATE DATABASE "{unfinished}" TEMPLATE template0')
        migrated.restore(migrated.beside(unfinished))
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')


def drop_orphans() -> None:
    """Remove what killed runs on this machine left: databases of processes that no longer exist."""
    with administration() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'mim\\_test\\_%%'")
        for (name,) in cursor.fetchall():
            number = name.rpartition("_")[2]
            if number.isdecimal() and not _alive(int(number)):
                drop(cursor, name)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: clone the template, and make the clone what it was after each test that committed."""
    template, name, configured = template_name(), own_name(), connection.settings_dict["NAME"]
    patch = pytest.MonkeyPatch()
    with django_db_blocker.unblock():
        drop_orphans()
        build_template(template)
        clone(name, template)
        use(name)
        original = restoring.Original.remembered()
        connections.close_all()

    def as_it_was(_: TransactionTestCase) -> None:
        if not original.restore():
            clone(name, template)

    patch.setattr(TransactionTestCase, "_fixture_teardown", as_it_was)
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connections.close_all()
        with administration() as cursor:
            drop(cursor, name)
        use(configured)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """No test pays for a connection that an earlier one lost: that it ended shows only at the next question."""
    for each in connections.all(initialized_only=True):
        if each.connection is not None and not each.in_atomic_block and not each.is_usable():
            each.close()
