"""Published pages in the memory of a web process: read from files at the start, then kept as new as the database.

Pages stay readable while PostgreSQL is down: the files hold the last version seen, and a thread of its own looks for
new ones every half second, or at once when the database says that one was stored, on a connection whose time-outs
nobody else waits for.
"""

import gzip
import logging
import os
import select
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import psycopg2

from mim_portal.lib import snapshot_files
from mim_portal.lib.snapshot_files import Face, PublishedPage

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
CHANNEL = "mim_snapshots"  # as comms.services.snapshots notifies; behind a pooler that drops it, polling remains
SMALLEST_COMPRESSED = 256
TIMEOUTS = {
    "connect_timeout": 1,
    "tcp_user_timeout": 1000,
    "keepalives_idle": 1,
    "options": "-c statement_timeout=1000 -c lock_timeout=500 -c default_transaction_read_only=on",
}
_PUBLIC = """
    SELECT slug, rendered_version FROM comms_statuspage
    WHERE is_public AND retired_at IS NULL AND rendered_version > 0
"""
# One statement a page, so that version and faces belong together whatever is rendered meanwhile; hundreds of pages in
# one statement run into its time-out, and none of them would ever be taken.
_FACES = """
    SELECT page.slug, face.version, face.path, extract(epoch FROM face.valid_from), face.content_type, face.body,
           face.etag, extract(epoch FROM face.modified_at)
    FROM comms_statuspage AS page
    JOIN comms_pagesnapshot AS face ON face.page_id = page.id AND face.version = page.rendered_version
    WHERE page.is_public AND page.retired_at IS NULL AND page.slug = %s
    ORDER BY face.path, face.valid_from
"""

