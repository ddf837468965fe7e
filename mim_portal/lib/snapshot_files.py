"""Published pages as local files, so that a web process can serve them before, and without, the database.

Standard library only. One file a page, holding every address of one version: a reader sees a whole version or the one
before, and a lock keeps an older version from replacing a newer one, whichever process writes last.
"""

import fcntl
import io
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".snapshot"
_MANIFEST = "manifest.json"
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,50}")


# What other sites show of a page; everything below api/ is theirs too.
_USES = {"embed/": "framed", "embed.js": "shared", "badge.svg": "shared"}
OPEN_USES = frozenset({"api", "shared"})  # answered to scripts of every origin


def use_of(path: str) -> str:
    """How other sites may use the address: `api`, `shared`, `framed`, or as a `page`, which is read where it is."""
    return "api" if path.startswith("api/") else _USES.get(path, "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What one address shows from `valid_from` on; times in seconds since 1970."""

    path: str  # below /status/{slug}/, "" for the page itself
    valid_from: float
    content_type: str
    body: bytes
    etag: str
    modified_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPage:
    """One version of a page: all its faces."""

    slug: str
    version: int
    faces: tuple[Face, ...]


def write(folder: Path, page: PublishedPage) -> bool:
    """Store the page unless the same or a newer version is there; whether it was stored."""
    target = _target(folder, page.slug)
    with _locked(folder):
        if (stored := version_of(target)) is not None and stored >= page.version:
            return False
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(_packed(page))
        part.replace(target)
    return True


def remove(folder: Path, slug: str) -> None:
    """The page is no longer public: its bytes leave the public store."""
    target = _target(folder, slug)
    if target.exists():
        with _locked(folder):
            target.unlink(missing_ok=True)


def read_all(folder: Path) -> list[PublishedPage]:
    """Every page that can be read; a damaged file counts as absent, the database has it."""
    pages = (_unpacked(path) for path in sorted(folder.glob(f"*{SUFFIX}")))
    return [page for page in pages if page is not None]


def version_of(path: Path) -> int | None:
    """The version that the file holds; None where there is no readable one."""
    try:
        with zipfile.ZipFile(path) as archive:
            return int(json.loads(archive.read(_MANIFEST))["version"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def _target(folder: Path, slug: str) -> Path:
    if not _SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no slug")
    return folder / f"{slug}{SUFFIX}"


def _packed(page: PublishedPage) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        faces = [[face.path, face.valid_from, face.content_type, face.etag, face.modified_at] for face in page.faces]
        archive.writestr(_MANIFEST, json.dumps({"slug": page.slug, "version": page.version, "faces": faces}))
        for number, face in enumerate(page.faces):
            archive.writestr(f"{number}.body", face.body)
    return buffer.getvalue()


def _unpacked(path: Path) -> PublishedPage | None:
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            faces = tuple(_faces(manifest["faces"], archive))
        return PublishedPage(slug=str(manifest["slug"]), version=int(manifest["version"]), faces=faces)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def _faces(rows: Iterable[list[object]], archive: zipfile.ZipFile) -> Iterator[Face]:
    for number, (path, valid_from, content_type, etag, modified_at) in enumerate(rows):
        yield Face(
            path=str(path),
            valid_from=float(str(valid_from)),
            content_type=str(content_type),
            body=archive.read(f"{number}.body"),
            etag=str(etag),
            modified_at=float(str(modified_at)),
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
