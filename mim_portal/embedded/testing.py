"""The test command: servers of its own in a temporary folder, pytest above them, its exit code passed on."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mim_portal.embedded import servers
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.process import dies_with_parent
from mim_portal.embedded.report import Report
from mim_portal.embedded.supervisor import Supervisor

LANGUAGE_MEGABYTES = 1024
PATIENCE_SECONDS = 30.0


async def run(arguments: Sequence[str]) -> int:
    """Start the servers, run pytest, stop them without a word, so that pytest's closing line stays the last."""
    path = Path(tempfile.mkdtemp(prefix="mim-test-"))
    try:
        folder = Folder(path)
        folder.prepare()
        with folder.locked():
            return await _with_servers(folder, list(arguments))
    finally:
        data = path / "postgres"
        if data.is_symlink():
            shutil.rmtree(data.resolve(), ignore_errors=True)
        shutil.rmtree(path, ignore_errors=True)


async def _with_servers(folder: Folder, arguments: list[str]) -> int:
    supervisor = Supervisor(folder, environment=os.environ, report=Report(quiet=True))
    supervisor.listen_for_signals()
    result: list[int] = []

    async def work() -> None:
        addresses = await servers.start(supervisor, durable=False, language_megabytes=LANGUAGE_MEGABYTES)
        environment = {**os.environ, **addresses, "VAR_DIR": str(folder.path), "MIM_ENV": "test"}
        result.append(await _pytest(environment, arguments))

    try:
        await supervisor.until_ended(work())
    finally:
        await supervisor.stop()
    return result[0] if result else 130


async def _pytest(environment: dict[str, str], arguments: list[str]) -> int:
    """Run pytest in our own process group, so that it has the terminal and hears Ctrl-C itself."""
    given = arguments[1:] if arguments[:1] == ["--"] else arguments
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", *given, env=environment, preexec_fn=dies_with_parent(signal.SIGTERM)
    )
    try:
        return await process.wait()
    except asyncio.CancelledError:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            try:
                await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()
        raise