Headers = list[tuple[str, str]]
# What a 304 says again (RFC 9110, 15.4.5); the rest is in the reader's cache. Browsers ask each time who may read it.
_OF_UNCHANGED = frozenset({"ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin"})


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of one face, ready to send. `answer` is the list that a WSGI server wants."""

    headers: Headers
    answer: list[bytes]
    unchanged: Headers  # of a 304


@dataclass(frozen=True, slots=True)
class View:
    """What an address shows until `until`: the same bytes plain, gzipped and in Brotli."""

    until: float
    tags: frozenset[str]
    modified_at: int
    plain: Variant
    gzipped: Variant
    brotli: Variant


Address = tuple[View, ...]  # in the order of time; the last one has no end


class Library:
    """Every public address of this process. Readers take `addresses` and `slugs` as they are: both are replaced
    whole, never changed."""

    def __init__(self, *, headers: Mapping[str, Headers]) -> None:
        self._headers = headers
        self._pages: dict[str, tuple[int, dict[str, Address]]] = {}
        self.addresses: dict[str, Address] = {}
        self.slugs: frozenset[str] = frozenset()

    def versions(self) -> dict[str, int]:
        return {slug: version for slug, (version, _) in self._pages.items()}

    def put(self, pages: Iterable[PublishedPage]) -> None:
        """Show these versions; an older one never replaces a newer one."""
        for page in pages:
            shown = self._pages.get(page.slug)
            if shown is None or shown[0] < page.version:
                self._pages[page.slug] = (page.version, self._addresses_of(page, before=shown[1] if shown else {}))
        self._publish()

    def keep_only(self, slugs: Iterable[str]) -> set[str]:
        """Forget pages that are no longer public; which those were."""
        gone = set(self._pages) - set(slugs)
        for slug in gone:
            del self._pages[slug]
        if gone:
            self._publish()
        return gone

    def _publish(self) -> None:
        self.addresses = {path: views for _, paths in self._pages.values() for path, views in paths.items()}
        self.slugs = frozenset(self._pages)

    def _addresses_of(self, page: PublishedPage, *, before: Mapping[str, Address]) -> dict[str, Address]:
        """Most of what a version says was said by the one before: only what is new is compressed."""
        by_path: dict[str, list[Face]] = {}
        for face in sorted(page.faces, key=lambda each: (each.path, each.valid_from)):
            by_path.setdefault(face.path, []).append(face)
        return {
            f"/status/{page.slug}/{path}": tuple(
                self._view(
                    face,
                    until=following.valid_from if following else float("inf"),
                    before=before.get(f"/status/{page.slug}/{path}", ()),
                )
                for face, following in zip(faces, [*faces[1:], None], strict=True)
            )
            for path, faces in by_path.items()
        }

    def _view(self, face: Face, *, until: float, before: Address) -> View:
        for known in before:
            if _is_same(known, face):
                return replace(known, until=until)
        tags = {name: f'"{face.etag}{suffix}"' for name, suffix in (("", ""), ("gzip", "-gz"), ("br", "-br"))}
        encoded = {"": face.body, "gzip": face.body, "br": face.body}
        if len(face.body) >= SMALLEST_COMPRESSED:
            encoded["gzip"] = gzip.compress(face.body, compresslevel=5, mtime=0)
            encoded["br"] = brotli.compress(face.body, quality=5)
        variants = {
            name: self._variant(face, body, tag=tags[name], encoding=name if body is not face.body else "")
            for name, body in encoded.items()
        }
        return View(
            until=until,
            tags=frozenset(tags.values()),
            modified_at=int(face.modified_at),
            plain=variants[""],
            gzipped=variants["gzip"],
            brotli=variants["br"],
        )

    def _variant(self, face: Face, body: bytes, *, tag: str, encoding: str) -> Variant:
        modified = format_datetime(datetime.fromtimestamp(face.modified_at, UTC), usegmt=True)
        use = snapshot_files.use_of(face.path)
        always = [("ETag", tag), ("Vary", "Accept-Encoding"), *self._headers[use]]
        content = [("Content-Type", face.content_type), ("Content-Length", str(len(body)))]
        if encoding:
            content.append(("Content-Encoding", encoding))
        return Variant(
            headers=[*content, ("Last-Modified", modified), *always],
            answer=[body],
            unchanged=[header for header in always if header[0] in _OF_UNCHANGED],
        )


def _is_same(known: View, face: Face) -> bool:
    is_named = known.modified_at == int(face.modified_at) and f'"{face.etag}"' in known.tags
    return is_named and known.plain.answer[0] == face.body and known.plain.headers[0][1] == face.content_type


class Follower:
    """Keeps a library as new as the database, and the files as new as the library."""

    def __init__(self, library: Library, *, folder: Path, connection: Mapping[str, Any]) -> None:
        self._library = library
        self._folder = folder
        options = f"{connection.get('options', '')} {TIMEOUTS['options']}".strip()
        self._parameters = {**connection, **TIMEOUTS, "options": options}
        self._connection: Any = None
        self._broken = False
        self._stopped = threading.Event()

    def start(self) -> threading.Thread:
        """Read the files now, so that the first request is answered from them, and follow the database from then on."""
        self._library.put(snapshot_files.read_all(self._folder))
        thread = threading.Thread(target=self._run, name="published-pages", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._stopped.set()

    def look(self) -> None:
        """One look at the database: take new versions, write them to the files, forget what is no longer public."""
        with self._cursor() as cursor:
            cursor.execute(_PUBLIC)
            wanted = dict(cursor.fetchall())
            shown = self._library.versions()
            # A page that is newer here than in the database comes from before a restore: the database decides.
            current = {slug for slug, version in wanted.items() if shown.get(slug, 0) <= version}
            for slug in self._library.keep_only(current):
                snapshot_files.remove(self._folder, slug)
            shown = self._library.versions()
            for slug in (slug for slug, version in wanted.items() if shown.get(slug, 0) < version):
                cursor.execute(_FACES, [slug])
                self._take(_pages(cursor.fetchall()))

    def _take(self, pages: list[PublishedPage]) -> None:
        self._library.put(pages)
        for page in pages:
            try:
                snapshot_files.write(self._folder, page)
            except OSError as error:  # a full disk must not keep readers from the news
                log.error("status page %s is shown but not kept as a file: %s", page.slug, error)

    def _cursor(self) -> Any:
        if self._connection is None:
            self._connection = psycopg2.connect(**self._parameters)
            self._connection.autocommit = True
            with suppress(psycopg2.Error):  # a standby or a pooler may refuse it
                self._connection.cursor().execute(f"LISTEN {CHANNEL}")
        return self._connection.cursor()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
                if self._broken:
                    log.warning("status pages follow the database again")
                self._broken = False
                self._wait_for_news()
            except Exception as error:  # whatever happens to the database, readers are served
                self._forget_connection()
                if not self._broken:
                    log.warning("status pages are served from memory, the database does not answer: %s", error)
                self._broken = True
                self._stopped.wait(POLL_SECONDS)
        self._forget_connection()

    def _wait_for_news(self) -> None:
        news = select.poll()  # select() fails on the thousandth descriptor of a busy process
        news.register(self._connection, select.POLLIN)
        news.poll(POLL_SECONDS * 1000)
        self._connection.poll()
        self._connection.notifies.clear()

    def _forget_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg2.Error):
                connection.close()


def follow_in_every_process(follower: Follower) -> None:
    """Start following here, and again in each process forked from this one: threads do not survive a fork."""
    follower.start()
    os.register_at_fork(after_in_child=follower.start)


def _pages(rows: Iterable[tuple[Any, ...]]) -> list[PublishedPage]:
    faces: dict[tuple[str, int], list[Face]] = {}
    for slug, version, path, valid_from, content_type, body, etag, modified_at in rows:
        faces.setdefault((slug, version), []).append(
            Face(
                path=path,
                valid_from=float(valid_from),
                content_type=content_type,
                body=bytes(body),
                etag=etag,
                modified_at=float(modified_at),
            )
        )
    return [PublishedPage(slug=slug, version=version, faces=tuple(each)) for (slug, version), each in faces.items()]
