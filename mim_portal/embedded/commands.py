"""The commands: ``run`` the portal, its ``servers`` alone, or the ``test`` suite or another program against them."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from mim_portal.embedded import discovery, portal, servers, testing
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.process import die_with_our_parent, wait_without_threads
from mim_portal.embedded.report import Report
from mim_portal.embedded.supervisor import Supervisor

LANGUAGE_MEGABYTES = 768


def main(arguments: Sequence[str]) -> int:
    """Run one command; a failure is one line on standard error and exit code 1."""
    options = _parser().parse_args(arguments)
    wait_without_threads()
    if options.with_parent:
        die_with_our_parent()
    try:
        if options.command == "test":
            return asyncio.run(testing.run([sys.executable, "-m", "pytest", *_after_dashes(options.arguments)]))
        if options.command == "with":
            return asyncio.run(testing.run(_after_dashes(options.arguments), durable=options.durable))
        folder = Folder(discovery.var_dir(os.environ))
        folder.prepare()
        with folder.locked():
            asyncio.run(_run(folder) if options.command == "run" else _servers(folder, durable=not options.fleeting))
    except Failure as failure:
        Report.failure(str(failure), failure.details)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mim_portal.embedded", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="stop when the program that started us is gone")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="servers and portal, until Ctrl-C")
    only = commands.add_parser("servers", help="PostgreSQL, Redis, LanguageTool and mail catcher only, until Ctrl-C")
    only.add_argument("--fleeting", action="store_true", help="faster: the data need not survive a power cut")
    test = commands.add_parser("test", help="pytest against servers of its own")
    test.add_argument("arguments", nargs=argparse.REMAINDER, help="arguments for pytest, after --")
    other = commands.add_parser("with", help="any command against servers of its own")
    other.add_argument(
        "--durable", action="store_true", help="what is committed survives a power cut, as in production"
    )
    other.add_argument("arguments", nargs=argparse.REMAINDER, help="the command, after --")
    return parser


def _after_dashes(arguments: list[str]) -> list[str]:
    return arguments[1:] if arguments[:1] == ["--"] else arguments


async def _run(folder: Folder) -> None:
    report = Report()
    supervisor = Supervisor(folder, environment=os.environ, report=report)
    supervisor.listen_for_signals()
    try:
        await supervisor.until_ended(portal.run(supervisor, language_megabytes=LANGUAGE_MEGABYTES))
    finally:
        report.line("Stopping.")
        await supervisor.stop()
        report.line(f"Stopped. The data stays in {folder.path}.")


async def _servers(folder: Folder, *, durable: bool) -> None:
    report = Report()
    supervisor = Supervisor(folder, environment=os.environ, report=report)
    supervisor.listen_for_signals()
    try:
        await supervisor.until_ended(_serve(supervisor, durable=durable))
    finally:
        await supervisor.stop()
        report.line("Stopped.")


async def _serve(supervisor: Supervisor, *, durable: bool) -> None:
    addresses = await servers.start(supervisor, durable=durable, language_megabytes=LANGUAGE_MEGABYTES)
    key = str(supervisor.folder.secret_key_file())
    supervisor.folder.publish(addresses | {"MIM_ENV": "embedded", "MIM_SECRET_KEY_FILE": key})
    for name, value in addresses.items():
        supervisor.report.plain(f"export {name}='{value}'")
    supervisor.report.line("Servers are up. Ctrl-C stops them.")
    await supervisor.until_stopped()
