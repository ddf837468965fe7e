"""A folder for few eyes: 0700, files 0600, each replaced as a whole, so that a reader never sees half of one."""

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

_PART = ".part"
_OURS = re.compile(r"(MI-\d{4}-\d{4,}\.(txt|json)|index\.txt|contacts\.csv)")


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Make the folder hold exactly these files and leave what is not ours alone. Raises OSError where it cannot."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    for name, text in files.items():
        _replace(folder / name, text)
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in files:
            path.unlink(missing_ok=True)


def _replace(target: Path, text: str) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}{_PART}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
