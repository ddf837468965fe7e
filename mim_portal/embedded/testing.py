"""One command above servers of its own in a temporary folder; its exit code is passed on. The tests run like this."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mim_portal.embedded import servers
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.process import dies_with_parent
from mim_portal.embedded.report import Report
from mim_portal.embedded.supervisor import Supervisor

LANGUAGE_MEGABYTES = 1024
PATIENCE_SECONDS = 30.0


async def run(command: Sequence[str], *, durable: bool = False) -> int:
    """Start the servers, run the command, stop them without a word, so that pytest's closing line stays the last."""
    path = Path(tempfile.mkdtemp(prefix="mim-test-"))
    try:
        folder = Folder(path)
        folder.prepare()
        with folder.locked():
            return await _with_servers(folder, command, durable=durable)
    finally:
        data = path / "postgres"
        if data.is_symlink():
            shutil.rmtree(data.resolve(), ignore_errors=True)
        shutil.rmtree(path, ignore_errors=True)


async def _with_servers(folder: Folder, command: Sequence[str], *, durable: bool) -> int:
    supervisor = Supervisor(folder, environment=os.environ, report=Report(quiet=True))
    supervisor.listen_for_signals()
    result: list[int] = []

    async def work() -> None:
        addresses = await servers.start(supervisor, durable=durable, language_megabytes=LANGUAGE_MEGABYTES)
        environment = {**os.environ, **addresses, "VAR_DIR": str(folder.path), "MIM_ENV": "test"}
        result.append(await _above(environment, command))

    try:
        await supervisor.until_ended(work())
    finally:
        await supervisor.stop()
    return result[0] if result else 130


async def _above(environment: dict[str, str], command: Sequence[str]) -> int:
    """Run it in our own process group, so that it has the terminal and hears Ctrl-C itself."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, preexec_fn=dies_with_parent(signal.SIGTERM)
        )
    except OSError as error:
        raise Failure(f"{command[0]} could not be run: {error.strerror}.") from error
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
