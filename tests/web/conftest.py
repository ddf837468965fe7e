"""The web process as the portal starts it, with no database and no Redis anywhere."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mim_portal.embedded.ports import free_port
from mim_portal.lib import snapshot_files
from mim_portal.lib.snapshot_files import Face, PublishedPage
from tests.web.talk import BODY, get


@pytest.fixture(scope="session")
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
    argv = [sys.executable, "-m", "mim_portal.web", "--port", str(port), "--workers", "2"]
    child = subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
