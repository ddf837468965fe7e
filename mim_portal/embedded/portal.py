"""The portal's own processes above the servers: prepared, started, waited for, announced."""

import asyncio
import hashlib
import sys
from pathlib import Path

from mim_portal.embedded import discovery, health, servers
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.ports import LOOPBACK, port_from, refuse_taken
from mim_portal.embedded.process import Spec
from mim_portal.embedded.supervisor import Supervisor

ANSWER_SECONDS = 60.0
RESTARTS = 4
MANAGE = (sys.executable, str(discovery.REPOSITORY / "manage.py"))
CELERY = (sys.executable, "-m", "celery", "-A", "mim_portal")
ONE_AT_A_TIME = ("--prefetch-multiplier", "1")
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
ACCOUNTS_FILE = "accounts.txt"
# Whoever tries the portal sees an incident to its end: nobody watches a demo's service for an hour.
WATCH = {"WATCH_MINUTES_P1": "5", "WATCH_MINUTES_P2": "5", "WATCH_MINUTES_P3": "5"}
# What a manage.py command beside the running portal must share with it.
PUBLISHED = (*servers.NAMES, "MIM_ENV", "MIM_SECRET_KEY_FILE", "PORT", "LIVE_PORT", "BASE_URL")


async def run(supervisor: Supervisor, *, language_megabytes: int) -> None:
    """Start everything, print where it is and who may sign in, and keep it running until asked to stop."""
    port, live_port = ports(supervisor.environment)
    answering = asyncio.Event()
    addresses = await servers.start(
        supervisor, durable=True, language_megabytes=language_megabytes, language_after=answering
    )
    environment = portal_environment(supervisor, addresses, port=port, live_port=live_port)
    supervisor.folder.publish({name: environment[name] for name in PUBLISHED if environment.get(name)})
    await asyncio.gather(_prepare(supervisor, environment), _collect_static(supervisor, environment))
    web = await supervisor.launch(web_spec(environment, port=port))
    await supervisor.wait_ready(web, health.answers(port, "/livez"), seconds=ANSWER_SECONDS)
    supervisor.report.line(f"The portal answers at {environment['BASE_URL']}; the clock and the workers follow.")
    for spec in (live_spec(environment, port=live_port), *celery_specs(environment, supervisor.folder.path)):
        await supervisor.launch(spec)
    await health.wait_healthy(port, logs=str(web.log.parent))
    answering.set()
    _announce(supervisor, environment["BASE_URL"])
    supervisor.background(
        health.watch(supervisor, database=environment["DATABASE_URL"], redis=environment["REDIS_URL"])
    )
    await supervisor.until_stopped()


def ports(environment: dict[str, str]) -> tuple[int, int]:
    """PORT and LIVE_PORT, both free."""
    port = port_from(environment.get("PORT", ""), variable="PORT", default=8000)
    live_port = port_from(environment.get("LIVE_PORT", ""), variable="LIVE_PORT", default=8001)
    if port == live_port:
        raise Failure(f"PORT and LIVE_PORT are both {port}: choose two different ones.")
    refuse_taken(port, variable="PORT")
    refuse_taken(live_port, variable="LIVE_PORT")
    return port, live_port


def portal_environment(
    supervisor: Supervisor, addresses: dict[str, str], *, port: int, live_port: int
) -> dict[str, str]:
    """What the portal's processes run with: the caller's environment, completed."""
    given = supervisor.environment
    environment = {
        "MIM_ENV": "embedded",
        "BASE_URL": f"http://{LOOPBACK}:{port}",
        **WATCH,
        **given,
        **addresses,
        "PORT": str(port),
        "LIVE_PORT": str(live_port),
        "VAR_DIR": str(supervisor.folder.path),
        "DJANGO_SETTINGS_MODULE": "mim_portal.settings",
    }
    if not given.get("MIM_SECRET_KEY") and not given.get("MIM_SECRET_KEY_FILE"):
        environment["MIM_SECRET_KEY_FILE"] = str(supervisor.folder.secret_key_file())
    return environment


