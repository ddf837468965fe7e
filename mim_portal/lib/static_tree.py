"""Published pages as a plain tree of files that any web server, or a store behind a CDN, can serve.

Standard library only. Each file is replaced whole, pages after what they need, and a list beside them says which files
are ours: what is no longer published is taken away, and nothing else is ever touched.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

LIST: Final = ".mim-status.json"
INDEX: Final = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file: where it stands, which content it has, and how to get it."""

    path: str  # below the folder, with slashes
    etag: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a run did."""

    written: int
    removed: int
    total: int


def file_of(address: str) -> str:
    """The file that a web server shows at an address below the root: a folder's index, else the address itself."""
    return f"{address}{INDEX}" if address.endswith("/") or not address else address


def write(folder: Path, entries: Iterable[Entry]) -> Written:
    """Bring the folder to these entries; only what changed is read and written.

    Pages come last, so that no reader finds one whose style or script is not there yet. OSError where the folder cannot
    be written; what was written then is whole, and the next run goes on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _listed(folder)
    wanted = {_safe(entry.path): entry for entry in entries}
    held: dict[str, str] = {path: tag for path, tag in before.items() if path in wanted}
    count = 0
    for path in sorted(wanted, key=lambda each: (each.endswith(".html"), each)):
        entry = wanted[path]
        if before.get(path) != entry.etag or not (folder / path).is_file():
            _replace(folder / path, entry.read())
            held[path] = entry.etag
            count += 1
    gone = [path for path in before if path not in wanted]
    for path in gone:
        _remove(folder, path)
    if count or gone:
        _replace(folder / LIST, json.dumps(held, indent=0, sort_keys=True).encode())
    return Written(written=count, removed=len(gone), total=len(wanted))


def _listed(folder: Path) -> Mapping[str, str]:
    """What the last run left here; nothing where there was none, or its list cannot be read."""
    try:
        found = json.loads((folder / LIST).read_text(encoding="utf-8"))
        return {_safe(str(path)): str(tag) for path, tag in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _safe(path: str) -> str:
    """A path that stays inside the folder; ValueError for any other."""
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or PurePosixPath(path).is_absolute() or path == LIST:
        raise ValueError(f"{path!r} is no file of the tree")
    return path


def _replace(target: Path, body: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(body)
    part.chmod(0o644)
    os.replace(part, target)


def _remove(folder: Path, path: str) -> None:
    (folder / path).unlink(missing_ok=True)
    parent = (folder / path).parent
    while parent != folder:
        try:
            parent.rmdir()
        except OSError:  # somebody else's files are in it
            return
        parent = parent.parent
