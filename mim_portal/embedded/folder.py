"""The folder of one run (``VAR_DIR``): its lock, its secret key, its logs and the file that says where servers are."""

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mim_portal.embedded import discovery
from mim_portal.embedded.failures import Failure

NEEDED_MEGABYTES = 300
LOCK_PATIENCE_SECONDS = 1.0
SUBFOLDERS = ("log", "mail", "redis")


class Folder:
    """One ``VAR_DIR``; one stack of servers runs in it at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @property
    def servers_file(self) -> Path:
        return self.path / discovery.SERVERS_FILE

    def log(self, name: str) -> Path:
        return self.path / "log" / f"{name}.log"

    def prepare(self) -> None:
        """Create the folder; the ordinary user that PostgreSQL runs as may pass through it, and not look around."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for name in SUBFOLDERS:
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            reason = error.strerror or "unknown reason"
            raise Failure(f"{self.path} cannot be written ({reason}): set VAR_DIR to a folder of yours.") from error
        free = shutil.disk_usage(self.path).free // 2**20
        if free < NEEDED_MEGABYTES:
            raise Failure(
                f"Only {free} MB free at {self.path}, {NEEDED_MEGABYTES} MB are needed: free some space or set VAR_DIR."
            )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this run. A reader's passing lock is waited out; another run's is refused."""
        handle = os.open(self.path / discovery.LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(handle)
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
            try:
                yield
            finally:
                self.withdraw()
        finally:
            os.close(handle)

    def _take(self, handle: int) -> None:
        patience = time.monotonic() + LOCK_PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > patience:
                    holder = os.pread(handle, 20, 0).decode(errors="replace").strip() or "unknown"
                    raise Failure(
                        f"{self.path} is in use by another run (process {holder}): stop that one, or set VAR_DIR,"
                        " PORT and LIVE_PORT to run beside it."
                    ) from None
                time.sleep(0.05)
            else:
                return

    def secret_key_file(self) -> Path:
        """The key that signs sessions, made once for this folder and kept for later runs."""
        path = self.path / "secret_key"
        if not path.exists() or not path.read_text(encoding="utf-8").strip():
            self.write_private(path, f"generated-{secrets.token_urlsafe(50)}")
        return path

    def publish(self, addresses: Mapping[str, str]) -> None:
        """Tell ``manage.py`` where this folder's servers are."""
        self.write_private(self.servers_file, json.dumps(dict(addresses), indent=2) + "\n")

    def withdraw(self) -> None:
        """The servers are going: nobody shall look for them any more."""
        self.servers_file.unlink(missing_ok=True)

    @staticmethod
    def write_private(path: Path, text: str) -> None:
        """Write a file for this account's eyes only, whole or not at all."""
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        part.replace(path)
