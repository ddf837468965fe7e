"""How every ``manage.py`` command finds the running servers of a ``VAR_DIR``.

A supervisor writes ``servers.json`` when its servers answer and holds the lock of ``VAR_DIR`` while they run. A file
whose lock nobody holds was left by a run that was killed: it is ignored. Variables that are set always win, one by one.
"""

import fcntl
import json
import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

SERVERS_FILE = "servers.json"
LOCK_FILE = "lock"
REPOSITORY = Path(__file__).resolve().parents[2]


def var_dir(environ: Mapping[str, str]) -> Path:
    """``VAR_DIR``, relative to the working directory, or else ``var`` beside ``manage.py``."""
    chosen = environ.get("VAR_DIR", "")
    return Path(chosen).absolute() if chosen else REPOSITORY / "var"


def environment(folder: Path) -> dict[str, str]:
    """What the servers that run for this ``VAR_DIR`` add to the environment; empty when none run."""
    try:
        content = json.loads((folder / SERVERS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict) or not _held(folder / LOCK_FILE):
        return {}
    return {str(name): str(value) for name, value in content.items()}


def apply(environ: MutableMapping[str, str]) -> None:
    """Fill in what is unset from the running servers of ``VAR_DIR``.

    With ``DATABASE_URL`` set nothing is filled in: whoever names a database means a whole environment of their own,
    and a forgotten embedded run must not lend it a key or a queue.
    """
    if environ.get("DATABASE_URL"):
        return
    for name, value in environment(var_dir(environ)).items():
        environ.setdefault(name, value)


def _held(lock: Path) -> bool:
    """Whether a supervisor holds the lock, tried with a shared lock so that two readers do not deceive each other."""
    try:
        handle = os.open(lock, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(handle)
