"""The real servers below the portal, each of which gives way to an address in the environment."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from mim_portal.embedded import languagetool, mailsink, postgres, redis
from mim_portal.embedded.ports import free_port
from mim_portal.embedded.supervisor import Supervisor

NAMES = ("DATABASE_URL", "REDIS_URL", "LANGUAGETOOL_URL", "EMAIL_URL")


async def start(
    supervisor: Supervisor, *, durable: bool, language_megabytes: int, language_after: asyncio.Event | None = None
) -> dict[str, str]:
    """Start what the environment does not provide and return the addresses of all four.

    PostgreSQL, Redis and the mail catcher answer when this returns. LanguageTool follows by itself: its address is
    fixed now, its jars and its warm-up take their time, which begins at ``language_after`` where that is given.
    """
    given = supervisor.environment
    addresses = {name: given[name] for name in NAMES if given.get(name)}
    starting: dict[str, Coroutine[Any, Any, str]] = {}
    if "DATABASE_URL" not in addresses:
        starting["DATABASE_URL"] = postgres.start(supervisor, durable=durable)
    if "REDIS_URL" not in addresses:
        starting["REDIS_URL"] = redis.start(supervisor)
    if "EMAIL_URL" not in addresses:
        starting["EMAIL_URL"] = _catch_mail(supervisor)
    if "LANGUAGETOOL_URL" not in addresses:
        port = free_port()
        addresses["LANGUAGETOOL_URL"] = languagetool.address(port)
        supervisor.background(_language(supervisor, language_after, port=port, megabytes=language_megabytes))
    answers = await asyncio.gather(*starting.values())
    return addresses | dict(zip(starting, answers, strict=True))


async def _language(supervisor: Supervisor, after: asyncio.Event | None, *, port: int, megabytes: int) -> None:
    if after is not None:
        await after.wait()
    await languagetool.run(supervisor, port=port, megabytes=megabytes)


async def _catch_mail(supervisor: Supervisor) -> str:
    server, address = await mailsink.start(supervisor.folder.path / "mail", port=0)
    supervisor.closing.append(server.close)
    return address
