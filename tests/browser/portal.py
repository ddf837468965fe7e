"""The whole portal for a journey in the browser: two houses, so that the one with the database can be stopped alone."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import psycopg2
import requests

from mim_portal.embedded import discovery
from mim_portal.embedded.ports import free_port
from mim_portal.management.demo.people import PASSWORD
from tests import houses, migrated

MAIL_SECONDS = 20.0
# People, teams, services, recipients and status pages of the demo, without its past: nothing but the journey happens.
ORGANISATION = """
from django.utils import timezone
from mim_portal.management.demo import catalogue, communications, people
from mim_portal.models import OrganisationSetting
now = timezone.now()
catalogue.load(people=people.load(now=now), now=now)
communications.load()
OrganisationSetting.objects.create(name="demo_loaded", value=now.isoformat())
"""


@dataclass
class Portal:
    """A running portal, its database and its mailbox."""

    base: str
    database: str
    mailbox: Path
    stop_servers: Callable[[], Any]
    folder: Path  # of the house with the portal's own processes
    password: str = PASSWORD
    seen: set[str] = field(default_factory=set)

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.base + path, timeout=10, **options)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """One statement, committed; the rows that it returns."""
        with psycopg2.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    def processes(self, words: str) -> list[int]:
        """The numbers of those whose command line holds these words."""
        return [number for number, line in houses.processes_of(self.folder).items() if words in line]

    def mails(self, *words: str, to: str = "") -> list[EmailMessage]:
        """What the mail catcher has for an address, with all these words in subject or text."""
        found = []
        for path in sorted(self.mailbox.glob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=default)
            if to in str(mail["X-Envelope-To"]) and all(word in text_of(mail) for word in words):
                found.append(mail)
        return found

    def mail(self, *words: str, to: str) -> EmailMessage:
        """The one mail to this address that says this; waits for it, and refuses a second."""
        wait_for(lambda: self.mails(*words, to=to), f"a mail to {to} with {words}")
        found = self.mails(*words, to=to)
        assert len(found) == 1, [str(mail["Subject"]) for mail in found]
        return found[0]


def text_of(mail: EmailMessage) -> str:
    """Subject and plain text in one, with single spaces, as words are looked for."""
    body = mail.get_body(("plain",))
    return " ".join(f"{mail['Subject']} {body.get_content() if body else ''}".split())


def wait_for(condition: Callable[[], Any], what: str, seconds: float = MAIL_SECONDS) -> None:
    patience = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < patience, f"not within {seconds:g} s: {what}"
        time.sleep(0.1)


@contextmanager
def running(**environment: str) -> Iterator[Portal]:
    """PostgreSQL, Redis and mail in one house; web, live, worker, clock and beat in another, on the same servers."""
    with (
        houses.var_dir() as servers,
        houses.var_dir() as folder,
        houses.started([*houses.ENGINE, "servers", "--fleeting"], servers, **environment) as below,
    ):
        below.wait_for("Servers are up.")
        ports = {"PORT": str(free_port()), "LIVE_PORT": str(free_port())}
        given = {**discovery.environment(servers), **environment, **ports}
        _organisation({**houses.ENVIRONMENT, **given, "VAR_DIR": str(servers)})
        with houses.started([*houses.ENGINE, "run"], folder, **given) as above:
            above.wait_for("Ready.")
            yield Portal(
                base=f"http://127.0.0.1:{ports['PORT']}",
                database=given["DATABASE_URL"],
                mailbox=servers / "mail",
                stop_servers=lambda: below.stop(signal.SIGTERM),
                folder=folder,
            )


def _organisation(environment: dict[str, str]) -> None:
    migrated.restore(environment["DATABASE_URL"])
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", ORGANISATION],
        cwd=discovery.REPOSITORY,
        env=environment,
        check=True,
        timeout=120,
    )
