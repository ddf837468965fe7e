"""A whole house of real servers and the portal's own processes, each of which can be broken by itself.

PostgreSQL, Redis, web, clock, beat and workers start from the Specs of the product's own engine, but nobody watches
over them here: what dies stays dead until the test starts it again. Redis and LanguageTool are reached through proxies.
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import psycopg2
from django.conf import settings
from django.db import connection, connections

from comms.services import heartbeats
from comms.services.promises import sweep
from mim_portal.embedded import health, portal, postgres, redis
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.ports import LOOPBACK, free_port
from mim_portal.embedded.process import Child, Spec
from mim_portal.embedded.report import Report
from mim_portal.embedded.supervisor import Supervisor
from mim_portal.lib import nudge
from mim_portal.models import Heartbeat
from tests import migrated
from tests.faults.background import Background
from tests.faults.part import Part
from tests.faults.proxy import Mode, Proxy
from tests.faults.sink import Manners, Sink
from tests.faults.waiting import wait_until

DISK_MEGABYTES = 700
START_SECONDS = 90.0
_KEPT = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")


class _Starter(Supervisor):
    """Takes a server's Spec from the engine and starts it as a Part."""

    parts: list[Part]

    async def launch(self, spec: Spec) -> Child:
        part = Part(spec, self.folder.log(spec.name))
        part.start()
        self.parts = [part]
        return Child(spec, part.log)

    async def wait_ready(self, child: Child, ready: Coroutine[Any, Any, bool], *, seconds: float) -> None:
        await asyncio.wait_for(ready, START_SECONDS)


