"""What the web process answers with no database and no Redis anywhere."""

import subprocess
import sys

import requests

from tests.web.talk import BODY, get


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


def test_a_port_that_somebody_has_is_refused_in_one_line(web: int) -> None:
    """Several can listen at one address, so nobody would notice that half of the readers go to the other portal."""
    argv = [sys.executable, "-m", "mim_portal.web", "--port", str(web)]
    ended = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr == (
        f"mim-portal: Port {web} is taken by another program: stop that one, or choose another with --port=….\n"
    )
