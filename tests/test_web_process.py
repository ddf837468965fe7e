"""The web process as the portal starts it, with no database and no Redis anywhere."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mim_portal.lib import snapshot_files
from mim_portal.lib.snapshot_files import Face, PublishedPage

BODY = b"<p>Payroll does not work. Everything else works.</p>" * 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(port: int, path: str, **headers: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=10)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("snapshots")
    now = time.time()
    late = Face(
        path="", valid_from=now + 86400, content_type="text/html", body=b"late", etag="late", modified_at=now + 86400
    )
    first = Face(path="", valid_from=now, content_type="text/html", body=BODY, etag="first", modified_at=now)
    snapshot_files.write(folder, PublishedPage(slug="public", version=3, faces=(first, late)))
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "MIM_ENV": "test",
        "SNAPSHOT_DIR": str(folder),
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nowhere",
        "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
    }
    argv = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2"]
    options = ["--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "1", "mim_portal.wsgi:application"]
    child = subprocess.Popen([*argv, *options], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        patience = time.monotonic() + 60
        while True:
            try:
                get(port, "/status/public/")
                break
            except requests.ConnectionError:
                assert time.monotonic() < patience
                time.sleep(0.1)
        yield port
    finally:
        child.terminate()
        child.wait(timeout=10)


def test_a_status_page_is_read_with_everything_down(web: int) -> None:
    for _ in range(8):  # both workers
        answer = get(web, "/status/public/")
        assert answer.status_code == 200
        assert answer.content == BODY
    assert get(web, "/status/public/", **{"If-None-Match": '"first"'}).status_code == 304
    assert get(web, "/status/public/", **{"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"
    assert get(web, "/status/public/nothing").status_code == 404


def test_head_has_the_length_and_no_body(web: int) -> None:
    with requests.Session() as session:
        for _ in range(2):  # the second on the same connection: nothing of the first was left over
            answer = session.head(f"http://127.0.0.1:{web}/status/public/", headers={"Accept-Encoding": "identity"})
            assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(BODY)))
            assert answer.content == b""


def test_the_process_says_that_it_lives_and_that_the_database_does_not(web: int) -> None:
    assert get(web, "/livez").status_code == 200
    ready = get(web, "/readyz")
    assert ready.status_code == 503
    assert b'"database": "down' in ready.content
