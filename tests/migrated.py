"""A migrated database as a file: made once for these migrations, kept beside the engine's jars, restored in a second.

Django draws the models anew for each step of a migration, which takes it a minute. Whoever needs a migrated database
and does not ask how it came about restores this; `make run` of tests/embedded migrates an empty one and is compared.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from mim_portal.embedded import discovery, postgres
from mim_portal.lib import caches

# What decides about tables, triggers, content types and permissions.
SOURCES = (
    *("*/migrations/*.py", "*/models/**/*.py", "*/choices.py", "*/choices/**/*.py"),
    *("mim_portal/settings.py", "mim_portal/enums.py", "requirements.lock"),
)
KEPT = 4  # files, of branches that are worked on side by side
SECONDS = 600.0


def fingerprint() -> str:
    """Changes with every migration and every model."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in discovery.REPOSITORY.glob(pattern)}):
        digest.update(path.relative_to(discovery.REPOSITORY).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def restore(url: str) -> None:
    """Fill an empty database."""
    _run(_program("pg_restore"), "--single-transaction", "--no-owner", "--dbname", url, str(file()))


def file() -> Path:
    """The file of these migrations; whoever comes first makes it, and the others wait."""
    home = _home()
    path = home / f"migrated-{fingerprint()}.dump"
    with (home / "migrated.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            path.touch()
        else:
            _make(path)
            for old in sorted(home.glob("migrated-*.dump"), key=lambda kept: kept.stat().st_mtime)[:-KEPT]:
                old.unlink()
    return path


def schema(url: str = "") -> list[str]:
    """Tables, constraints, indexes, triggers and functions of a database, or of the file, as statements."""
    command = [_program("pg_dump"), "--dbname", url] if url else [_program("pg_restore"), "--file", "-", str(file())]
    said = _run(*command, "--schema-only", "--no-owner")
    return [line for line in said.splitlines() if not line.startswith(("--", "\\restrict", "\\unrestrict"))]


def beside(name: str) -> str:
    """The address of another database of the tests' own server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _make(path: Path) -> None:
    """Migrate an empty database and write it down, under the file's name only when whole."""
    name, part = f"mim_migrating_{os.getpid()}", path.with_suffix(".part")
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            environment = {**os.environ, "DATABASE_URL": beside(name), "MIM_ENV": "test"}
            _run(sys.executable, "manage.py", "migrate", "--verbosity", "0", environment=environment)
            _run(_program("pg_dump"), "--format", "custom", "--dbname", beside(name), "--file", str(part))
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    part.replace(path)


def _home() -> Path:
    """The cache that lives longer than a run, or where none can be written the system's temporary folder."""
    home = caches.folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir())
    return home if os.access(home, os.W_OK) else Path(tempfile.gettempdir())


def _program(name: str) -> str:
    package = importlib.util.find_spec(postgres.PACKAGE)
    assert package is not None
    assert package.origin is not None
    return str(Path(package.origin).parent / postgres.INSTALLATION / "bin" / name)


def _run(*command: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=discovery.REPOSITORY, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, f"{command[0]}: {done.stderr[-3000:]}"
    return done.stdout