def web_spec(environment: dict[str, str], *, port: int) -> Spec:
    argv = [
        sys.executable, "-m", "mim_portal.web", "--host", LOOPBACK, "--port", str(port), "--workers", "2",
    ]  # fmt: skip
    return Spec(name="web", argv=argv, environment=environment)


def live_spec(environment: dict[str, str], *, port: int) -> Spec:
    """One process holds thousands of open rooms, so backlog and backpressure stand above their number."""
    argv = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", LOOPBACK, "--port", str(port),
        "--workers", "1", "--backlog", "8192", "--backpressure", "8192", "--no-ws", "--respawn-failed-workers",
        "--workers-kill-timeout", "1", "mim_portal.live:application",
    ]  # fmt: skip
    return Spec(name="live", argv=argv, environment=environment, restarts=RESTARTS)


def celery_specs(environment: dict[str, str], folder: Path) -> list[Spec]:
    """Mail and the rest, the clock's own worker, what is no mail, and beat, which ticks twice a second."""
    worker = [*CELERY, "worker", "-n", "worker@%h", "-Q", "deliveries,default", "-P", "threads", "-c", "4", *QUIET]
    clock = [*CELERY, "worker", "-n", "clock@%h", "-Q", "clock", "-P", "threads", "-c", "2", *ONE_AT_A_TIME, *QUIET]
    channels = [*CELERY, "worker", "-n", "channels@%h", "-Q", "channels", "-P", "threads", "-c", "2", *ONE_AT_A_TIME]
    beat = [*CELERY, "beat", "--max-interval", "1", "-s", str(folder / "beat.schedule"), "--loglevel", "WARNING"]
    return [
        Spec(name=name, argv=argv, environment=environment, restarts=RESTARTS)
        for name, argv in (("clock", clock), ("beat", beat), ("worker", worker), ("channels", [*channels, *QUIET]))
    ]


async def _prepare(supervisor: Supervisor, environment: dict[str, str]) -> None:
    """Migrate, load the demo once and note who may sign in, in one Django process to save its start twice."""
    accounts = supervisor.folder.path / ACCOUNTS_FILE
    if not accounts.exists():
        supervisor.report.line("Preparing the database and the demo organisation (once).")
    argv = [*MANAGE, "prepare", str(accounts)]
    await supervisor.run_once(Spec(name="prepare", argv=argv, environment=environment))


async def _collect_static(supervisor: Supervisor, environment: dict[str, str]) -> None:
    """Collect and compress the static files when they, or the packages that bring some, have changed."""
    stamp = supervisor.folder.path / "static.stamp"
    wanted = static_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    argv = [*MANAGE, "collectstatic", "--noinput", "--clear"]
    await supervisor.run_once(Spec(name="collectstatic", argv=argv, environment=environment))
    stamp.write_text(wanted, encoding="utf-8")


def static_fingerprint() -> str:
    """Changes with each built asset, each image and each package."""
    digest = hashlib.sha256()
    static = discovery.REPOSITORY / "static"
    files = [path for folder in ("build", "img") for path in (static / folder).rglob("*") if path.is_file()]
    for path in [discovery.REPOSITORY / "requirements.lock", *sorted(files)]:
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def _announce(supervisor: Supervisor, address: str) -> None:
    accounts = (supervisor.folder.path / ACCOUNTS_FILE).read_text(encoding="utf-8").strip()
    supervisor.report.line("Ready.")
    supervisor.report.plain(f"\n  MIM Portal: {address}/\n")
    if accounts:
        supervisor.report.plain("\n".join(f"  {line}" for line in accounts.splitlines()) + "\n")
    supervisor.report.plain(f"  Ctrl-C stops everything; the data stays in {supervisor.folder.path}.\n")
