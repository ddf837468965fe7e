import gzip
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from django.db import connection

from comms.services import snapshots
from mim_portal.lib import snapshot_files
from mim_portal.lib.snapshot_files import Face, PublishedPage
from mim_portal.web import front, published
from mim_portal.web.front import Front
from mim_portal.web.published import Follower, Library
from tests import status_pages
from tests.status_pages import START

NOW = 1_700_000_000.0
LONG = b"<p>Everything works.</p>" * 40


def face(path: str = "", body: bytes = LONG, *, at: float = NOW, etag: str = "abc", kind: str = "text/html") -> Face:
    return Face(path=path, valid_from=at, content_type=kind, body=body, etag=etag, modified_at=at)


def page(*faces: Face, slug: str = "public", version: int = 1) -> PublishedPage:
    return PublishedPage(slug=slug, version=version, faces=faces or (face(),))


class Answer:
    """What a client of a WSGI application sees."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = int(status.split()[0])
        self.headers = dict(headers)
        self.body = body


class Reader:
    def __init__(self, *pages: PublishedPage) -> None:
        self.library = Library(headers=front.headers())
        self.library.put(pages)
        self.now = NOW
        self.application = Front(self.django, self.library, clock=lambda: self.now)

    @staticmethod
    def django(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("X-From", "django")])
        return [b"django"]

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Answer:
        seen: list[Any] = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = b"".join(self.application(environ, lambda status, found: seen.extend((status, found))))
        return Answer(seen[0], seen[1], body)


@pytest.fixture
def reader() -> Reader:
    api = face("api/v2/status.json", b'{"page":{}}', etag="def", kind="application/json")
    return Reader(page(face(), face("history/", b"short", etag="ghi"), api))


def test_a_reader_is_answered_from_memory(reader: Reader) -> None:
    answer = reader("/status/public/")
    assert (answer.status, answer.body) == (200, LONG)
    assert answer.headers["Content-Length"] == str(len(LONG))
    assert answer.headers["ETag"] == '"abc"'
    assert answer.headers["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "stale-while-revalidate" in answer.headers["Cache-Control"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers


# Incidents and months that the snapshots no longer hold, in any language.
OLDER = (
    "/status/public/incidents/MI-2020-0001/",
    "/status/public/history/2020-01/",
    "/status/public/de/history/2020-01/",
)


@pytest.mark.parametrize(
    "path", ["/", "/incidents/", "/status", "/statusx/public/", "/status/private/", "/status/", *OLDER]
)
def test_everything_else_is_djangos(reader: Reader, path: str) -> None:
    assert reader(path).body == b"django"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip;q=0", None),
        ("gzip;q=0.5, br;q=rubbish", "gzip"),
        ("GZIP;q=0.1, *;q=0", "gzip"),
    ],
)
def test_the_smallest_encoding_that_the_client_takes(reader: Reader, accepted: str, encoding: str | None) -> None:
    answer = reader("/status/public/", accept_encoding=accepted)
    assert answer.headers.get("Content-Encoding") == encoding
    unpacked = {"gzip": gzip.decompress, "br": brotli.decompress}.get(encoding or "", bytes)(answer.body)
    assert unpacked == LONG
    assert len(answer.body) == int(answer.headers["Content-Length"])


def test_each_encoding_has_a_tag_of_its_own_and_small_bodies_are_left_plain(reader: Reader) -> None:
    tags = {reader("/status/public/", accept_encoding=each).headers["ETag"] for each in ("", "gzip", "br")}
    assert tags == {'"abc"', '"abc-gz"', '"abc-br"'}
    assert "Content-Encoding" not in reader("/status/public/history/", accept_encoding="br").headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": '"abc"'}, 304),
        ({"if_none_match": 'W/"abc-br"'}, 304),
        ({"if_none_match": '"old", "abc-gz"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"old"'}, 200),
        ({"if_modified_since": "Tue, 14 Nov 2023 22:13:20 GMT"}, 304),
        ({"if_modified_since": "Tue, 14 Nov 2023 22:13:19 GMT"}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_modified_since": "Tue, 14 Nov 99999 22:13:20 GMT"}, 200),
        # A tag that does not match decides, whatever the time says.
        ({"if_none_match": '"old"', "if_modified_since": "Tue, 14 Nov 2033 22:13:20 GMT"}, 200),
    ],
)
def test_a_client_that_has_the_bytes_gets_none(reader: Reader, headers: dict[str, str], status: int) -> None:
    answer = reader("/status/public/", **headers)
    assert answer.status == status
    if status == 304:
        assert answer.body == b""
        assert answer.headers["ETag"] == '"abc"'
        assert set(answer.headers) == {"ETag", "Vary", "Cache-Control"}  # the rest is in the client's cache


def test_who_may_read_it_is_said_again(reader: Reader) -> None:
    address = "/status/public/api/v2/status.json"
    again = reader(address, if_none_match=reader(address).headers["ETag"])
    assert again.status == 304
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_methods(reader: Reader) -> None:
    head = reader("/status/public/", "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(LONG)))
    assert reader("/status/public/", "POST").status == 405
    assert reader("/status/public/", "POST").headers["Allow"] == "GET, HEAD, OPTIONS"
    asked = reader("/status/public/api/v2/status.json", "OPTIONS")
    assert (asked.status, asked.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert "Access-Control-Allow-Origin" not in reader("/status/public/", "OPTIONS").headers


def test_the_api_is_open_to_other_origins(reader: Reader) -> None:
    answer = reader("/status/public/api/v2/status.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "application/json"


def test_what_stands_on_other_sites_may_and_nothing_else() -> None:
    """The frame may be framed and runs no script; badge and script are for every origin; the page is neither."""
    shown = Reader(page(face(), face("embed/"), face("embed.js"), face("badge.svg")))
    framed, whole = shown("/status/public/embed/").headers, shown("/status/public/").headers
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors" not in framed["Content-Security-Policy"]
    assert "script-src" not in framed["Content-Security-Policy"]
    assert framed["Content-Security-Policy"].startswith("default-src 'none'")
    assert whole["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]
    for path in ("embed.js", "badge.svg"):
        headers = shown(f"/status/public/{path}").headers
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Cross-Origin-Resource-Policy" not in whole


def test_an_unknown_address_of_a_known_page(reader: Reader) -> None:
    answer = reader("/status/public/<script>")
    assert answer.status == 404
    assert b"<script>" not in answer.body
    assert b'href="/status/public/"' in answer.body
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert reader("/status/public/api/v2/nothing.json").status == 404
    assert reader("/status/public/api/v2/nothing.json").headers["Access-Control-Allow-Origin"] == "*"
    assert reader("/status/public").headers["Location"] == "/status/public/"
    assert reader("/status/public/history").headers["Location"] == "/status/public/history/"
    assert reader("/status/public/history").status == 301


def test_the_clock_decides_which_view_holds() -> None:
    reader = Reader(page(face(body=b"on time"), face(body=b"late", at=NOW + 60, etag="late")))
    bodies = []
    for reader.now in (NOW - 5, NOW, NOW + 59.9, NOW + 60, NOW + 9999):
        bodies.append(reader("/status/public/").body)
    assert bodies == [b"on time", b"on time", b"on time", b"late", b"late"]
    assert reader("/status/public/", if_none_match='"abc"').status == 200


def test_an_older_version_never_replaces_a_newer_one(reader: Reader) -> None:
    reader.library.put([page(face(body=b"new"), version=7)])
    reader.library.put([page(face(body=b"old"), version=6)])
    assert reader("/status/public/").body == b"new"
    assert reader("/status/public/history/").status == 404


def test_only_what_a_version_says_anew_is_compressed(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    compressed: list[bytes] = []
    smaller = brotli.compress

    def compress(body: bytes, **options: Any) -> bytes:
        compressed.append(body)
        return bytes(smaller(body, **options))

    monkeypatch.setattr(brotli, "compress", compress)
    other = LONG + b"more"
    version = page(face(), face("history/", other, etag="new"), face(at=NOW + 60, body=other, etag="o"), version=9)
    reader.library.put([version])
    assert compressed == [other, other]
    assert reader("/status/public/", accept_encoding="br").headers["ETag"] == '"abc-br"'
    reader.now = NOW + 61
    assert reader("/status/public/").body == other  # the view that stayed ends where the new one begins


def test_production_adds_transport_security() -> None:
    assert ("Strict-Transport-Security", "max-age=60; includeSubDomains; preload") in front.headers(hsts_seconds=60)[
        "api"
    ]
    assert "Strict-Transport-Security" not in dict(front.headers()["page"])


# --- files -----------------------------------------------------------------------------------------------------------
def test_files_keep_whole_versions_in_order(tmp_path: Path) -> None:
    second = page(face(), face("feed.atom", b"\x00\xff"), version=2)
    assert snapshot_files.write(tmp_path, second)
    assert not snapshot_files.write(tmp_path, page(version=1))
    assert not snapshot_files.write(tmp_path, page(version=2))
    assert snapshot_files.read_all(tmp_path) == [second]
    snapshot_files.remove(tmp_path, "public")
    snapshot_files.remove(tmp_path, "public")
    assert snapshot_files.read_all(tmp_path) == []


def test_a_damaged_file_counts_as_absent(tmp_path: Path) -> None:
    (tmp_path / "public.snapshot").write_bytes(b"half a zip")
    assert snapshot_files.read_all(tmp_path) == []
    assert snapshot_files.write(tmp_path, page())
    assert len(snapshot_files.read_all(tmp_path)) == 1


@pytest.mark.parametrize("slug", ["../etc", "a/b", "", "a.b", "x" * 51])
def test_a_slug_cannot_leave_the_folder(tmp_path: Path, slug: str) -> None:
    with pytest.raises(ValueError, match="no slug"):
        snapshot_files.write(tmp_path, page(slug=slug))


# --- following the database ------------------------------------------------------------------------------------------
@pytest.fixture
def followed(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[tuple[Library, Follower, Path]]:
    settings.SNAPSHOT_DIR = tmp_path / "rendered"
    library = Library(headers=front.headers())
    folder = tmp_path / "front"
    follower = Follower(library, folder=folder, connection=connection.get_connection_params())
    yield library, follower, folder
    follower.stop()
    follower._forget_connection()


def test_new_versions_come_into_memory_and_files_and_private_pages_never(
    followed: tuple[Library, Follower, Path],
) -> None:
    library, follower, folder = followed
    public = status_pages.page()
    status_pages.page(slug="executive", audience="executives", is_public=False)
    snapshots.render_due(now=START)
    follower.look()
    assert library.versions() == {"public": 1}
    assert [each.slug for each in snapshot_files.read_all(folder)] == ["public"]
    assert b"Everything works." in library.addresses["/status/public/"][0].plain.answer[0]

    snapshots.want(audiences=[public.audience_id])
    snapshots.render_due(now=START)
    follower.look()
    assert library.versions() == {"public": 2}

    type(public).objects.filter(pk=public.pk).update(is_public=False)
    follower.look()
    assert library.addresses == {}
    assert snapshot_files.read_all(folder) == []


def test_both_ends_mean_the_same_channel() -> None:
    assert snapshots.CHANNEL == published.CHANNEL


def test_a_restored_database_wins_over_newer_files(followed: tuple[Library, Follower, Path]) -> None:
    library, follower, folder = followed
    status_pages.page()
    snapshots.render_due(now=START)
    library.put([page(face(body=b"before the restore"), version=99)])
    follower.look()
    assert library.versions() == {"public": 1}
    assert snapshot_files.version_of(folder / "public.snapshot") == 1


def test_the_thread_shows_a_new_version_at_once(
    followed: tuple[Library, Follower, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    library, follower, _ = followed
    thread = follower.start()
    shown = status_pages.page()
    snapshots.render_due(now=START)
    started = time.monotonic()
    while library.versions() != {"public": 1}:
        assert time.monotonic() - started < 1.0
        time.sleep(0.01)
    snapshots.want(audiences=[shown.audience_id])
    assert library.versions() == {"public": 1}  # wanted is not rendered
    monkeypatch.setattr(published, "POLL_SECONDS", 60.0)
    time.sleep(0.6)  # the thread now waits for news alone
    started = time.monotonic()
    snapshots.render_due(now=START)
    while library.versions() != {"public": 2}:
        assert time.monotonic() - started < 1.0
        time.sleep(0.01)
    monkeypatch.setattr(published, "POLL_SECONDS", 0.1)
    follower.stop()
    snapshots.want(audiences=[shown.audience_id])
    snapshots.render_due(now=START)  # wakes it to see that it shall end
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_with_the_database_down_pages_are_served_from_files_and_come_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot_files.write(tmp_path, page())
    library = Library(headers=front.headers())
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    follower = Follower(library, folder=tmp_path, connection={"host": "127.0.0.1", "port": port, "dbname": "mim"})
    thread = follower.start()
    try:
        assert library.versions() == {"public": 1}
        patience = time.monotonic() + 5
        while "the database does not answer" not in caplog.text:
            assert time.monotonic() < patience
            time.sleep(0.02)
        time.sleep(2 * published.POLL_SECONDS)
        assert caplog.text.count("the database does not answer") == 1
        assert library.versions() == {"public": 1}
    finally:
        follower.stop()
        thread.join(timeout=5)
    assert len(snapshot_files.read_all(tmp_path)) == 1
