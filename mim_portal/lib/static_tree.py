"""Published pages as a plain tree of files that any web server, or a store behind a CDN, can serve.

Standard library only. Each file is replaced whole, pages after what they need, and a list beside them says which files
are ours: what is no longer published is taken away, and nothing else is ever touched.
"""

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

LIST: Final = ".mim-status.json"
INDEX: Final = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file: where it stands, which content it has, and how to get it."""

    path: str  # below the root, with slashes
    etag: str
    content_type: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a run did."""

    written: int
    removed: int
    total: int


class Place(Protocol):
    """Where a tree stands. Whatever cannot be read or written is an OSError."""

    def listed(self) -> bytes:
        """The list that the last run left; nothing where there is none."""

    def has(self, path: str) -> bool:
        """Whether a file that is on the list is still there, as far as that costs nothing."""

    def put(self, path: str, body: bytes, *, content_type: str) -> None:
        """Replace the file whole."""

    def remove(self, path: str) -> None:
        """Take the file away, where it is."""


def _all(gone: Collection[str], _changed: bool) -> Collection[str]:
    return gone


def file_of(address: str) -> str:
    """The file that a web server shows at an address below the root: a folder's index, else the address itself."""
    return f"{address}{INDEX}" if address.endswith("/") or not address else address


def write(
    place: Place, entries: Iterable[Entry], *, leaving: Callable[[Collection[str], bool], Collection[str]] = _all
) -> Written:
    """Bring the place to these entries; only what changed is read and written.

    Pages come last, so that no reader finds one whose style or script is not there yet. Of files that are no longer
    among the entries those go that `leaving` names, told whether anything else changed. OSError where the place cannot
    be written; what was written then is whole, and the next run goes on.
    """
    before = _paths(place.listed())
    wanted = {_safe(entry.path): entry for entry in entries}
    held: dict[str, str] = dict(before)
    count = 0
    new = dict.fromkeys(wanted.keys() - before.keys(), "")
    if new:  # on the list before they are there: a run that breaks off leaves nothing that nobody would take away
        _list(place, held | new)
    for path in sorted(wanted, key=lambda each: (each.endswith(".html"), each)):
        entry = wanted[path]
        if before.get(path) != entry.etag or not place.has(path):
            place.put(path, entry.read(), content_type=entry.content_type)
            held[path] = entry.etag
            count += 1
    missing = [path for path in before if path not in wanted]
    gone = sorted(leaving(missing, bool(count))) if missing else []
    for path in gone:
        place.remove(path)
        del held[path]
    if count or gone:
        _list(place, held)
    return Written(written=count, removed=len(gone), total=len(held))


class Folder:
    """A folder of this machine; made where it is not there, and other files in it are left alone."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def listed(self) -> bytes:
        self._root.mkdir(parents=True, exist_ok=True)
        try:
            return (self._root / LIST).read_bytes()
        except FileNotFoundError:
            return b""

    def has(self, path: str) -> bool:
        return (self._root / path).is_file()

    def put(self, path: str, body: bytes, *, content_type: str) -> None:
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(body)
        part.chmod(0o644)
        os.replace(part, target)

    def remove(self, path: str) -> None:
        (self._root / path).unlink(missing_ok=True)
        parent = (self._root / path).parent
        while parent != self._root:
            try:
                parent.rmdir()
            except OSError:  # somebody else's files are in it
                return
            parent = parent.parent


def _list(place: Place, held: Mapping[str, str]) -> None:
    place.put(LIST, json.dumps(held, indent=0, sort_keys=True).encode(), content_type="application/json")


def _paths(listed: bytes) -> Mapping[str, str]:
    """What the last run left; nothing where its list cannot be read."""
    try:
        found = json.loads(listed or b"{}")
        return {_safe(str(path)): str(tag) for path, tag in found.items()}
    except (ValueError, AttributeError):
        return {}


def _safe(path: str) -> str:
    """A path that stays inside the tree; ValueError for any other."""
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or PurePosixPath(path).is_absolute() or path == LIST:
        raise ValueError(f"{path!r} is no file of the tree")
    return path