class House:
    """Servers that run, and the portal's processes by name, started when a test asks for them."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="mim-faults-"))
        self._home.chmod(0o755)
        self.has_own_disk = _mount(self._home)
        self.folder = Folder(self._home / "var")
        self.folder.prepare()
        self._background = Background()
        self.sink = Sink(self._background)
        self.sink.start()
        self.database_url, self.postgres = self._server(postgres.start)
        redis_url, self.redis = self._server(redis.start)
        self.redis_url, self.redis_net = self._proxied(redis_url)
        self.language_net = Proxy(self._background, to_port=urlsplit(settings.LANGUAGETOOL_URL).port or free_port())
        self.port = free_port()
        self.environment = self._environment()
        self.parts: dict[str, Part] = {
            spec.name: Part(spec, self.folder.log(spec.name))
            for spec in (
                portal.web_spec(self.environment, port=self.port),
                *portal.celery_specs(self.environment, self.folder.path),
            )
        }
        migrated.restore(self.database_url)
        with self.connected(), connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET max_wal_size = '128MB'")  # the disk is small
            cursor.execute("SELECT pg_reload_conf()")

    def _server(self, start: Any) -> tuple[str, Part]:
        async def begin() -> tuple[str, Part]:
            starter = _Starter(self.folder, environment=os.environ, report=Report(quiet=True))
            address = await start(starter)
            for task in starter._tasks:
                task.cancel()
            return address, starter.parts[0]

        return asyncio.run(begin())

    def _proxied(self, url: str) -> tuple[str, Proxy]:
        port = urlsplit(url).port
        assert port is not None
        net = Proxy(self._background, to_port=port)
        return url.replace(f":{port}/", f":{net.port}/"), net

    def _environment(self) -> dict[str, str]:
        base = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return base | {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "EMAIL_URL": self.sink.url,
            "LANGUAGETOOL_URL": f"http://{LOOPBACK}:{self.language_net.port}",
            "MIM_ENV": "test",
            "MIM_SECRET_KEY": settings.SECRET_KEY,
            "VAR_DIR": str(self.folder.path),
            "PORT": str(self.port),
            "BASE_URL": self.base_url,
            "DJANGO_SETTINGS_MODULE": "mim_portal.settings",
            "PYTHONWARNINGS": "ignore",
        }

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @contextmanager
    def connected(self) -> Iterator[None]:
        """This process speaks to the house's servers instead of the test run's."""
        connections.close_all()
        before = dict(connection.settings_dict)
        connection.settings_dict.update(environ.Env.db_url_config(self.database_url))
        names = {
            "REDIS_URL": self.redis_url,
            "CELERY_BROKER_URL": self.redis_url,
            "LANGUAGETOOL_URL": self.environment["LANGUAGETOOL_URL"],
        }
        given = {name: getattr(settings, name) for name in names}
        try:
            for name, value in names.items():
                setattr(settings, name, value)
            yield
        finally:
            for name, value in given.items():
                setattr(settings, name, value)
            nudge.hang_up(self.redis_url)
            connections.close_all()
            connection.settings_dict.clear()
            connection.settings_dict.update(before)

    def run(self, *names: str) -> None:
        """These of the portal's processes run when this returns, each having shown that it works; others may too."""
        for name in names:
            self.parts[name].start()
        for name in names:
            self.wait_working(name)

    def wait_working(self, name: str, *, seconds: float = START_SECONDS) -> None:
        """A process shows life: a heartbeat of its own; beat by the clock's, which hears its ticks."""
        if name == "web":
            wait_until(lambda: _listens(self.port), seconds=seconds)
            return
        part, clock = self.parts[name], self.parts["clock"]
        if name == "beat" and clock.is_running:
            since = time.monotonic()
            wait_until(lambda: _ticks(clock, seconds=time.monotonic() - since), seconds=seconds, why=part.last_lines)
            return
        heard = {"worker": "deliver", "channels": "deliver_channels"}.get(name, "sweep_deadlines")
        wait_until(
            lambda: Heartbeat.objects.filter(name=heard, by__endswith=f"process {part.pid}").exists(),
            seconds=seconds,
            why=part.last_lines,
        )

    def restart_postgres(self) -> None:
        """Start the server and wait until it takes queries; a killed one may need a moment to let go of its memory."""
        started = time.monotonic()
        while True:
            self.postgres.start()
            connection.close()
            try:
                psycopg2.connect(self.database_url, connect_timeout=1).close()
            except psycopg2.Error:
                assert time.monotonic() - started < START_SECONDS, self.postgres.last_lines()
                time.sleep(0.05)
            else:
                return

    def mend(self) -> None:
        """Everything that a test broke is whole again."""
        self.sink.manners = Manners()
        for net in (self.redis_net, self.language_net):
            net.set(Mode.FORWARD)
        for part in (self.postgres, self.redis, *self.parts.values()):
            if part.is_running:
                part.thaw()
        self.redis.start()
        self.restart_postgres()
        nudge.circuit._closed_again_at = 0.0

    def close(self) -> None:
        for part in (*self.parts.values(), self.redis, self.postgres):
            part.thaw()
            part.stop()
        self.sink.stop()
        for net in (self.redis_net, self.language_net):
            net.close()
        self._background.stop()
        data = self.folder.path / "postgres"
        if data.is_symlink():
            shutil.rmtree(data.resolve(), ignore_errors=True)
        sockets = environ.Env.db_url_config(self.database_url)["HOST"]
        shutil.rmtree(sockets, ignore_errors=True)
        if self.has_own_disk:
            subprocess.run(["umount", "-l", str(self._home)], check=False)
        shutil.rmtree(self._home, ignore_errors=True)


def _ticks(clock: Part, *, seconds: float) -> bool:
    """Whether the clock worker has swept for a tick, and not by itself, within the last so many seconds."""
    last = heartbeats.last(name=sweep.HEARTBEAT)
    is_ticked = last is not None and last.by.startswith("clock on") and last.by.endswith(f"process {clock.pid}")
    return last is not None and is_ticked and last.age_seconds < seconds


def _mount(folder: Path) -> bool:
    """A small disk of the house's own, where we may make one."""
    if os.geteuid() != 0:
        return False
    options = f"size={DISK_MEGABYTES}m,mode=0755"
    argv = ["mount", "-t", "tmpfs", "-o", options, "mim-faults", str(folder)]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def _listens(port: int) -> bool:
    return asyncio.run(_answered(port))


async def _answered(port: int) -> bool:
    answer = await health.ask(port, "/livez")
    return answer.status == 200
