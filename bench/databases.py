"""Databases of a bench's own on the server of DATABASE_URL: migrated and empty, one after the other, and removed."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from tests.plugins import database


@contextmanager
def fresh() -> Iterator[Callable[[], str]]:
    """Each call of what this yields makes a new one, to which Django's connection points then; answers its address."""
    template, name = database.template_name(), f"mim_bench_{os.getpid()}"
    database.build_template(template)

    def begin() -> str:
        database.clone(name, template)
        database.use(name)
        return urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()

    try:
        yield begin
    finally:
        connections.close_all()
        with database.administration() as cursor:
            database.drop(cursor, name)
