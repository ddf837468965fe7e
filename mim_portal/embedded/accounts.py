"""Which account PostgreSQL runs as: it refuses root, so root lends it an ordinary one."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, run
from typing import Any

ORDINARY_NAMES = ("postgres", "nobody", "daemon")


@dataclass(frozen=True, kw_only=True)
class Account:
    """An ordinary account of this machine."""

    name: str
    user: int
    group: int

    def popen(self) -> dict[str, Any]:
        """What ``subprocess`` needs to become this account, without our groups, in a folder that all may enter."""
        return {"user": self.user, "group": self.group, "extra_groups": [], "cwd": "/"}

    def own(self, path: Path) -> None:
        os.chown(path, self.user, self.group)

    def may_enter(self, path: Path) -> bool:
        """Whether this account can reach a folder or run a file: asked of the system, not computed from modes."""
        answer = run(["/bin/sh", "-c", 'test -x "$0"', str(path)], stderr=DEVNULL, check=False, **self.popen())
        return answer.returncode == 0


def for_postgres() -> Account | None:
    """The account to lend when running as root, or None where the current one will do."""
    if os.geteuid() != 0:
        return None
    for name in ORDINARY_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, user=entry.pw_uid, group=entry.pw_gid)
    return Account(name="65534", user=65534, group=65534)
